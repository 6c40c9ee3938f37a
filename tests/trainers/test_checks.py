"""The tools' own checks of keys against each other, each with the config that it refuses and one that it takes."""

from typing import Final

import pytest

from tests.linting import config_linter, lint
from tunelint.rules import all_rules
from tunelint.rules.base import ConfigRule, ProjectRule

AXOLOTL: Final = """\
base_model: meta-llama/Llama-3.1-8B
datasets:
  - path: tatsu-lab/alpaca
    type: alpaca
sequence_len: 2048
micro_batch_size: 2
learning_rate: 0.00002
"""
LLAMA_FACTORY: Final = """\
model_name_or_path: Qwen/Qwen3-0.6B
template: qwen3
dataset: identity
output_dir: saves
learning_rate: 1.0e-5
bf16: true
"""
TRL: Final = """\
model_name_or_path: Qwen/Qwen3-0.6B
dataset_name: trl-lib/Capybara
output_dir: out
learning_rate: 2.0e-5
per_device_train_batch_size: 2
"""
TORCHTUNE: Final = """\
model:
  _component_: torchtune.models.llama3.llama3_8b
optimizer:
  _component_: torch.optim.AdamW
  lr: 2e-5
"""
FSDP2: Final = "fsdp_version: 2\nfsdp_config: {offload_params: false, cpu_ram_efficient_loading: true}\n"
ERRORS: Final = [
    (AXOLOTL, "datasets: [{path: a/b, type: sharegpt}]\nval_set_size: 0.05\n", "TRN018", "datasets[0].type"),
    (AXOLOTL, "chat_template: jinja\n", "TRN018", "chat_template"),
    (AXOLOTL, "push_dataset_to_hub: a/b\n", "TRN018", "push_dataset_to_hub"),
    (AXOLOTL, "streaming: true\n", "TRN018", "streaming"),
    (AXOLOTL, "streaming: true\nmax_steps: 10\nval_set_size: 0.1\n", "TRN018", "val_set_size"),
    (AXOLOTL, "eval_table_size: 5\nsample_packing: true\n", "TRN018", "eval_table_size"),
    (AXOLOTL, "dataset_exact_deduplication: true\nskip_prepare_dataset: true\n", "TRN018", "dataset_exact_deduplication"),
    (AXOLOTL, "val_set_size: 0.1\ntest_datasets: [{path: c/d, type: alpaca}]\n", "TRN010", "val_set_size"),
    (AXOLOTL, "flash_attention: true\nattn_implementation: sdpa\n", "TRN018", "flash_attention"),
    (AXOLOTL, "scaling_softmax: true\nattn_implementation: sdpa\n", "TRN018", "scaling_softmax"),
    (AXOLOTL, "rl: dpo\nsample_packing: true\n", "TRN009", "sample_packing"),
    (AXOLOTL, "batch_flattening: true\nsample_packing: true\n", "TRN009", "batch_flattening"),
    (AXOLOTL, "batch_size: 8\ngradient_accumulation_steps: 2\n", "TRN006", "batch_size"),
    (AXOLOTL, "rl: grpo\ntrl: {num_generations: 4, beta: 0.1}\n", "TRN006", "trl.num_generations"),
    (AXOLOTL, "rl: grpo\ntrl: {num_generations: 1}\n", "TRN006", "trl.num_generations"),
    (AXOLOTL, "warmup_steps: 5\nwarmup_ratio: 0.1\n", "TRN018", "warmup_ratio"),
    (AXOLOTL, "save_strategy: epoch\nsave_steps: 5\n", "TRN010", "save_steps"),
    (AXOLOTL, "saves_per_epoch: 1\nsave_steps: 5\n", "TRN010", "saves_per_epoch"),
    (AXOLOTL, "val_set_size: 0.1\neval_strategy: epoch\neval_steps: 5\n", "TRN010", "eval_steps"),
    (AXOLOTL, "val_set_size: 0.1\nevals_per_epoch: 1\neval_steps: 5\n", "TRN010", "evals_per_epoch"),
    (AXOLOTL, "val_set_size: 0.1\nevals_per_epoch: 1\neval_strategy: epoch\n", "TRN010", "evals_per_epoch"),
    (AXOLOTL, "val_set_size: 0\neval_strategy: epoch\n", "TRN010", "eval_strategy"),
    (AXOLOTL, "do_bench_eval: true\n", "TRN010", "do_bench_eval"),
    (AXOLOTL, "early_stopping_patience: 3\n", "TRN010", "early_stopping_patience"),
    (AXOLOTL, "val_set_size: 0.1\nearly_stopping_patience: 3\neval_steps: 10\nsave_steps: 15\n", "TRN010", "save_steps"),
    (AXOLOTL, "save_strategy: best\n", "TRN010", "save_strategy"),
    (AXOLOTL, "load_in_4bit: true\n", "TRN008", "load_in_4bit"),
    (AXOLOTL, "adapter: qlora\n", "TRN008", "adapter"),
    (AXOLOTL, "adapter: qlora\nload_in_8bit: true\n", "TRN008", "load_in_8bit"),
    (AXOLOTL, "adapter: lora\nload_in_8bit: true\nload_in_4bit: true\n", "TRN007", "load_in_8bit"),
    (AXOLOTL, "adapter: loar\n", "CFG004", "adapter"),
    (AXOLOTL, "adapter: lora\nlora_target_modules: '('\n", "CFG004", "lora_target_modules"),
    (AXOLOTL, "adapter: lora\nlora_target_modules: [q_proj, '(']\n", "CFG004", "lora_target_modules"),
    (AXOLOTL, "adapter: lora\nlora_dropout: 0.1\nlora_target_parameters: [a]\n", "TRN018", "lora_dropout"),
    (AXOLOTL, "lr_groups: [{name: a, modules: [b], lr: 0.1}]\nloraplus_lr_ratio: 16\n", "TRN018", "lr_groups"),
    (
        AXOLOTL,
        "adapter: lora\nlora_target_linear: true\nunfrozen_parameters: [a]\npeft_layers_to_transform: [1]\n",
        "TRN018",
        "unfrozen_parameters",
    ),
    (AXOLOTL, "peft_layers_pattern: [layers]\n", "TRN018", "peft_layers_pattern"),
    (AXOLOTL, "adapter: lora\nload_in_8bit: true\nlora_mlp_kernel: true\n", "TRN018", "lora_mlp_kernel"),
    (AXOLOTL, "adapter: lora\ntrust_remote_code: true\nlora_qkv_kernel: true\n", "TRN018", "lora_qkv_kernel"),
    (AXOLOTL, "peft: {loftq_config: {loftq_bits: 4}}\nqat: {activation_dtype: int8}\n", "TRN018", "qat"),
    (AXOLOTL, "relora: true\n", "TRN018", "relora"),
    (AXOLOTL, "rl: kto\n", "TRN018", "rl"),
    (AXOLOTL, "dpo_loss_type: [sigmoid]\n", "TRN018", "dpo_loss_type"),
    (AXOLOTL, "rl: dpo\ndpo_loss_type: [sigmoid]\ndpo_loss_weights: [1.0, 2.0]\n", "TRN018", "dpo_loss_weights"),
    (AXOLOTL, "rl: simpo\nwarmup_ratio: 0.1\n", "TRN018", "warmup_ratio"),
    (AXOLOTL, f"deepspeed: zero2.json\n{FSDP2}", "TRN018", "deepspeed"),
    (AXOLOTL, "deepcompile: true\n", "TRN018", "deepcompile"),
    (AXOLOTL, "optimizer: muon\ndeepspeed: zero2.json\n", "TRN018", "optimizer"),
    (AXOLOTL, f"optimizer: adamw_bnb_8bit\n{FSDP2}", "TRN018", "optimizer"),
    (AXOLOTL, f"rl: dpo\nadapter: lora\nload_in_8bit: true\n{FSDP2}", "TRN018", "load_in_8bit"),
    (AXOLOTL, f"adapter: qlora\nload_in_4bit: true\n{FSDP2}", "TRN018", "load_in_4bit"),
    (AXOLOTL, "optimizer: adamw_8bit\nfsdp_config: {offload_params: true}\n", "TRN018", "optimizer"),
    (AXOLOTL, "context_parallel_size: 2\nattn_implementation: eager\n", "TRN018", "context_parallel_size"),
    (
        AXOLOTL,
        "plugins: [axolotl.integrations.liger.LigerPlugin, axolotl.integrations.cut_cross_entropy.CutCrossEntropyPlugin]\ncut_cross_entropy: true\nliger_fused_linear_cross_entropy: true\n",
        "TRN018",
        "liger_fused_linear_cross_entropy",
    ),
    (AXOLOTL, "max_memory: {0: 8GiB}\ngpu_memory_limit: 8GiB\n", "TRN018", "max_memory"),
    (AXOLOTL, "activation_offloading: true\n", "TRN018", "activation_offloading"),
    (AXOLOTL, "neftune_noise_alpha: 0\n", "CFG004", "neftune_noise_alpha"),
    (AXOLOTL, "tokenizer_use_mistral_common: true\nchat_template: chatml\n", "TRN018", "chat_template"),
    (LLAMA_FACTORY, "stage: sftt\nfinetuning_type: full\n", "CFG004", "stage"),
    (LLAMA_FACTORY, "stage: sft\nfinetuning_type: full\nquantization_bit: 4\n", "TRN008", "quantization_bit"),
    (LLAMA_FACTORY, "stage: sft\nfinetuning_type: lora\nquantization_bit: 4\nresize_vocab: true\n", "TRN018", "resize_vocab"),
    (LLAMA_FACTORY, "stage: sft\nfinetuning_type: lora\nquantization_bit: 4\npissa_init: true\n", "TRN018", "pissa_init"),
    (
        LLAMA_FACTORY,
        "stage: sft\nfinetuning_type: lora\nquantization_bit: 4\nadapter_name_or_path: a,b\n",
        "TRN018",
        "adapter_name_or_path",
    ),
    (LLAMA_FACTORY, "stage: sft\nfinetuning_type: full\nadapter_name_or_path: a\n", "TRN018", "adapter_name_or_path"),
    (LLAMA_FACTORY, "stage: dpo\nfinetuning_type: lora\npredict_with_generate: true\n", "TRN018", "predict_with_generate"),
    (LLAMA_FACTORY, "stage: sft\nfinetuning_type: full\npredict_with_generate: true\n", "TRN010", "predict_with_generate"),
    (LLAMA_FACTORY, "stage: dpo\nfinetuning_type: full\ndo_predict: true\n", "TRN010", "do_predict"),
    (
        LLAMA_FACTORY,
        "stage: sft\nfinetuning_type: full\npredict_with_generate: true\nval_size: 0.1\neval_strategy: steps\ncompute_accuracy: true\n",
        "TRN018",
        "predict_with_generate",
    ),
    (
        LLAMA_FACTORY,
        "stage: sft\nfinetuning_type: full\npredict_with_generate: true\nval_size: 0.1\neval_strategy: steps\ndeepspeed: ds_z3_config.json\n",
        "TRN018",
        "predict_with_generate",
    ),
    (LLAMA_FACTORY, "stage: dpo\nfinetuning_type: lora\nneat_packing: true\n", "TRN009", "neat_packing"),
    (LLAMA_FACTORY, "stage: dpo\nfinetuning_type: lora\nmask_history: true\n", "TRN018", "mask_history"),
    (LLAMA_FACTORY, "stage: sft\nfinetuning_type: full\nmask_history: true\ntrain_on_prompt: true\n", "TRN018", "mask_history"),
    (LLAMA_FACTORY, "stage: sft\nfinetuning_type: full\ndo_train: true\nstreaming: true\n", "TRN018", "streaming"),
    (LLAMA_FACTORY, "stage: sft\nfinetuning_type: full\nmax_steps: 10\nstreaming: true\nval_size: 0.1\n", "TRN018", "val_size"),
    (
        LLAMA_FACTORY,
        "stage: sft\nfinetuning_type: full\nmax_steps: 10\nstreaming: true\nmax_samples: 10\n",
        "TRN018",
        "max_samples",
    ),
    (LLAMA_FACTORY, "stage: sft\nfinetuning_type: full\nval_size: 0.1\neval_dataset: other\n", "TRN010", "val_size"),
    (LLAMA_FACTORY, "stage: sft\nfinetuning_type: full\ndo_eval: true\n", "TRN010", "do_eval"),
    (LLAMA_FACTORY, "stage: sft\nfinetuning_type: full\ninterleave_probs: 0.5,0.5\n", "TRN018", "interleave_probs"),
    (
        LLAMA_FACTORY,
        "stage: rm\nfinetuning_type: lora\nload_best_model_at_end: true\neval_strategy: steps\n",
        "TRN010",
        "load_best_model_at_end",
    ),
    (LLAMA_FACTORY, "stage: sft\nfinetuning_type: full\npure_bf16: true\ndeepspeed: ds_z3_config.json\n", "TRN018", "pure_bf16"),
    (LLAMA_FACTORY, "stage: sft\nfinetuning_type: full\nuse_galore: true\nuse_badam: true\n", "TRN018", "use_badam"),
    (LLAMA_FACTORY, "stage: sft\nfinetuning_type: lora\nuse_galore: true\n", "TRN018", "use_galore"),
    (
        LLAMA_FACTORY,
        "stage: sft\nfinetuning_type: full\nuse_galore: true\npure_bf16: true\ndeepspeed: ds_z2_config.json\n",
        "TRN018",
        "use_galore",
    ),
    (LLAMA_FACTORY, "stage: sft\nfinetuning_type: full\nloraplus_lr_ratio: 16.0\n", "TRN018", "loraplus_lr_ratio"),
    (
        LLAMA_FACTORY,
        "stage: dpo\nfinetuning_type: lora\ndpo_label_smoothing: 0.1\npref_loss: hinge\n",
        "TRN018",
        "dpo_label_smoothing",
    ),
    (
        LLAMA_FACTORY,
        "stage: sft\nfinetuning_type: lora\nuse_unsloth: true\ndeepspeed: ds_z3_config.json\n",
        "TRN018",
        "use_unsloth",
    ),
    (LLAMA_FACTORY, "stage: sft\nfinetuning_type: lora\nquantization_bit: 8\nfp8: true\n", "TRN018", "fp8"),
    (LLAMA_FACTORY, "stage: sft\nfinetuning_type: full\nfp16: true\n", "TRN007", "fp16"),
    (TRL, "load_in_4bit: true\nload_in_8bit: true\nuse_peft: true\n", "TRN007", "load_in_8bit"),
    (TRL, "load_in_4bit: true\nuse_peft: false\n", "TRN008", "load_in_4bit"),
    (TRL, "loss_type: [sigmoid, sft]\nloss_weights: [1.0]\n", "TRN018", "loss_weights"),
    (TRL, "packing: true\nmax_length: null\n", "TRN009", "packing"),
    (TRL, "padding_free: true\nmax_length: 512\n", "TRN018", "padding_free"),
    (TRL, "load_best_model_at_end: true\neval_strategy: steps\neval_steps: 30\nsave_steps: 50\n", "TRN010", "save_steps"),
    (TRL, "lr_scheduler_type: reduce_lr_on_plateau\n", "TRN010", "lr_scheduler_type"),
    (TRL, "bf16: true\nfp16: true\n", "TRN007", "fp16"),
    (TORCHTUNE, "optimizer_in_bwd: true\nclip_grad_norm: 1.0\n", "TRN018", "clip_grad_norm"),
    (TORCHTUNE, "optimizer_in_bwd: true\ngradient_accumulation_steps: 4\n", "TRN018", "gradient_accumulation_steps"),
    (
        TORCHTUNE,
        "enable_activation_offloading: true\nenable_activation_checkpointing: false\n",
        "TRN018",
        "enable_activation_offloading",
    ),
    (TORCHTUNE, "dataset: {_component_: a, packed: true}\ntokenizer: {max_seq_len: null}\n", "TRN009", "dataset.packed"),
]
CODES: Final = {code for code, rule in all_rules().items() if issubclass(rule, ConfigRule | ProjectRule) and rule.recommended}


def text_of(base: str, more: str) -> str:
    """Put keys into a config; those that it has already are replaced."""
    new = {line.partition(":")[0] for line in more.splitlines() if not line.startswith(" ")}
    kept = []
    skipping = False
    for line in base.splitlines():
        if not line.startswith(" "):
            skipping = line.partition(":")[0] in new
        if not skipping:
            kept.append(line)
    return "\n".join(kept) + "\n" + more


def errors(text: str) -> list[tuple[str, str]]:
    linter = config_linter(text, CODES, "run.yaml")
    assert linter is not None
    return [(one.code, one.at) for one in linter.report().diagnostics if one.severity == "error"]


@pytest.mark.parametrize(
    ("base", "more", "code", "at"), ERRORS, ids=[f"{more.splitlines()[-1]}-{code}" for _, more, code, _ in ERRORS]
)
def test_what_a_tool_refuses_is_one_error(base: str, more: str, code: str, at: str) -> None:
    assert errors(text_of(base, more)) == [(code, at)]


@pytest.mark.parametrize("base", [AXOLOTL, f"{LLAMA_FACTORY}stage: sft\nfinetuning_type: full\n", TRL, TORCHTUNE])
def test_what_a_tool_takes_is_no_error(base: str) -> None:
    assert errors(base) == []


@pytest.mark.parametrize(
    "more",
    [
        "val_set_size: 0\nevals_per_epoch: 1\n",
        "eval_strategy: 'no'\nval_set_size: 0\n",
        "adapter: qlora\nload_in_4bit: true\n",
        "rl: kto\nremove_unused_columns: false\n",
        "rl: grpo\ngradient_accumulation_steps: 4\ntrl: {num_generations: 8}\n",
        "pretraining_dataset: [{path: a/b}]\nmax_steps: 10\n",
        "sample_packing: true\nattn_implementation: flash_attention_2\n",
        "learning_rate: 2e-5\n",
        "adapter: mora\nplugins: [axolotl.integrations.mora.MoraPlugin]\n",
        "early_stopping_patience: 3\nval_set_size: 0.1\neval_steps: 10\nsave_steps: 20\n",
        "batch_size: 8\n",
    ],
)
def test_near_misses_are_no_errors(more: str) -> None:
    assert errors(text_of(AXOLOTL, more)) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("distributed_type: FSDP\ncompute_environment: LOCAL_MACHINE\nmixed_precision: 'no'\n", []),
        ("distributed_type: FSDP\ncompute_environment: LOCAL_MACHINE\nmixed_precision: no\n", [("CFG004", "mixed_precision")]),
        ("distributed_type: FSDP\nfsdp_config:\n  fsdp_min_num_params: 1e8\n", [("CFG006", "fsdp_config.fsdp_min_num_params")]),
        (f"{AXOLOTL}val_set_size: 0.1\nflash_attention: true\n", [("CFG003", "flash_attention")]),
        (f"{AXOLOTL}val_set_size: 0.1\nflash_attention: false\n", []),
    ],
)
def test_what_loaders_and_releases_forgive(text: str, found: list[tuple[str, str]]) -> None:
    linter = config_linter(text, CODES, "run.yaml")
    assert linter is not None
    assert [(one.code, one.at) for one in linter.report().diagnostics] == found


@pytest.mark.parametrize(
    ("more", "said", "remedy"),
    [
        (
            '"bf16": {"enabled": true, "auto_cast": true}',
            "no key 'auto_cast' in bf16, only in fp16",
            "move it to fp16 if it is meant for that",
        ),
        ('"bf16": {"enabled": true, "loss_scale": 0}', "no key 'loss_scale' in bf16, only in fp16", "move it to fp16"),
        (
            '"fp16": {"enabled": true, "stage": 2}',
            "no key 'stage' in fp16, only in zero_optimization",
            "move it to zero_optimization",
        ),
        (
            '"zero_optimization": {"stage": 2, "steps_per_print": 9}',
            "'steps_per_print' in zero_optimization; it belongs at the top level",
            "there",
        ),
        ('"stage3_gather_16bit_weights_on_model_save": true', "; it belongs under zero_optimization", "move it there"),
    ],
)
def test_a_key_in_the_wrong_section_is_told_its_own(more: str, said: str, remedy: str) -> None:
    text = f'{{"train_batch_size": 8, "gradient_clipping": 1.0, "steps_per_print": 10, {more}}}'
    (found,) = lint(text, ["CFG002"], "ds_config.json").diagnostics
    assert said in found.message
    assert remedy in found.help
