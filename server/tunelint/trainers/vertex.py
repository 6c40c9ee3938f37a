"""The body of a tuning job of Vertex AI."""

from collections.abc import Iterator
from typing import Final

from tunelint.core.plan import TrainingPlan
from tunelint.text.tree import Tree
from tunelint.trainers.base import Config, Conflict, Draft, Required, Trainer, count_keys, to_path

__all__ = ["TRAINER"]

_SPECS: Final = {"supervisedTuningSpec": "sft", "preferenceOptimizationSpec": "dpo"}
_SIZES: Final = ("ONE", "TWO", "FOUR", "EIGHT", "SIXTEEN", "THIRTY_TWO")


def _detect(tree: Tree) -> float:
    return 10.0 if count_keys(tree, _SPECS) else 0.0


def _spec(config: Config) -> str:
    return next((spec for spec in _SPECS if config.has(spec)), "supervisedTuningSpec")


def _plan(config: Config) -> TrainingPlan:
    draft = Draft(config)
    spec = _spec(config)
    draft.take("model", "baseModel")
    draft.take("epochs", f"{spec}.hyperParameters.epochCount")
    draft.take("rate_multiplier", f"{spec}.hyperParameters.learningRateMultiplier")
    draft.take("beta", f"{spec}.hyperParameters.beta")
    draft.put("method", _SPECS[spec], spec)
    draft.uploaded(f"{spec}.trainingDatasetUri", f"{spec}.validationDatasetUri")
    draft.values["hosted"] = True
    return draft.finish(tuning="lora")


def _conflicts(config: Config) -> Iterator[Conflict]:
    spec = _spec(config)
    size = config.get(f"{spec}.hyperParameters.adapterSize")
    if size is not None and str(size) not in {*(f"ADAPTER_SIZE_{word}" for word in _SIZES), "ADAPTER_SIZE_UNSPECIFIED"}:
        yield Conflict(
            "CFG004",
            to_path(f"{spec}.hyperParameters.adapterSize"),
            f"adapterSize is {size!r}, and must be ADAPTER_SIZE_ with {', '.join(_SIZES)}"[:120],
            "the job is refused",
        )


TRAINER = Trainer(
    name="vertex",
    title="Vertex AI",
    table="vertex",
    detect=_detect,
    plan=_plan,
    required=(
        Required(("baseModel", "preTunedModel"), "it is the model that is trained"),
        Required(("trainingDatasetUri",), "there is nothing to train on", within="supervisedTuningSpec"),
        Required(("trainingDatasetUri",), "there is nothing to train on", within="preferenceOptimizationSpec"),
    ),
    conflicts=_conflicts,
)
