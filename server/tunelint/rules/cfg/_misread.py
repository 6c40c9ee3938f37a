"""Plain words of YAML that a loader takes for something else than is meant."""

import re
from typing import Final

from tunelint.trainers.base import Config, Member

__all__ = ["is_boolean_word", "is_number_text"]

_WORDS: Final = frozenset({"no", "off", "yes", "on"})
_STRATEGIES: Final = frozenset(
    {"eval_strategy", "evaluation_strategy", "save_strategy", "logging_strategy", "hub_strategy", "report_to"}
)
_FORGIVEN: Final = frozenset({"mixed_precision"})
"""Keys of which the tool itself takes false for the word: Accelerate 1.15, `BaseConfig.from_yaml_file`."""

_NUMBER: Final = re.compile(r"[-+]?[0-9][0-9_]*(?:\.[0-9_]*)?[eE][-+]?[0-9]+")
_WHOLE: Final = frozenset(
    {
        "max_steps", "eval_steps", "save_steps", "logging_steps", "warmup_steps", "sequence_len", "max_length", "max_seq_length",
        "micro_batch_size", "per_device_train_batch_size", "per_device_eval_batch_size", "gradient_accumulation_steps", "save_total_limit",
        "lora_r", "seed", "max_samples", "cutoff_len", "fsdp_min_num_params", "min_num_params", "dataset_num_proc", "num_generations",
        "max_completion_length", "max_prompt_length", "seq_len", "batch_size", "eval_batch_size", "num_processes",
    }
)  # fmt: skip
"""Keys that hold whole numbers in all tools that have them. Rates are left alone: every tool turns `1e-4` into a number."""


def is_boolean_word(config: Config, member: Member) -> bool:
    """Tell whether a word such as `no` became a boolean under a key that takes words and no switch."""
    path, entry, key, _ = member
    if entry.style != "plain" or not entry.scalar or entry.text.casefold() not in _WORDS:
        return False
    if not isinstance(config.tree.decode(entry, config.loader), bool) or path[-1] in _FORGIVEN:
        return False
    if key is not None and key.types:
        return "string" in key.types and "boolean" not in key.types
    return path[-1] in _STRATEGIES and len(path) == 1


def is_number_text(config: Config, member: Member) -> bool:
    """Tell whether a number with an exponent stayed a text under a key that takes whole numbers."""
    path, entry, key, _ = member
    if entry.style != "plain" or not entry.scalar or _NUMBER.fullmatch(entry.text) is None:
        return False
    if not isinstance(config.tree.decode(entry, config.loader), str):
        return False
    if key is not None and key.types:
        named = "string" in key.types and path[-1] not in _WHOLE
        return "integer" in key.types and "number" not in key.types and not named
    return path[-1] in _WHOLE
