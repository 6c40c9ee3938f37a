"""The body of a fine-tuning job of Together."""

from collections.abc import Iterator

from tunelint.core.plan import TrainingPlan
from tunelint.text.tree import Tree
from tunelint.trainers.base import Config, Conflict, Draft, Required, Trainer, count_keys, to_path
from tunelint.trainers.openai import TOGETHER_KEYS

__all__ = ["TRAINER"]

_SAME = (
    ("model", "model"),
    ("epochs", "n_epochs"),
    ("global_batch", "batch_size"),
    ("learning_rate", "learning_rate"),
    ("warmup_ratio", "warmup_ratio"),
    ("max_grad_norm", "max_grad_norm"),
    ("weight_decay", "weight_decay"),
    ("lora_rank", "training_type.lora_r"),
    ("lora_rank", "lora_r"),
    ("lora_alpha", "training_type.lora_alpha"),
    ("lora_alpha", "lora_alpha"),
    ("lora_dropout", "training_type.lora_dropout"),
    ("lora_targets", "training_type.lora_trainable_modules"),
    ("lora_targets", "lora_trainable_modules"),
    ("beta", "training_method.dpo_beta"),
    ("beta", "dpo_beta"),
    ("packing", "packing"),
)


def _detect(tree: Tree) -> float:
    there = tree.keys()
    return (
        10.0 + count_keys(tree, TOGETHER_KEYS)
        if "training_file" in there and count_keys(tree, TOGETHER_KEYS) and "trainingType" not in there
        else 0.0
    )


def _plan(config: Config) -> TrainingPlan:
    draft = Draft(config)
    draft.take_all(_SAME)
    kind = config.text("training_type.type")
    if kind:
        draft.put("tuning", "full" if kind == "Full" else "lora", "training_type.type")
    elif config.get("lora") is not None:
        draft.put("tuning", "full" if config.off("lora") else "lora", "lora")
    method = config.text("training_method.method") or config.text("training_method")
    draft.put("method", method if method in {"sft", "dpo"} else None, "training_method")
    trains = config.get("training_method.train_on_inputs", config.get("train_on_inputs"))
    if isinstance(trains, bool):
        draft.put("trains_on_prompt", trains, "training_method.train_on_inputs", "train_on_inputs")
    draft.uploaded("training_file", "validation_file")
    draft.values["hosted"] = True
    return draft.finish(
        method="sft", tuning="lora", learning_rate=1e-5, epochs=1.0, warmup_ratio=0.0, max_grad_norm=1.0, packing=True, beta=0.1
    )


def _conflicts(config: Config) -> Iterator[Conflict]:
    if (config.number("n_evals") or 0) > 0 and not config.said("validation_file"):
        yield Conflict(
            "TRN010",
            to_path("n_evals"),
            "n_evals is set, and there is no validation_file",
            "name a validation file, or set n_evals to 0",
        )


TRAINER = Trainer(
    name="together",
    title="Together",
    table="together",
    detect=_detect,
    plan=_plan,
    required=(Required(("model", "from_checkpoint"), "it is the model that is trained"),),
    conflicts=_conflicts,
)
