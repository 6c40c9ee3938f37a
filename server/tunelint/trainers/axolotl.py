"""Axolotl: YAML that its own schema checks, dropping what it does not know."""

from typing import Any, Final

from tunelint.core.plan import DatasetRef, Sharding, TrainingPlan
from tunelint.text.parse import Path
from tunelint.text.tree import Tree
from tunelint.trainers._attention import attention_of
from tunelint.trainers._axolotl_checks import conflicts
from tunelint.trainers._huggingface import sharding_of
from tunelint.trainers.base import Config, Draft, Required, Trainer, count_keys, names_of

__all__ = ["TRAINER"]

_OWN: Final = (
    "sequence_len", "micro_batch_size", "sample_packing", "pad_to_sequence_len", "val_set_size", "dataset_prepared_path",
    "saves_per_epoch", "evals_per_epoch", "lora_target_linear", "train_on_inputs", "excess_length_strategy", "lora_model_dir",
    "test_datasets", "pretraining_dataset", "eval_sample_packing", "shuffle_merged_datasets", "loss_watchdog_threshold",
)  # fmt: skip
"""Keys that no other tool's configs have at the top."""

_SHARED: Final = ("datasets", "adapter", "lora_r", "num_epochs", "gradient_accumulation_steps", "flash_attention", "rl", "bf16")
_FOREIGN: Final = (
    "model_name_or_path",
    "task",
    "dist_config",
    "model",
    "stage",
    "finetuning_type",
    "merge_method",
    "zero_optimization",
)

_DEFAULTS: Final[dict[str, Any]] = {
    "method": "sft",
    "tuning": "full",
    "sequence_length": 512,
    "overlong": "drop",
    "micro_batch": 1,
    "accumulation": 1,
    "epochs": 1.0,
    "evaluation_share": 0.0,
    "optimizer": "adamw_torch_fused",
    "scheduler": "cosine",
    "trains_on_prompt": False,
    "checkpointing": False,
    "packing": False,
    "lora_dropout": 0.0,
    "weight_decay": 0.0,
    "seed": 42,
    "loss_kernel": "plain",
}
"""Defaults of the schema of 0.19.0."""

_SAME: Final = (
    ("model", "base_model"),
    ("tokenizer", "tokenizer_config"),
    ("learning_rate", "learning_rate"),
    ("scheduler", "lr_scheduler"),
    ("optimizer", "optimizer"),
    ("weight_decay", "weight_decay"),
    ("max_grad_norm", "max_grad_norm"),
    ("warmup_steps", "warmup_steps"),
    ("warmup_ratio", "warmup_ratio"),
    ("epochs", "num_epochs"),
    ("max_steps", "max_steps"),
    ("micro_batch", "micro_batch_size"),
    ("accumulation", "gradient_accumulation_steps"),
    ("sequence_length", "sequence_len"),
    ("overlong", "excess_length_strategy"),
    ("packing", "sample_packing"),
    ("pads_to_length", "pad_to_sequence_len"),
    ("bf16", "bf16"),
    ("fp16", "fp16"),
    ("activation_offload", "activation_offloading"),
    ("lora_rank", "lora_r"),
    ("lora_alpha", "lora_alpha"),
    ("lora_dropout", "lora_dropout"),
    ("lora_targets", "lora_target_modules"),
    ("modules_to_save", "lora_modules_to_save"),
    ("dora", "peft_use_dora"),
    ("rslora", "peft_use_rslora"),
    ("trains_on_prompt", "train_on_inputs"),
    ("template", "chat_template"),
    ("added_tokens", "tokens"),
    ("pad_token", "special_tokens.pad_token"),
    ("eos_token", "special_tokens.eos_token"),
    ("evaluation_share", "val_set_size"),
    ("evaluation_strategy", "eval_strategy"),
    ("evaluation_steps", "eval_steps"),
    ("save_strategy", "save_strategy"),
    ("save_steps", "save_steps"),
    ("load_best", "load_best_model_at_end"),
    ("streaming", "streaming"),
    ("remote_code", "trust_remote_code"),
    ("seed", "seed"),
)


_REFUSED: Final = frozenset(
    {
        "flash_attn_rms_norm", "unsloth_cross_entropy_loss", "unsloth_lora_mlp", "unsloth_lora_qkv", "unsloth_lora_o",
        "unsloth_rms_norm", "unsloth_rope", "rope_scaling", "max_packed_sequence_len", "s2_attention", "dpo_use_logits_to_keep",
        "dpo_generate_during_eval", "dpo_norm_loss", "rpo_alpha",
    }
)  # fmt: skip


def _detect(tree: Tree) -> float:
    own, shared = count_keys(tree, _OWN), count_keys(tree, _SHARED)
    if count_keys(tree, _FOREIGN):
        return 0.0
    if count_keys(tree, ("base_model",)):
        return own + shared if own and own + shared >= 2 else 0.0
    return own + shared if own >= 3 else 0.0


def _plan(config: Config) -> TrainingPlan:
    draft = Draft(config)
    draft.take_all(_SAME)
    draft.put("method", _method(config), "rl", "reward_model", "pretraining_dataset")
    _tuning(config, draft)
    wide = config.text("adapter") == "lora" and "4bit" not in config.text("base_model").casefold()
    for key, bits in (("load_in_4bit", 4), ("load_in_8bit", 8)):
        if config.on(key) and not (bits == 4 and wide):  # 4 bits are for qlora: with lora they are asked for, and not made
            draft.put("bits", bits, key)
    if config.on("lora_target_linear"):
        draft.put("lora_targets", ("all-linear",), "lora_target_linear")
    if config.get("gradient_checkpointing") is not None:
        draft.put("checkpointing", not config.off("gradient_checkpointing"), "gradient_checkpointing")
    draft.put("attention", _attention(config), "attn_implementation", "flash_attention", "xformers_attention", "sdp_attention")
    draft.put(
        "beta",
        config.number("rl_beta") or config.number("trl.beta") or config.number("dpo_beta"),
        "rl_beta",
        "trl.beta",
        "dpo_beta",
    )
    if config.said("early_stopping_patience"):
        draft.put("early_stopping", True, "early_stopping_patience")
    if config.said("trainable_token_indices"):
        draft.put("trained_tokens", True, "trainable_token_indices")
    draft.put("loss_kernel", _kernel(config), "cut_cross_entropy", "liger_fused_linear_cross_entropy", "chunked_cross_entropy")
    draft.put("sharding", _sharding(config), "deepspeed", "fsdp_version", "fsdp_config", "fsdp")
    draft.put("datasets", _datasets(config, "datasets", "pretraining_dataset"), "datasets", "pretraining_dataset")
    draft.put("evaluation_datasets", _datasets(config, "test_datasets"), "test_datasets")
    draft.take_all((("generations", "trl.num_generations"), ("completion_length", "trl.max_completion_length")))
    defaults = dict(_DEFAULTS)
    if draft.get("method") in {"grpo", "gdpo"}:
        defaults["generations"] = 8  # of TRL 1.9, which Axolotl 0.19.0 asks for
    if config.get("pretraining_dataset") is not None:
        defaults["streaming"] = True
    return draft.finish(**defaults)


def _method(config: Config) -> str | None:
    method = config.text("rl")
    if method:
        return {"ipo": "ipo", "gdpo": "gdpo"}.get(method, method)
    if config.on("reward_model") or config.on("process_reward_model"):
        return "reward"
    return "pretraining" if config.get("pretraining_dataset") is not None else None


def _tuning(config: Config, draft: Draft) -> None:
    adapter = config.text("adapter")
    if adapter:
        draft.put("tuning", "lora" if adapter in {"lora", "qlora"} else "other", "adapter")
    elif config.get("unfrozen_parameters"):
        draft.put("tuning", "freeze", "unfrozen_parameters")


def _attention(config: Config) -> str | None:
    named = attention_of(config.get("attn_implementation"))
    if named is not None:
        return named
    flags = (
        ("flash_attention", "flash"),
        ("flex_attention", "flex"),
        ("xformers_attention", "xformers"),
        ("sdp_attention", "sdpa"),
        ("sage_attention", "sage"),
        ("eager_attention", "eager"),
    )
    return next((name for key, name in flags if config.on(key)), None)


def _kernel(config: Config) -> str | None:
    if config.on("cut_cross_entropy") or config.on("liger_fused_linear_cross_entropy"):
        return "fused"
    return "chunked" if config.on("chunked_cross_entropy") else None


def _sharding(config: Config) -> Sharding | None:
    if config.said("fsdp", "fsdp_config") and not config.said("deepspeed"):
        version = config.number("fsdp_version") or config.number("fsdp_config.fsdp_version")
        return "fsdp2" if version == 2 else "fsdp1"
    return sharding_of(config)


_URLS: Final = ("http://", "https://")
_REMOTE: Final = ("s3://", "gs://", "gcs://", "az://", "abfs://", "oci://")


def _datasets(config: Config, *keys: str) -> tuple[DatasetRef, ...]:
    found = []
    for key in keys:
        role: Any = "evaluation" if key == "test_datasets" else "train"
        value = config.get(key)
        entries: list[tuple[Path, Any]] = config.items(key)
        if isinstance(value, str | dict):
            entries = [((key,), value)]
        for path, one in entries:
            name, at = (
                (one, path)
                if isinstance(one, str)
                else (one.get("path"), (*path, "path"))
                if isinstance(one, dict)
                else ("", path)
            )
            if isinstance(name, str) and name:
                options = one if isinstance(one, dict) else {}
                found.append(
                    DatasetRef(
                        name=name,
                        at=at,
                        kind="url" if name.startswith((*_URLS, *_REMOTE)) else "either",
                        role=role,
                        files=names_of(options.get("data_files")) or (),
                        split=options.get("split") if isinstance(options.get("split"), str) else None,
                        shape=options.get("type") if isinstance(options.get("type"), str) else None,
                        columns=_columns(options),
                    )
                )
    return tuple(found)


def _columns(options: dict[str, Any]) -> dict[str, str]:
    return {key[len("field_") :]: value for key, value in options.items() if key.startswith("field_") and isinstance(value, str)}


TRAINER = Trainer(
    name="axolotl",
    title="Axolotl",
    version="0.19.0",
    table="axolotl",
    detect=_detect,
    plan=_plan,
    syntaxes=frozenset({"yaml"}),
    required=(
        Required(("base_model",), "it is the model that is trained"),
        Required(("learning_rate",), "Axolotl has no default rate"),
        Required(("datasets", "pretraining_dataset"), "there is nothing to train on", unless=("plugins",)),
    ),
    checks_types=True,
    refused_keys=_REFUSED,
    conflicts=conflicts,
    open_keys=lambda config: any(not str(one).startswith("axolotl.") for _, one in config.items("plugins")),
)
