"""Runs that sample completions, judge or teach: what is loaded, what it takes, and what is not known of them."""

import math
from datetime import date

import pytest

from tunelint.costs.config import ConfigCosts, config_costs, config_report
from tunelint.costs.memory import GB, UNMEASURED, estimate_memory
from tunelint.costs.models import find_model
from tunelint.costs.planned import Lengths, model_of
from tunelint.costs.run import Generation, Run
from tunelint.costs.use import Hardware, Use
from tunelint.engine.config import open_config

LENGTHS = Lengths(examples=1_000, tokens=200_000, longest=400)
TRL = """\
model_name_or_path: Qwen/Qwen2.5-7B-Instruct
dataset_name: org/prompts
learning_rate: 1.0e-6
dtype: bfloat16
bf16: true
per_device_train_batch_size: 8
gradient_accumulation_steps: 4
num_train_epochs: 1
output_dir: out
"""
GRPO = TRL + "reward_funcs: [accuracy_reward]\nmax_completion_length: 1024\n"
LORA = "use_peft: true\nlora_target_modules: all-linear\n"
PPO = """\
model_name_or_path: meta-llama/Meta-Llama-3-8B-Instruct
reward_model: saves/reward
stage: ppo
finetuning_type: lora
lora_target: all
dataset: identity
template: llama3
cutoff_len: 2048
per_device_train_batch_size: 1
gradient_accumulation_steps: 8
learning_rate: 1.0e-5
num_train_epochs: 3.0
bf16: true
"""


def costs(text: str, name: str, lengths: Lengths | None = LENGTHS) -> ConfigCosts:
    config = open_config(text, name)
    assert config is not None
    trainer, use = config.trainer.name, Use(hardware=Hardware(gpu="A100-80GB"))
    model = model_of(config.plan, trainer, config.get)
    return config_costs(config.plan, trainer, config.get, use, model=model, lengths=lengths)


def peak(text: str, name: str) -> float:
    memory = costs(text, name).memory
    assert memory is not None
    return memory.peak.value / GB


@pytest.mark.parametrize(
    ("more", "copies"),
    [("", 1), ("beta: 0.0\n", 1), ("beta: 0.04\n", 2), ("beta: 0.04\n" + LORA, 1), (LORA, 1)],
)
def test_a_reference_is_loaded_only_where_it_is_used(more: str, copies: int) -> None:
    """TRL 1.16: none at beta 0, which is the default of GRPO, and none beside an adapter, which is switched off instead."""
    found = costs(GRPO + more, "grpo.yaml")
    assert found.memory is not None
    model = find_model("Qwen2.5-7B")
    assert model is not None
    assert found.memory.parts.weights == pytest.approx(copies * 2 * model.params, rel=0.01)
    assert any("beta" in words for words in found.planned.assumptions)


def test_rloo_has_a_reference_by_default() -> None:
    assert peak(TRL + "max_completion_length: 1024\n", "rloo.yaml") > peak(GRPO, "grpo.yaml") + 10


@pytest.mark.parametrize(
    ("text", "name", "prompts"),
    [(GRPO, "grpo.yaml", 8), (GRPO + "num_generations: 4\n", "grpo.yaml", 4), (TRL, "rloo.yaml", 2), (TRL, "sft.yaml", 1)],
)
def test_a_batch_is_made_of_completions(text: str, name: str, prompts: int) -> None:
    assert costs(text, name).total_steps == math.ceil(1_000 * prompts / 32)


def test_hours_are_not_claimed_where_completions_are_sampled() -> None:
    found = costs(GRPO, "grpo.yaml")
    assert found.hours is None
    assert found.usd is None
    assert found.learning_hours is not None
    config = open_config(GRPO, "grpo.yaml")
    assert config is not None
    report = config_report("grpo.yaml", config.plan, found, Use(), lengths=LENGTHS, today=date(2026, 11, 30))
    assert any(line.startswith("hours and money: completions are sampled") for line in report.missing)


def test_the_interval_is_wide() -> None:
    memory = costs(GRPO, "grpo.yaml").memory
    assert memory is not None
    assert memory.peak.low == pytest.approx(memory.peak.value * (1 - UNMEASURED))
    assert memory.peak.high >= memory.peak.value * (1 + UNMEASURED)


def test_the_upper_end_is_that_of_older_releases_which_hold_all_logits() -> None:
    text = TRL + "loss_type: sigmoid\nmax_length: 2048\n" + LORA
    memory, fused = costs(text, "dpo.yaml").memory, costs(text + "use_liger_kernel: true\n", "dpo.yaml").memory
    assert memory is not None
    assert fused is not None
    assert memory.peak.high > 1.5 * memory.peak.value
    assert fused.peak.high < 1.2 * fused.peak.value


def test_vllm_takes_its_share_of_the_gpu() -> None:
    plain, beside = costs(GRPO, "grpo.yaml").memory, costs(GRPO + "use_vllm: true\n", "grpo.yaml").memory
    server = costs(GRPO + "use_vllm: true\nvllm_mode: server\n", "grpo.yaml").memory
    assert plain is not None
    assert beside is not None
    assert server is not None
    assert beside.parts.generation == pytest.approx(0.3 * 85 * GB)
    assert server.parts.generation == 0


def test_the_cache_of_long_completions_is_the_peak() -> None:
    """32 sequences of 16,384 tokens: keys and values of 28 layers, 4 heads of 128 elements, 2 bytes each."""
    text = GRPO.replace("1024", "15984").replace("size: 8", "size: 1").replace("steps: 4", "steps: 32") + LORA
    memory = costs(text, "grpo.yaml").memory
    assert memory is not None
    assert memory.parts.generation == pytest.approx(2 * 28 * 4 * 128 * 2 * 32 * 16_384)
    assert memory.parts.activations == 0


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("reward_model_name_or_path: me/my-judge\n", "the architecture of the reward model me/my-judge"),
        ("teacher_model_name_or_path: me/my-teacher\n", "the architecture of the teacher me/my-teacher"),
    ],
)
def test_models_of_unknown_size_are_named(more: str, words: str) -> None:
    found = costs(GRPO + more, "grpo.yaml")
    assert found.memory is None
    assert words in found.planned.missing


def test_a_prompt_of_unknown_length_is_named() -> None:
    assert costs(GRPO, "grpo.yaml", None).planned.missing == ["the longest prompt: the data, or max_prompt_length"]


def test_reward_model_and_teacher_lie_beside_the_policy() -> None:
    judge = peak(GRPO + "reward_model_name_or_path: Qwen/Qwen2.5-1.5B\n", "grpo.yaml") - peak(GRPO, "grpo.yaml")
    assert judge == pytest.approx(2 * 1.54 * 1.03, rel=0.05)
    taught = costs(TRL.replace("7B", "0.5B") + "teacher_model_name_or_path: Qwen/Qwen2.5-1.5B-Instruct\n", "kd.yaml").memory
    assert taught is not None
    assert taught.parts.frozen == pytest.approx(2 * 1.54 * GB, rel=0.01)


def test_a_reward_model_has_two_sequences_and_no_output_layer() -> None:
    text = TRL.replace("per_device_train_batch_size: 8", "per_device_train_batch_size: 2") + "max_length: 1024\n"
    reward, sft = costs(text, "reward.yaml"), costs(text, "sft.yaml")
    assert reward.planned.run is not None
    assert reward.planned.run.batch_tokens == 2 * 2 * 400
    assert reward.memory is not None
    assert sft.memory is not None
    assert reward.memory.parts.logits == 0
    assert reward.memory.parts.weights < sft.memory.parts.weights
    assert reward.hours is not None


def test_ppo_shares_what_it_can() -> None:
    """LLaMA-Factory 0.9.5: with LoRA the reference is the policy without its adapter, and the reward model another adapter."""
    shared = peak(PPO, "ppo.yaml")
    full = peak(PPO.replace("saves/reward", "Qwen/Qwen2.5-7B") + "reward_model_type: full\n", "ppo.yaml")
    assert full - shared == pytest.approx(2 * 7.62 * 1.03, rel=0.05)
    tuned = costs(PPO.replace("finetuning_type: lora", "finetuning_type: full") + "reward_model_type: api\n", "ppo.yaml")
    assert tuned.planned.run is not None
    assert tuned.planned.run.reference


def test_what_was_not_read_is_not_estimated() -> None:
    swift = "model: Qwen/Qwen2.5-7B\nrlhf_type: grpo\ntrain_type: lora\ndataset: [org/x]\nnum_generations: 8\n"
    config = open_config(swift, "swift.yaml")
    assert config is not None
    found = costs(swift, "swift.yaml")
    assert found.memory is None
    assert any("ms-swift keeps and generates" in words for words in found.planned.missing)


@pytest.mark.parametrize(("name", "mebibytes"), [("Qwen3-0.6B", 49_273), ("Qwen3-1.7B", 78_147)])
def test_published_measurements_of_grpo(name: str, mebibytes: int) -> None:
    """TRL issue 3456 (2025-05): batches of 4, prompts of 2,048 tokens, completions of 1,024; TRL 0.17 loads fp32."""
    model = find_model(name)
    assert model is not None
    run = Run(
        model=model, weights="fp32", compute="bf16", micro_batch=4, tokens=3_072, answer_tokens=1_024,
        generation=Generation(sequences=4, tokens=3_072),
    )  # fmt: skip
    peak = estimate_memory(run).peak
    assert peak.low < mebibytes * (1 << 20) < peak.high
    assert peak.value == pytest.approx(mebibytes * (1 << 20), rel=0.15)
