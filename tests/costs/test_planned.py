"""From configs to runs: what the tool decides is taken from the tool, what nobody says is named."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shared_data import shared_data
from tunelint.cli.cost_config import open_training_config
from tunelint.costs.config import config_costs, config_report
from tunelint.costs.planned import Lengths, model_of, plan_run
from tunelint.costs.run import Run
from tunelint.costs.targets import targets_of
from tunelint.costs.use import Hardware, Use
from tunelint.engine.config import open_config

AXOLOTL = """\
base_model: NousResearch/Meta-Llama-3.1-8B
datasets:
  - path: train.jsonl
    type: chat_template
sequence_len: 2048
micro_batch_size: 2
gradient_accumulation_steps: 4
num_epochs: 2
optimizer: adamw_torch_fused
learning_rate: 0.0002
bf16: true
"""
LORA = "adapter: lora\nlora_r: 16\nlora_target_linear: true\n"


def _run(text: str, name: str = "train.yaml", lengths: Lengths | None = None, gpus: int | None = None) -> Run:
    config = open_config(text, name)
    assert config is not None
    model = model_of(config.plan, config.trainer.name, config.get)
    planned = plan_run(config.plan, config.trainer.name, config.get, model=model, gpus=gpus, lengths=lengths)
    assert planned.run is not None, planned.missing
    return planned.run


def test_axolotl_full() -> None:
    run = _run(AXOLOTL)
    assert (run.model.name, run.method, run.weights, run.tokens) == ("llama-3-8b", "full", "bf16", 2_048)
    assert (run.micro_batch, run.accumulation, run.devices, run.checkpointing) == (2, 4, 1, False)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (LORA, {"method": "lora", "rank": 16, "targets": frozenset({"q", "k", "v", "o", "gate", "up", "down"})}),
        (LORA + "peft_use_dora: true\n", {"method": "dora"}),
        (LORA.replace("lora\n", "qlora\n", 1) + "load_in_4bit: true\n", {"weights": "nf4-dq"}),
        (LORA + "load_in_8bit: true\n", {"weights": "int8"}),
        (LORA + "lora_modules_to_save: [embed_tokens, lm_head]\n", {"trains_embedding": True, "trains_head": True}),
        ("gradient_checkpointing: true\n", {"checkpointing": True}),
        ("flash_attention: true\nsample_packing: true\n", {"attention": "flash", "packing": True}),
        ("attn_implementation: eager\n", {"attention": "eager"}),
        ("plugins: [axolotl.integrations.liger.LigerPlugin]\nliger_fused_linear_cross_entropy: true\n", {"loss": "fused"}),
        ("deepspeed: deepspeed_configs/zero3_bf16.json\n", {"sharding": "none"}),
        ("rl: dpo\n", {"preference": True, "reference": True}),
        (LORA + "rl: dpo\n", {"preference": True, "reference": False}),
        ("torch_compile: true\n", {"compiled": True}),
    ],
)
def test_axolotl_keys(more: str, expected: dict[str, Any]) -> None:
    run = _run(AXOLOTL + more)
    assert {name: getattr(run, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("optimizer", "expected"),
    [("adamw_bnb_8bit", "adamw-8bit"), ("paged_adamw_8bit", "paged-adamw-8bit"), ("paged_adamw_32bit", "paged-adamw"),
     ("lion_8bit", "lion-8bit"), ("adafactor", "adafactor"), ("muon", "muon"), ("adamw_torch", "adamw")],
)  # fmt: skip
def test_optimizers(optimizer: str, expected: str) -> None:
    assert _run(AXOLOTL.replace("adamw_torch_fused", optimizer)).optimizer == expected


def test_devices_shard() -> None:
    run = _run(AXOLOTL + "deepspeed: deepspeed_configs/zero3_bf16.json\n", gpus=8)
    assert (run.devices, run.sharding) == (8, "zero3")


def test_lengths_of_the_data_decide_unless_they_are_packed() -> None:
    lengths = Lengths(examples=100, tokens=30_000, longest=900)
    assert _run(AXOLOTL, lengths=lengths).tokens == 900
    assert _run(AXOLOTL + "sample_packing: true\n", lengths=lengths).tokens == 2_048
    assert _run(AXOLOTL.replace("2048", "512"), lengths=lengths).tokens == 512


LITGPT = """\
checkpoint_dir: checkpoints/meta-llama/Meta-Llama-3-8B
precision: bf16-true
quantize: bnb.nf4-dq
devices: 1
lora_r: 32
lora_query: true
lora_key: false
lora_value: true
lora_dropout: 0.05
train:
  global_batch_size: 8
  micro_batch_size: 2
  epochs: 2
  max_seq_length: 512
"""


def test_litgpt() -> None:
    run = _run(LITGPT)
    assert (run.stack.name, run.weights, run.optimizer, run.accumulation) == ("litgpt", "nf4-dq", "paged-adamw", 4)
    assert (run.targets, run.dropout, run.loss) == (frozenset("qv"), True, "chunked")
    mixed = _run(LITGPT.replace("bf16-true", "bf16-mixed").replace("quantize: bnb.nf4-dq\n", ""))
    assert (mixed.weights, mixed.compute) == ("fp32", "bf16")
    two = _run(LITGPT.replace("devices: 1", "devices: 2").replace("quantize: bnb.nf4-dq\n", ""))
    assert (two.sharding, two.checkpointing) == ("fsdp", True)


@pytest.mark.parametrize(
    ("component", "name"),
    [("llama3_2.lora_llama3_2_3b", "llama-3.2-3b"), ("llama2.qlora_llama2_7b", "llama-2-7b"), ("llama3.llama3_8b", "llama-3-8b"),
     ("llama3_3.llama3_3_70b", "llama-3-70b"), ("qwen2_5.lora_qwen2_5_7b_instruct", "qwen2.5-7b"), ("gemma.gemma_2b", "gemma-2b"),
     ("gemma2.lora_gemma2_9b", "gemma-2-9b"), ("phi3.lora_phi3_mini", "phi-3-mini"), ("mistral.mistral_7b", "mistral-7b"),
     ("llama3_1.llama3_1_405b", "llama-3.1-405b"), ("custom.model", None)],
)  # fmt: skip
def test_torchtune_components(component: str, name: str | None) -> None:
    text = (
        f"model:\n  _component_: torchtune.models.{component}\ntokenizer:\n  max_seq_len: 2048\nbatch_size: 2\nepochs: 1\n"
        "optimizer:\n  _component_: torch.optim.AdamW\n  lr: 2e-5\n"
    )
    config = open_config(text, "t.yaml")
    assert config is not None
    model = model_of(config.plan, config.trainer.name, config.get)
    assert (model.name if model is not None else None) == name


@pytest.mark.parametrize(
    ("names", "found", "unknown"),
    [(("q_proj", "v_proj"), "qv", []), (("query_key_value",), "qkv", []), (("model.layers.0.self_attn.o_proj",), "o", []),
     (("all-linear",), None, []), (("odd",), "", ["odd"]), ((), "", [])],
)  # fmt: skip
def test_targets(names: tuple[str, ...], found: str | None, unknown: list[str]) -> None:
    targets, rest = targets_of(names)
    assert rest == unknown
    assert targets == (frozenset(found) if found is not None else frozenset({"q", "k", "v", "o", "gate", "up", "down"}))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (AXOLOTL.replace("NousResearch/Meta-Llama-3.1-8B", "me/my-model"), "config.json"),
        (AXOLOTL + "rl: ebft\n", "ebft"),
        (AXOLOTL + "rl: grpo\n", "max_completion_length"),
        (AXOLOTL.replace("base_model: NousResearch/Meta-Llama-3.1-8B", "val_set_size: 0.1"), "the model"),
        (AXOLOTL.replace("micro_batch_size: 2", "micro_batch_size: 0"), "at once"),
    ],
)
def test_what_is_missing_is_named(text: str, words: str) -> None:
    config = open_config(text, "train.yaml")
    assert config is not None
    costs = config_costs(config.plan, "axolotl", config.get, Use(), model=model_of(config.plan, "axolotl", config.get))
    report = config_report("x", config.plan, costs, Use(), lengths=None, today=date(2026, 11, 25))
    assert report.memory is None
    assert any(words in line for line in report.missing)


def test_cheapest_fix() -> None:
    config = open_config(AXOLOTL.replace("micro_batch_size: 2", "micro_batch_size: 16") + LORA, "train.yaml")
    assert config is not None
    use = Use(hardware=Hardware(memory_gb=80))
    costs = config_costs(config.plan, "axolotl", config.get, use, model=model_of(config.plan, "axolotl", config.get))
    assert costs.fits == "no"
    assert costs.fix is not None
    assert costs.fix.key == "micro_batch_size"
    assert costs.fix.value < 16
    assert costs.fix.peak_gb <= 80
    mended = config.tree.text.replace("micro_batch_size: 16", f"micro_batch_size: {costs.fix.value}")
    again = open_config(mended, "train.yaml")
    assert again is not None
    found = config_costs(again.plan, "axolotl", again.get, use, model=model_of(again.plan, "axolotl", again.get))
    assert found.fits in {"yes", "tight"}


def test_published_configs_are_estimated_or_say_why_not() -> None:
    """No config of the trainers' own raises, and every one without an estimate names what is missing."""
    use = Use(hardware=Hardware(gpu="A100", gpus=1))
    estimated = seen = 0
    for path in sorted(shared_data("configs").rglob("*")):
        config = open_training_config(path) if path.is_file() else None
        if config is None or config.plan.hosted:
            continue
        seen += 1
        plan, trainer = config.plan, config.trainer.name
        for lengths in (None, Lengths(examples=1_000, tokens=300_000, longest=900)):
            costs = config_costs(plan, trainer, config.get, use, model=model_of(plan, trainer, config.get), lengths=lengths)
            report = config_report(str(path), plan, costs, use, lengths=lengths, today=date(2026, 11, 25))
            assert report.memory is not None or report.missing, path
            assert report.memory is None or 0 < report.memory.peak_gb < 20_000, path
            estimated += lengths is not None and costs.memory is not None
    assert seen > 250
    assert estimated > 150


@given(
    st.text(max_size=60), st.sampled_from(["micro_batch_size", "sequence_len", "lora_r", "num_epochs", "optimizer", "max_steps"])
)
def test_no_value_raises(value: str, key: str) -> None:
    config = open_config(f"{AXOLOTL}{LORA}{key}: {value!r}\n", "train.yaml")
    if config is None:
        return
    model = model_of(config.plan, config.trainer.name, config.get)
    costs = config_costs(config.plan, config.trainer.name, config.get, Use(), model=model)
    assert costs.memory is not None or costs.planned.missing


@pytest.mark.parametrize("number", ["-1", "0", "1e400", "99999999999999999999", "0.5", ".nan", "[1]", "null", "true"])
@pytest.mark.parametrize("key", ["micro_batch_size", "sequence_len", "lora_r", "num_epochs", "gradient_accumulation_steps"])
def test_no_number_raises(key: str, number: str, tmp_path: Path) -> None:
    lines = [line for line in (AXOLOTL + LORA).splitlines() if not line.startswith(key)]
    config = open_config("\n".join([*lines, f"{key}: {number}"]), "train.yaml")
    assert config is not None
    model = model_of(config.plan, "axolotl", config.get)
    lengths = Lengths(examples=10, tokens=100, longest=30)
    use = Use(hardware=Hardware(gpu="A10G"))
    costs = config_costs(config.plan, "axolotl", config.get, use, model=model, lengths=lengths)
    report = config_report("x", config.plan, costs, use, lengths=lengths, today=date(2026, 11, 25))
    assert report.memory is not None or report.missing
