"""Unsloth's command line and studio: YAML or JSON in sections, which refuses keys that it does not know."""

from collections.abc import Iterator

from tunelint.core.plan import DatasetRef, TrainingPlan
from tunelint.text.tree import Tree
from tunelint.trainers.base import Config, Conflict, Draft, Required, Trainer, has_mapping, to_path

__all__ = ["TRAINER"]

_SAME = (
    ("model", "model"),
    ("learning_rate", "training.learning_rate"),
    ("scheduler", "training.lr_scheduler_type"),
    ("optimizer", "training.optim"),
    ("weight_decay", "training.weight_decay"),
    ("warmup_steps", "training.warmup_steps"),
    ("warmup_ratio", "training.warmup_ratio"),
    ("epochs", "training.num_epochs"),
    ("max_steps", "training.max_steps"),
    ("micro_batch", "training.batch_size"),
    ("accumulation", "training.gradient_accumulation_steps"),
    ("sequence_length", "training.max_seq_length"),
    ("packing", "training.packing"),
    ("lora_rank", "lora.lora_r"),
    ("lora_alpha", "lora.lora_alpha"),
    ("lora_dropout", "lora.lora_dropout"),
    ("rslora", "lora.use_rslora"),
    ("seed", "training.random_seed"),
)


def _detect(tree: Tree) -> float:
    model = tree.keys().get("model")
    if model is None or not model.scalar:
        return 0.0
    marks = has_mapping(tree, "training", "training_type", "load_in_4bit", "train_on_completions", "max_seq_length")
    rest = has_mapping(tree, "lora", "lora_r", "lora_alpha") + has_mapping(
        tree, "data", "local_dataset", "format_type", "dataset"
    )
    return 20.0 + rest if marks and rest else 0.0


def _plan(config: Config) -> TrainingPlan:
    draft = Draft(config)
    draft.take_all(_SAME)
    kind = config.text("training.training_type")
    if kind:
        draft.put("tuning", "full" if kind == "full" else "lora", "training.training_type")
    if config.get("training.load_in_4bit") is not None:
        draft.put("bits", 4 if config.on("training.load_in_4bit") else None, "training.load_in_4bit")
    completions = config.get("training.train_on_completions")
    if completions is not None:
        draft.put("trains_on_prompt", not config.on("training.train_on_completions"), "training.train_on_completions")
    files = [(path, one) for path, one in config.items("data.local_dataset") if isinstance(one, str)]
    if isinstance(config.get("data.local_dataset"), str):
        files = [(to_path("data.local_dataset"), config.text("data.local_dataset"))]
    shape = config.text("data.format_type") or None
    found = [DatasetRef(name=name, at=path, kind="file", shape=shape) for path, name in files]
    if config.text("data.dataset"):
        found.append(DatasetRef(name=config.text("data.dataset"), at=to_path("data.dataset"), kind="hub", shape=shape))
    draft.put("datasets", tuple(found), "data")
    return draft.finish(
        method="sft", tuning="lora", learning_rate=2e-4, epochs=3.0, micro_batch=2, accumulation=4, warmup_steps=5.0, sequence_length=2048,
        lora_rank=64, lora_alpha=16.0, trains_on_prompt=True, checkpointing=True, loss_kernel="fused", seed=3407, overlong="truncate",
    )  # fmt: skip


def _conflicts(config: Config) -> Iterator[Conflict]:
    if config.plan.tuning == "full" and not config.off("training.load_in_4bit"):
        at = "training.load_in_4bit" if config.has("training.load_in_4bit") else "training.training_type"
        yield Conflict(
            "TRN008",
            to_path(at),
            "training_type: full with load_in_4bit, which is on unless it is turned off",
            "set load_in_4bit: false, or training_type: lora",
            also=(to_path("training.training_type"),),
        )


TRAINER = Trainer(
    name="unsloth",
    title="Unsloth",
    version="2026.10.9",
    table="unsloth",
    detect=_detect,
    plan=_plan,
    required=(Required(("model",), "it is the model that is trained"),),
    conflicts=_conflicts,
)
