"""The body of a fine-tuning job of OpenAI."""

from collections.abc import Iterator
from typing import Final

from tunelint.core.finding import Severity
from tunelint.core.plan import TrainingPlan
from tunelint.text.tree import Tree
from tunelint.trainers.base import Config, Conflict, Draft, Required, Trainer, count_keys, to_number, to_path

__all__ = ["TOGETHER_KEYS", "TRAINER", "job_conflicts", "job_plan"]

TOGETHER_KEYS: Final = (
    "training_type",
    "lora",
    "n_checkpoints",
    "n_evals",
    "training_method",
    "lora_r",
    "from_checkpoint",
    "packing",
)
_METHODS: Final = {"supervised": "sft", "dpo": "dpo", "reinforcement": "reinforcement"}
_EPOCHS: Final = (1, 50)
_BATCH: Final = (1, 256)
_SEED: Final = (0, 2147483647)
_SUFFIX: Final = 64
"""Bounds of OpenAI's own description of its interface (openapi.json, August 2026)."""


def _detect(tree: Tree) -> float:
    there = tree.keys()
    if count_keys(tree, TOGETHER_KEYS) or "trainingType" in there:
        return 0.0
    return 10.0 if "training_file" in there and ("model" in there or "method" in there or "hyperparameters" in there) else 0.0


def _places(config: Config) -> list[str]:
    """Return where hyperparameters are said: the section of the method, and the old one at the top."""
    method = config.text("method.type")
    return [place for place in (f"method.{method}.hyperparameters", "hyperparameters") if isinstance(config.get(place), dict)]


def job_plan(config: Config) -> TrainingPlan:
    """Return the plan of a job; ``auto`` counts as not said."""
    draft = Draft(config)
    draft.take("model", "model")
    draft.take("seed", "seed")
    for place in _places(config):
        draft.take_all(
            (
                ("epochs", f"{place}.n_epochs"),
                ("global_batch", f"{place}.batch_size"),
                ("rate_multiplier", f"{place}.learning_rate_multiplier"),
                ("beta", f"{place}.beta"),
            )
        )
    draft.put("method", _METHODS.get(config.text("method.type")), "method.type")
    draft.uploaded("training_file", "validation_file")
    draft.values["hosted"] = True
    return draft.finish(method="sft", beta=0.1)


def job_conflicts(config: Config) -> Iterator[Conflict]:
    """Yield what the interface refuses."""
    method = config.text("method.type")
    sections = config.get("method")
    if method and method not in _METHODS:
        yield Conflict(
            "CFG004",
            to_path("method.type"),
            f"method.type is {method!r}, and there are {', '.join(_METHODS)}",
            "the job is refused",
        )
    elif method and isinstance(sections, dict):
        for other in sorted(set(_METHODS) & set(sections) - {method}):
            yield Conflict(
                "TRN018",
                to_path(f"method.{other}"),
                f"method.type is {method}, and this section is for {other}",
                "its settings are not used: rename the section or the type",
                also=(to_path("method.type"),),
            )
    places = _places(config)
    if len(places) == 2:
        yield Conflict(
            "TRN018",
            to_path("hyperparameters"),
            f"hyperparameters at the top, and in method.{method} too",
            "the one at the top is deprecated: keep that of the method",
            also=(to_path(places[0]),),
        )
    if places == ["hyperparameters"] and config.trainer.name == "openai":
        wanted = f"method.{method or 'supervised'}.hyperparameters"
        yield Conflict(
            "CFG003",
            to_path("hyperparameters"),
            f"hyperparameters at the top is deprecated; write {wanted}",
            "OpenAI still takes it, and will drop it",
            Severity.INFORMATION,
        )
    for place in places:
        yield from _bounds(config, place)
    suffix = config.get("suffix")
    if isinstance(suffix, str) and not 1 <= len(suffix) <= _SUFFIX:
        yield Conflict(
            "CFG004",
            to_path("suffix"),
            f"the suffix has {len(suffix)} characters, and may have 1 to {_SUFFIX}",
            "the job is refused",
        )


def _bounds(config: Config, place: str) -> Iterator[Conflict]:
    for key, (least, most) in (("n_epochs", _EPOCHS), ("batch_size", _BATCH)):
        value = config.get(f"{place}.{key}")
        number = to_number(value)
        if value is None or value == "auto":
            continue
        if number is None or isinstance(value, str) or not number.is_integer() or not least <= number <= most:
            yield Conflict(
                "CFG004",
                to_path(f"{place}.{key}"),
                f"{key} is {value!r}, and must be auto or {least} to {most}"[:120],
                "the job is refused",
            )
    rate = to_number(config.get(f"{place}.learning_rate_multiplier"))
    if rate is not None and rate <= 0:
        yield Conflict(
            "CFG004",
            to_path(f"{place}.learning_rate_multiplier"),
            f"learning_rate_multiplier is {rate:g}, and must be above 0",
            "the job is refused",
        )
    beta = to_number(config.get(f"{place}.beta"))
    if beta is not None and not 0 < beta <= 2:
        yield Conflict(
            "CFG004", to_path(f"{place}.beta"), f"beta is {beta:g}, and must be above 0 and at most 2", "the job is refused"
        )


TRAINER = Trainer(
    name="openai",
    title="OpenAI",
    table="openai",
    detect=_detect,
    plan=job_plan,
    required=(
        Required(("model",), "it is the model that is trained"),
        Required(("training_file",), "there is nothing to train on"),
    ),
    conflicts=job_conflicts,
)
