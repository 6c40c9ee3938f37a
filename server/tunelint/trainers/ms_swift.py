"""ms-swift: YAML or JSON of the arguments that its commands take.

The keys become words of a command line, and what is left over is refused (`pipelines/base.py`), or named in a warning with
``ignore_args_error``. The table holds the arguments of all commands, those of Megatron and Ray with them.
"""

from typing import Any, Final

from tunelint.core.plan import DatasetRef, TrainingPlan
from tunelint.text.tree import Tree
from tunelint.trainers._attention import attention_of
from tunelint.trainers._huggingface import DEFAULTS, take_arguments
from tunelint.trainers.base import Config, Draft, Trainer, count_keys, names_of

__all__ = ["TRAINER"]

_OWN: Final = (
    "tuner_type", "train_type", "rlhf_type", "split_dataset_ratio", "attn_impl", "val_dataset", "model_author", "use_ray",
    "external_plugins", "dataset_num_proc", "load_from_cache_file", "truncation_strategy", "padding_free", "ckpt_dir",
    "load_dataset_config", "val_dataset_sample", "sampler_type", "device_groups", "prm_model", "orm_model",
)  # fmt: skip
_SAME: Final = (
    ("model", "model"),
    ("sequence_length", "max_length"),
    ("packing", "packing"),
    ("lora_rank", "lora_rank"),
    ("lora_alpha", "lora_alpha"),
    ("lora_dropout", "lora_dropout"),
    ("lora_targets", "target_modules"),
    ("modules_to_save", "modules_to_save"),
    ("bits", "quant_bits"),
    ("dora", "use_dora"),
    ("rslora", "use_rslora"),
    ("beta", "beta"),
    ("template", "template"),
    ("evaluation_share", "split_dataset_ratio"),
    ("streaming", "streaming"),
)


def _detect(tree: Tree) -> float:
    if count_keys(
        tree, ("base_model", "model_name_or_path", "zero_optimization", "compute_environment", "_component_", "training_file")
    ):
        return 0.0
    own = count_keys(tree, _OWN)
    if own and count_keys(tree, ("tuner_type", "train_type", "rlhf_type")) and count_keys(tree, ("model", "dataset")) == 2:
        return 5.0 + own
    return 5.0 + own if own >= 2 else 0.0


def _plan(config: Config) -> TrainingPlan:
    draft = Draft(config)
    take_arguments(draft)
    draft.take_all(_SAME)
    kind = config.text("tuner_type") or config.text("train_type")
    tunings: dict[str, Any] = {"lora": "lora", "full": "full"}
    draft.put("tuning", tunings.get(kind, "other" if kind else None), "tuner_type", "train_type")
    method = config.text("rlhf_type")
    draft.put("method", {"gkd": "distillation", "rm": "reward"}.get(method, method) or None, "rlhf_type")
    draft.put("attention", attention_of(config.get("attn_impl")), "attn_impl")
    if draft.get("lora_targets") in {("all-linear",), ("all_linear",)}:
        draft.values["lora_targets"] = ("all-linear",)
    draft.put("datasets", _datasets(config, "dataset", "train"), "dataset")
    draft.put("evaluation_datasets", _datasets(config, "val_dataset", "evaluation"), "val_dataset")
    megatron = config.has("micro_batch_size")
    learning_rate = None if megatron else 1e-4 if draft.get("tuning") != "full" else 1e-5
    return draft.finish(
        **DEFAULTS
        | {
            "tuning": "lora",
            "learning_rate": learning_rate,
            "lora_rank": 8,
            "lora_alpha": 32.0,
            "lora_targets": ("all-linear",),
            "evaluation_share": 0.0,
        }
    )


def _datasets(config: Config, key: str, role: Any) -> tuple[DatasetRef, ...]:
    """Return the datasets of a list; behind a name may stand ``:subset`` and ``#number``."""
    value = config.get(key)
    entries = config.items(key) if isinstance(value, list) else [((key,), one) for one in names_of(value) or ()]
    found = []
    for path, one in entries:
        if isinstance(one, str) and one:
            name = one.partition("#")[0]
            local = name.endswith((".jsonl", ".json", ".csv", ".txt"))
            found.append(DatasetRef(name=name, at=path, kind="file" if local else "either", role=role))
    return tuple(found)


def _is_lenient(config: Config) -> bool:
    """Tell whether unknown keys stop nothing that costs: they are ignored, or the config only asks a model that is trained."""
    return config.on("ignore_args_error") or not config.said(
        "dataset", "cached_dataset", "val_dataset", "megatron", "train", "model"
    )


TRAINER = Trainer(
    name="ms-swift",
    title="ms-swift",
    version="4",
    table="ms-swift",
    detect=_detect,
    plan=_plan,
    open_keys=_is_lenient,
)
