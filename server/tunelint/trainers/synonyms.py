"""What one tool calls a setting and another calls otherwise: a key of the wrong tool is told its right name."""

from typing import Final

from tunelint.trainers.keys import KeyTable

__all__ = ["own_name", "takes_the_same"]

_SAME: Final = (
    ("learning_rate", "lr", "max_lr", "initial_lr"),
    ("num_epochs", "num_train_epochs", "epochs", "n_epochs"),
    ("micro_batch_size", "per_device_train_batch_size", "per_gpu_train_batch_size", "train_micro_batch_size_per_gpu"),
    ("gradient_accumulation_steps", "grad_accumulation_steps", "grad_accum_steps", "accumulation_steps", "gradient_accumulation"),
    (
        "sequence_len", "cutoff_len", "max_length", "max_seq_length", "max_seq_len", "seq_len", "seq_length", "sequence_length",
        "max_sequence_length", "context_length",
    ),
    ("lora_r", "lora_rank", "peft_lora_r"),
    ("lora_alpha", "peft_lora_alpha"),
    ("lora_target_modules", "lora_target", "target_modules"),
    ("lora_modules_to_save", "additional_target", "modules_to_save"),
    ("lr_scheduler", "lr_scheduler_type"),
    ("optimizer", "optim"),
    ("val_set_size", "val_size", "split_dataset_ratio"),
    ("train_on_inputs", "train_on_prompt"),
    ("sample_packing", "packing"),
    ("base_model", "model_name_or_path", "model", "model_id_or_path", "model_name", "model_id", "model_path"),
    ("wandb_name", "wandb_run_name", "run_name"),
    ("eval_strategy", "evaluation_strategy"),
    ("dtype", "torch_dtype"),
    ("eval_batch_size", "per_device_eval_batch_size"),
    ("seed", "random_seed"),
    ("beta", "pref_beta", "rl_beta", "dpo_beta"),
)  # fmt: skip
"""Groups of names for one setting with one meaning of its value, from the key tables and from published configs, November 2026."""

_LIKE: Final = (("micro_batch_size", "per_device_train_batch_size", "local_batch_size", "batch_size", "train_batch_size"),)
"""Names that are mistaken for each other although they may count differently: on one device or on all."""


def own_name(keys: KeyTable, name: str) -> str | None:
    """Return the living key beside `name` that stands for the same setting in this tool, None where there is none.

    `name` is dotted. Where a tool has several of a group the first is taken.
    """
    parent, _, leaf = name.rpartition(".")
    for group in (*_SAME, *_LIKE):
        if leaf in group:
            beside = (f"{parent}.{other}" if parent else other for other in group if other != leaf)
            found = next((one for one in beside if (key := keys.find(one)) is not None and key.until is None), None)
            if found is not None:
                return found
    return None


def takes_the_same(leaf: str, other: str) -> bool:
    """Tell whether two names stand for one setting, so that the value can stay as it is."""
    return any(leaf in group and other in group for group in _SAME)
