"""What was learnt from configs in other people's repositories: what must not be said of them, and what had been missed."""

import pytest

from tests.linting import lint
from tunelint.engine.config import open_config

AXOLOTL = """\
base_model: meta-llama/Llama-3.1-8B
datasets:
  - path: tatsu-lab/alpaca
    type: alpaca
sequence_len: 2048
micro_batch_size: 2
learning_rate: 0.00002
val_set_size: 0.05
"""
LLAMA_FACTORY = """\
stage: sft
model_name_or_path: Qwen/Qwen3-0.6B
template: qwen3
dataset: identity
output_dir: saves
learning_rate: 1.0e-4
do_train: true
cutoff_len: 2048
bf16: true
"""
SCRIPT = """\
model_name_or_path: Qwen/Qwen3-0.6B
output_dir: out
learning_rate: 2.0e-5
per_device_train_batch_size: 2
num_train_epochs: 2
max_length: 1024
eval_strategy: steps
"""
ACCELERATE = """\
compute_environment: LOCAL_MACHINE
distributed_type: FSDP
num_processes: 2
"""
LITGPT = """\
checkpoint_dir: checkpoints/a
out_dir: out
lora_r: 8
data: {class_path: litgpt.data.Alpaca2k}
train: {global_batch_size: 8, micro_batch_size: 2, learning_rate: 0.0002}
"""
MISTRAL = """\
data: {instruct_data: a.jsonl}
model_id_or_path: model
run_dir: run
seq_len: 8192
lora: {rank: 64}
"""


def said(text: str, name: str = "train.yaml", **options: str) -> list[tuple[str, str, str]]:
    """Return code, severity and place of what is found in a config."""
    return [(one.code, str(one.severity), one.at) for one in lint(text, None, name, **options).diagnostics]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param(SCRIPT + "train_data_path: a.csv\neval_split_ratio: 0\nwandb_project: mine\n", "sft.yaml", id="own-script"),
        pytest.param(SCRIPT + "batch_size: 32\ndataset_mixer: {a/b: 1.0}\n", "sft.yaml", id="own-batch-size"),
        pytest.param(SCRIPT + "dataset_name: a/b\ntrainer: sft\nshuffle_seed: 1\n", "sft.yaml", id="a-command-of-ones-own"),
        pytest.param(
            '{"train_batch_size": 4, "steps_per_print": 2000, "fp16": {"enabled": true}, "zero_optimization": false}',
            "ds.json",
            id="zero-as-a-switch",
        ),
        pytest.param(
            AXOLOTL + "sample_packing: true\nattn_implementation: eager\n", "train.yaml", id="eager-keeps-packed-examples-apart"
        ),
        pytest.param(AXOLOTL + "sample_packing: true\nsdp_attention: true\nfp16: true\n", "train.yaml", id="sdpa-in-fp16"),
        pytest.param(
            AXOLOTL.replace("type: alpaca", "type: my_package.readers"), "train.yaml", id="a-dataset-reader-of-ones-own"
        ),
        pytest.param(AXOLOTL.replace("type: alpaca", "type: summarizetldr:chat"), "train.yaml", id="an-old-dataset-type"),
        pytest.param(
            LLAMA_FACTORY.replace("template: qwen3", "template: ${oc.env:TEMPLATE}") + "val_size: 0.1\neval_strategy: steps\n",
            "train.yaml",
            id="a-template-that-is-filled-in",
        ),
        pytest.param(ACCELERATE.replace("FSDP", "MULTI_GPU") + "fsdp_config: {}\n", "accelerate.yaml", id="an-empty-section"),
        pytest.param(ACCELERATE + "mixed_precision: BF16\n", "accelerate.yaml", id="a-precision-in-capitals"),
        pytest.param(ACCELERATE + "mixed_precision:\n", "accelerate.yaml", id="no-precision"),
        pytest.param(
            ACCELERATE + "fsdp_config: {offload_params: true, main_process_port: 1}\n", "accelerate.yaml", id="any-argument"
        ),
        pytest.param(ACCELERATE + "mixed_precision: ${PRECISION}\n", "accelerate.yaml", id="a-precision-that-is-filled-in"),
        pytest.param(AXOLOTL + "adapter: ${ADAPTER}\n", "train.yaml", id="an-adapter-that-is-filled-in"),
        pytest.param(MISTRAL + 'wandb: {key: ""}\n', "train.yaml", id="an-empty-key"),
        pytest.param(MISTRAL + "wandb: {key: your_key_of_1234567890abcdef}\n", "train.yaml", id="a-stand-in-for-a-key"),
        pytest.param(
            '{"peft_type": "LORA", "base_model_name_or_path": "a/b", "task_type": "CAUSAL_LM", "r": 16, "lora_alpha": 32, '
            '"target_modules": "model.*q_proj", "layers_to_transform": null, "layers_pattern": null}',
            "adapter_config.json",
            id="targets-as-a-regular-expression",
        ),
    ],
)
def test_what_others_wrote_is_right(text: str, name: str) -> None:
    assert [one for one in said(text, name) if one[1] in {"error", "warning"}] == []


def test_a_record_of_arguments_is_no_config() -> None:
    arguments = (
        '"output_dir": "out", "learning_rate": 2e-05, "num_train_epochs": 3.0, "logging_steps": 10, "lr_scheduler_type": "linear", '
        '"per_device_train_batch_size": 8, "no_cuda": false'
    )
    rare = ", ".join(
        f'"{key}": null'
        for key in (
            "log_on_each_node", "logging_nan_inf_filter", "ignore_data_skip", "skip_memory_metrics", "ddp_bucket_cap_mb",
            "length_column_name", "dataloader_persistent_workers", "prediction_loss_only",
        )
    )  # fmt: skip
    assert ("CFG003", "error", "no_cuda") in said(f"{{{arguments}}}", "training_args.json")
    assert not any(code.startswith(("CFG", "TRN")) for code, _, _ in said(f"{{{arguments}, {rare}}}", "training_args.json"))


def test_a_registry_of_another_tool_is_not_judged() -> None:
    entry = '"{0}": {{"file_name": "{0}.json", "train_type": "sft"}}'
    many = ", ".join(entry.format(name) for name in "abcde")
    assert not any(code == "FMT011" for code, _, _ in said(f"{{{many}}}", "data_info.json"))


def test_what_a_service_answers_about_a_job_is_no_config() -> None:
    asked = '"model": "gpt-4.1-mini-2025-04-14", "training_file": "file-1", "method": {"type": "supervised"}'
    answered = f'{{"object": "fine_tuning.job", "id": "ftjob-1", "created_at": 1, "fine_tuned_model": null, {asked}}}'
    assert open_config(f"{{{asked}}}", "job.json") is not None
    assert open_config(answered, "job.json") is None


def test_a_key_without_a_value_loses_nothing() -> None:
    assert said(AXOLOTL + "debug:\n") == [("CFG002", "information", "debug")]
    assert said(AXOLOTL + "debug: true\n") == [("CFG002", "warning", "debug")]


def test_a_section_decides_what_happens_to_its_unknown_keys() -> None:
    section = "fsdp_config: {fsdp_backward_prefetch_policy: BACKWARD_PRE}\n"
    assert said(ACCELERATE + section) == [("CFG003", "warning", "fsdp_config.fsdp_backward_prefetch_policy")]
    text = '{"train_micro_batch_size_per_gpu": 1, "bf16": {"enabled": true, "loss_scale": 0}, "zero_optimization": {"stage": 2}}'
    assert said(text, "ds.json") == [("CFG002", "error", "bf16.loss_scale")]


def test_the_sections_of_accelerate_drop_what_nobody_reads() -> None:
    near = said(ACCELERATE + "fsdp_config: {fsdp_ofload_params: true}\n")
    assert near == [("CFG002", "warning", "fsdp_config.fsdp_ofload_params")]
    foreign = said(
        ACCELERATE.replace("FSDP", "DEEPSPEED") + "deepspeed_config: {zero_stage: 2, train_batch_size: 8, overlap_comm: true}\n"
    )
    assert foreign == [("CFG002", "warning", f"deepspeed_config.{name}") for name in ("train_batch_size", "overlap_comm")]


def test_what_llama_factory_evaluated_with_is_no_config() -> None:
    text = (
        "model_name_or_path: a/b\nfinetuning_type: lora\ntemplate: llama3\ntask: mmlu_test\nlang: en\nn_shot: 5\nsave_dir: out\n"
    )
    assert open_config(text, "train.yaml") is None


def test_a_list_that_is_a_mapping_is_one_fault() -> None:
    text = AXOLOTL.replace("datasets:\n  - path: tatsu-lab/alpaca\n    type: alpaca\n", "") + "max_steps: 10\n"
    found = said(text.replace("val_set_size: 0.05\n", "") + "pretraining_dataset: {path: a/b, type: pretrain}\n")
    assert [one for one in found if one[0].startswith("CFG")] == [("CFG004", "error", "pretraining_dataset")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (AXOLOTL + "epochs: 3\n", ("CFG002", "warning", "epochs")),
        (AXOLOTL + "wandb_run_name: a\n", ("CFG002", "warning", "wandb_run_name")),
        (AXOLOTL + "fsdp: [full_shard]\nfsdp_config: {reshard_after_forward: true}\n", ("CFG003", "warning", "fsdp")),
        (AXOLOTL + "fsdp_config: {sharding_strategy: FULL_SHARD}\n", ("CFG003", "warning", "fsdp_config.sharding_strategy")),
        (AXOLOTL + "optimizer: adamw_hf\n", ("CFG003", "warning", "optimizer")),
        (AXOLOTL + "sample_packing: true\n", ("TRN009", "warning", "sample_packing")),
        (AXOLOTL + "sample_packing: true\nattn_implementation: sdpa\nbf16: auto\n", ("TRN009", "warning", "sample_packing")),
        (AXOLOTL + "adapter: lora\nlora_r: 8\n", ("TRN018", "warning", "adapter")),
        (AXOLOTL + "adapter: lora\nlora_target_linear: true\nload_in_4bit: true\n", ("TRN008", "warning", "load_in_4bit")),
        (AXOLOTL + "rl: grpo\nrl_beta: 0.1\ntrl: {beta: 0.2, num_generations: 2}\n", ("TRN018", "warning", "trl.beta")),
        (AXOLOTL + "context_parallel_size: 2\nattn_implementation: sdpa\n", ("TRN018", "warning", "context_parallel_size")),
        (AXOLOTL.replace("type: alpaca", "type: jsonl"), ("TRN018", "warning", "datasets[0].type")),
        (ACCELERATE.replace("FSDP", "MULTI_GPU") + "fsdp_config: {fsdp_version: 2}\n", ("TRN018", "warning", "fsdp_config")),
        (LITGPT, ("CFG003", "error", "train.learning_rate")),
        (LLAMA_FACTORY + "beta: 0.1\n", ("CFG002", "error", "beta")),
        (LLAMA_FACTORY.replace("template: qwen3", "template: sharegpt"), ("TRN019", "warning", "template")),
        (LLAMA_FACTORY.replace("cutoff_len", "max_length"), ("TRN018", "warning", "max_length")),
        (LLAMA_FACTORY + "val_size: 0.1\n", ("TRN010", "warning", "val_size")),
        (LLAMA_FACTORY + "eval_dataset: alpaca_en_demo\n", ("TRN010", "warning", "eval_dataset")),
        (LLAMA_FACTORY + "quantization_bit: none\n", ("CFG004", "error", "quantization_bit")),
        (LLAMA_FACTORY + "enable_thinking: None\n", ("CFG004", "error", "enable_thinking")),
    ],
)
def test_what_had_been_missed(text: str, expected: tuple[str, str, str]) -> None:
    assert expected in said(text)


def test_sdpa_in_bf16_is_safe_on_newer_gpus() -> None:
    text = AXOLOTL + "sample_packing: true\nattn_implementation: sdpa\nbf16: auto\n"
    assert not any(code == "TRN009" for code, _, _ in said(text, costs="gpu:H100"))
    assert any(code == "TRN009" for code, _, _ in said(text, costs="gpu:A100"))


def test_the_successor_of_a_key_is_one_of_the_method() -> None:
    swift = "model: Qwen/Qwen3-0.6B\nrlhf_type: grpo\ntrain_type: lora\ndataset: [a.jsonl]\noutput_dir: out\nlora_rank: 8\n"
    assert any("write tuner_type" in one.message for one in lint(swift, ["CFG003"], "train.yaml").diagnostics)
    text = SCRIPT.replace("max_length: 1024\n", "") + "dataset_name: a/b\nmax_prompt_length: 512\n"
    messages = {
        method: [one.message for one in lint(text + more, ["CFG003"], "train.yaml").diagnostics]
        for method, more in (("dpo", "beta: 0.1\n"), ("grpo", "num_generations: 8\n"))
    }
    assert messages["dpo"][0].endswith("write max_length")
    assert messages["grpo"][0].endswith("remove it")


def test_a_name_of_another_tool_is_renamed_by_the_unsafe_fix_only() -> None:
    (found,) = lint(AXOLOTL.replace("sequence_len", "cutoff_len"), ["CFG002"], "train.yaml").diagnostics
    assert found.message == "Axolotl has no key 'cutoff_len': it reads 'sequence_len'"
    assert found.fix is not None
    assert found.fix.safety == "unsafe"
    (found,) = lint(AXOLOTL + "batch_size_per_gpu: 1\ntrain_batch_size: 4\n", ["CFG002"], "train.yaml").diagnostics[-1:]
    assert found.fix is None


TORCHTUNE = """\
model:
  _component_: torchtune.models.llama3.lora_llama3_8b
  lora_rank: 8
  lora_attn_modules: [q_proj, v_proj, output_proj]
  apply_lora_to_mlp: true
optimizer:
  _component_: torch.optim.AdamW
  lr: 3e-4
output_dir: ${work}/out
work: /tmp
batch_size: 2
"""
TORCHTITAN = """\
[job]
dump_folder = "out"
[model]
name = "llama3"
[optimizer]
lr = 3e-4
[training]
seq_len = 8192
steps = 1000
"""
MS_SWIFT = """\
model: Qwen/Qwen3-0.6B
tuner_type: lora
dataset: [a/b]
val_dataset: [a/c]
learning_rate: 1e-4
"""


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        (TORCHTUNE, "tune.yaml", []),
        (TORCHTUNE + "base_dir: /tmp\nhuggingface: {repo_id: a/b}\n", "tune.yaml", []),
        (TORCHTUNE + "bach_size: 4\n", "tune.yaml", []),
        (TORCHTUNE + "gradient_acumulation_steps: 4\n", "tune.yaml", [("CFG002", "warning", "gradient_acumulation_steps")]),
        (TORCHTUNE.replace("lora_rank", "lora_rnk"), "tune.yaml", [("CFG002", "error", "model.lora_rnk")]),
        (TORCHTUNE.replace("lora_rank", "colour"), "tune.yaml", [("CFG002", "warning", "model.colour")]),
        (TORCHTUNE.replace("lora_llama3_8b", "lora_llama3_9b"), "tune.yaml", []),
        (TORCHTUNE.replace("lora_llama3_8b", "lora_lama3_8b"), "tune.yaml", [("CFG004", "error", "model._component_")]),
        (
            TORCHTUNE + "lr_scheduler: {_component_: torchtune.modules.get_cosine_schedule_with_warmup, num_warmup_steps: 5}\n",
            "tune.yaml",
            [("CFG003", "error", "lr_scheduler._component_")],
        ),
        (TORCHTITAN, "train.toml", []),
        (TORCHTITAN.replace("seq_len", "sequence_len"), "train.toml", [("CFG002", "error", "training.sequence_len")]),
        (TORCHTITAN + "[dataset]\npath = 'x'\n[training.mine]\nx = 1\n", "train.toml", []),
        (
            TORCHTITAN.replace('dump_folder = "out"', 'custom_config_module = "mine"').replace("seq_len", "sequence_len"),
            "train.toml",
            [],
        ),
        (TORCHTITAN + "[checkpoint]\nenable_checkpoint = true\n", "train.toml", [("CFG003", "error", "checkpoint.enable_checkpoint")]),
        (MS_SWIFT, "sft.yaml", []),
        (MS_SWIFT + "lora_rnk: 8\n", "sft.yaml", [("CFG002", "error", "lora_rnk")]),
        (MS_SWIFT + "colour: 8\nignore_args_error: true\n", "sft.yaml", []),
        (MS_SWIFT.replace("tuner_type", "train_type"), "sft.yaml", [("CFG003", "error", "train_type")]),
    ],
)  # fmt: skip
def test_tools_whose_keys_were_not_judged(text: str, name: str, expected: list[tuple[str, str, str]]) -> None:
    assert [one for one in said(text, name) if one[0].startswith("CFG")] == expected
