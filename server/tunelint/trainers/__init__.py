"""The tools that training configs are written for: one module a tool, found by looking; there is no list to keep.

A module of this package that defines ``TRAINER`` is a tool. Modules are imported when a text holds a word that only configs hold.
"""

import functools
import importlib
import pkgutil
import re

from tunelint.text.tree import Tree
from tunelint.trainers.base import Config, Conflict, Required, Trainer, count_keys

__all__ = ["Config", "Conflict", "Required", "Trainer", "all_trainers", "detect_trainer", "find_trainer", "may_be_config"]

_KEYS = (
    "base_model", "micro_batch_size", "sequence_len", "datasets", "dataset", "stage", "finetuning_type", "cutoff_len", "template",
    "model_name_or_path", "output_dir", "training", "model_id_or_path", "run_dir", "checkpoint_dir", "global_batch_size", "tuner_type",
    "train_type", "rlhf_type", "sampler_type", "sampler_engine", "ckpt_dir", "split_dataset_ratio", "zero_optimization",
    "train_micro_batch_size_per_gpu", "train_batch_size", "distributed_type", "peft_type", "training_file", "baseModel", "outputModel",
    "supervisedTuningSpec", "preferenceOptimizationSpec", "customModelName", "baseModelIdentifier", "file_name", "hf_hub_url",
    "ms_hub_url", "script_url", "compute_environment",
)  # fmt: skip
"""At least one of these keys stands in every config that a trainer is detected by: most YAML files are no configs at all, and are
left alone after one scan. A test holds it against the published configs."""


@functools.cache
def _hint() -> re.Pattern[str]:
    words = "|".join(_KEYS)
    return re.compile(rf"\b(?:{words})[\"']?[ \t]*[:=]|^[ \t]*\[training\]|_component_", re.MULTILINE)


def may_be_config(text: str) -> bool:
    """Tell whether a text has any key that a training config would have; cheap, and says yes to much that is none."""
    return _hint().search(text) is not None


@functools.cache
def all_trainers() -> dict[str, Trainer]:
    """Return every trainer by name, sorted."""
    found: dict[str, Trainer] = {}
    for module in pkgutil.iter_modules(__path__):
        one = getattr(importlib.import_module(f"{__name__}.{module.name}"), "TRAINER", None)
        if isinstance(one, Trainer):
            found[one.name] = one
    return dict(sorted(found.items()))


_OF_JOBS = (
    "status", "state", "created_at", "createTime", "createdAt", "creationTime", "updated_at", "updateTime", "fine_tuned_model", "jobArn",
)  # fmt: skip
"""Keys that only a service writes: when a job was made, and how far it is."""


def find_trainer(name: str) -> Trainer | None:
    """Return the trainer called `name`."""
    return all_trainers().get(name)


def detect_trainer(tree: Tree) -> Trainer | None:
    """Return the trainer that a config is written for, None for a text that is no config of a known one.

    Each trainer says how sure it is, from the keys that could be read; the surest one wins.
    """
    if not tree.keys() or _is_record(tree):
        return None
    sure = [(one.detect(tree), one.name, one) for one in all_trainers().values() if tree.syntax in one.syntaxes]
    best = max(sure, key=lambda entry: (entry[0], entry[1]), default=None)
    return best[2] if best is not None and best[0] > 0 else None


def _is_record(tree: Tree) -> bool:
    """Tell whether a text is what a service answers about a job: it has the keys of the request beside its state."""
    return tree.syntax == "json" and count_keys(tree, _OF_JOBS) >= 2
