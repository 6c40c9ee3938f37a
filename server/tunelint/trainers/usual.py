"""What others write: the values of the important keys in published configs, by tool and by what is trained.

`usual.json` is made by ``python -m tunelint.dev usual``, from configs that the project does not contain.
"""

import functools
from pathlib import Path
from typing import Final

import msgspec

from tunelint.core.plan import PREFERENCE_METHODS, REINFORCEMENT_METHODS, TrainingPlan

__all__ = ["FILE", "OF_RANK", "Usual", "UsualTable", "Value", "kind_of", "usual_of", "usual_table"]

FILE: Final = Path(__file__).with_name("usual.json")

OF_RANK: Final = "/r"
"""Behind the key of alpha, this stands for the multiple of the rank that alpha is."""

Value = int | float | str


class Usual(msgspec.Struct, frozen=True, array_like=True):
    """What a key is set to in the configs of a kind: how many say it, and the most frequent values with how many say them.

    Values that only one config has are left out.
    """

    kind: str
    """Such as ``LoRA`` or ``full tuning, preferences``; empty for configs of all kinds."""
    configs: int
    values: tuple[tuple[Value, int], ...]


class UsualTable(msgspec.Struct, frozen=True):
    """The values that were seen, by tool and key; those of all kinds come last."""

    date: str
    """The day of the newest config."""
    configs: int
    tools: dict[str, dict[str, tuple[Usual, ...]]]


@functools.cache
def usual_table() -> UsualTable:
    """Return what was seen in published configs."""
    return msgspec.json.decode(FILE.read_bytes(), type=UsualTable)


def kind_of(plan: TrainingPlan) -> str:
    """Return what a config trains, as far as it decides which values are usual; empty where it does not say so."""
    tuning = {"full": "full tuning", "lora": "LoRA", "freeze": "some layers"}.get(plan.effective("tuning") or "", "")
    method = plan.effective("method")
    learns = "preferences" if method in PREFERENCE_METHODS else "reinforcement" if method in REINFORCEMENT_METHODS else ""
    return ", ".join(filter(None, (tuning, learns)))


def usual_of(tool: str, key: str, kind: str) -> Usual | None:
    """Return what configs of a kind set a key to or, where few of them do, those of all kinds; None where few do at all."""
    seen = usual_table().tools.get(tool, {}).get(key, ())
    return next((one for one in seen if one.kind == kind), None) or next((one for one in seen if not one.kind), None)
