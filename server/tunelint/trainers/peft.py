"""PEFT's ``adapter_config.json``: what an adapter is, beside its weights."""

from collections.abc import Iterator

from tunelint.core.plan import TrainingPlan
from tunelint.text.tree import Tree
from tunelint.trainers.base import Config, Conflict, Draft, Trainer

__all__ = ["TRAINER"]

_SAME = (
    ("model", "base_model_name_or_path"),
    ("lora_rank", "r"),
    ("lora_alpha", "lora_alpha"),
    ("lora_dropout", "lora_dropout"),
    ("lora_targets", "target_modules"),
    ("modules_to_save", "modules_to_save"),
    ("dora", "use_dora"),
    ("rslora", "use_rslora"),
)


def _detect(tree: Tree) -> float:
    there = tree.keys()
    return (
        10.0
        if "peft_type" in there and ("base_model_name_or_path" in there or "task_type" in there or "inference_mode" in there)
        else 0.0
    )


def _plan(config: Config) -> TrainingPlan:
    draft = Draft(config)
    if config.text("peft_type").upper() == "LORA":
        draft.take_all(_SAME)
        draft.put("tuning", "lora", "peft_type")
        return draft.finish(lora_rank=8, lora_alpha=8.0, lora_dropout=0.0)
    draft.take("model", "base_model_name_or_path")
    draft.put("tuning", "other", "peft_type")
    return draft.finish()


def _conflicts(config: Config) -> Iterator[Conflict]:
    """Yield what `LoraConfig.__post_init__` refuses."""
    if config.text("peft_type").upper() != "LORA":
        return
    for key in ("layers_to_transform", "layers_pattern"):
        if config.said(key) and isinstance(config.get("target_modules"), str):
            message = f"{key} does not work with target_modules as a regular expression"
            yield Conflict("TRN018", (key,), message, "name the modules in a list", also=(("target_modules",),))
    if config.get("layers_pattern") and not config.said("layers_to_transform"):
        yield Conflict("TRN018", ("layers_pattern",), "layers_pattern wants layers_to_transform", "PEFT refuses the one alone")


TRAINER = Trainer(
    name="peft",
    title="PEFT",
    version="0.21.2",
    table="peft",
    detect=_detect,
    plan=_plan,
    syntaxes=frozenset({"json"}),
    loader="json",
    conflicts=_conflicts,
)
