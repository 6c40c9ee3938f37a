"""What the sources do not say in a form that a program can read: which key took another's place, and since when.

Each entry was read in the tool's own source, its release notes or its warnings in November 2026.
"""

from typing import Final

import msgspec

__all__ = ["RENAMES", "Rename"]


class Rename(msgspec.Struct, frozen=True):
    """What to write instead of a key: another name for the same value, or a key that takes another one.

    `deprecated` is the first release that warns of the old key, where the source does not mark it.
    """

    replacement: str | None = None
    deprecated: str | None = None
    instead: str | None = None


def _other(instead: str, deprecated: str | None = None) -> Rename:
    return Rename(None, deprecated, instead)


_TRANSFORMERS: Final = {
    "evaluation_strategy": Rename("eval_strategy"),
    "warmup_ratio": Rename("warmup_steps", "transformers 5.0.0"),
    "group_by_length": _other("train_sampling_strategy: group_by_length"),
    "gradient_checkpointing": Rename("activation_checkpointing", "transformers 5.23.0"),
    "gradient_checkpointing_kwargs": Rename("activation_checkpointing_kwargs", "transformers 5.23.0"),
    "no_cuda": Rename("use_cpu"),
    "per_gpu_train_batch_size": Rename("per_device_train_batch_size"),
    "per_gpu_eval_batch_size": Rename("per_device_eval_batch_size"),
    "push_to_hub_model_id": Rename("hub_model_id"),
    "push_to_hub_token": Rename("hub_token"),
    "push_to_hub_organization": _other("hub_model_id"),
    "adafactor": _other("optim: adafactor"),
    "torchdynamo": Rename("torch_compile_backend"),
    "dispatch_batches": _other("accelerator_config: {dispatch_batches: …}"),
    "split_batches": _other("accelerator_config: {split_batches: …}"),
    "fsdp_min_num_params": _other("fsdp_config: {min_num_params: …}"),
    "fsdp_transformer_layer_cls_to_wrap": _other("fsdp_config: {transformer_layer_cls_to_wrap: …}"),
    "include_inputs_for_metrics": _other("include_for_metrics: [inputs]"),
    "include_tokens_per_second": _other("include_num_input_tokens_seen"),
    "fp16_backend": _other("fp16"),
    "half_precision_backend": _other("fp16"),
}
"""Deprecation warnings of TrainingArguments, releases 4.41 to 5.24."""

RENAMES: Final[dict[str, dict[str, Rename]]] = {
    "transformers": _TRANSFORMERS,
    "llama-factory": {
        **_TRANSFORMERS,
        "new_special_tokens": Rename("add_special_tokens"),
        "image_dir": Rename("media_dir"),
        "image_resolution": Rename("image_max_pixels"),
        "video_resolution": Rename("video_max_pixels"),
    },
    "trl": {
        **_TRANSFORMERS,
        "max_seq_length": Rename("max_length"),
        "torch_dtype": Rename("dtype"),
        "use_liger": Rename("use_liger_kernel"),
        "use_liger_loss": Rename("use_liger_kernel"),
        "max_prompt_length": _other("max_length"),
        "max_target_length": Rename("max_completion_length"),
        "num_of_sequences": _other("packing"),
        "use_liger_kernel": _other("model_init_kwargs: {use_kernels: true}", "1.15.0"),
    },
    "accelerate": {
        "fp16": _other("mixed_precision: fp16"),
        "dynamo_backend": _other("dynamo_config: {dynamo_backend: …}"),
        "fsdp_config.fsdp_backward_prefetch_policy": Rename("fsdp_config.fsdp_backward_prefetch"),
    },
    "ms-swift": {  # it keeps the arguments that are only on their way out
        **{name: one for name, one in _TRANSFORMERS.items() if one.deprecated is None},
        "train_type": Rename("tuner_type"),
    },
    "torchtitan": {
        "job.print_args": Rename("job.print_config"),
        "lr_scheduler.lr_min": Rename("lr_scheduler.min_lr_factor"),
        "training.compile": _other("compile.enable"),
        "training.seed": _other("debug.seed"),
        "training.deterministic": _other("debug.deterministic"),
        "training.debug_moe_force_load_balance": _other("debug.moe_force_load_balance"),
        "checkpoint.enable_checkpoint": Rename("checkpoint.enable"),
        "checkpoint.initial_load_model_weights_only": Rename("checkpoint.initial_load_model_only"),
        "checkpoint.last_save_model_weights_only": Rename("checkpoint.last_save_model_only"),
        "float8": _other("quantize.linear.float8"),
        "mx": _other("quantize.linear.mx"),
        "memory_estimation.enabled": Rename("memory_estimation.enable"),
    },
    "axolotl": {
        "max_packed_sequence_len": _other("sample_packing: true"),
        "rope_scaling": _other("overrides_of_model_config: {rope_scaling: …}"),
        "gc_steps": Rename("gc_collect_steps"),
        "relora_steps": Rename("jagged_restart_steps"),
        "relora_warmup_steps": Rename("jagged_restart_warmup_steps"),
        "relora_anneal_steps": Rename("jagged_restart_anneal_steps"),
        "eval_table_size": _other("num_generation_samples"),
        "fsdp": _other("fsdp_config"),
    },
}
