"""What reasons are written with."""

from collections.abc import Callable, Sequence
from typing import Final

from tunelint.advice import published
from tunelint.advice.signals import Signals
from tunelint.advice.verdict import Clue, Hint, Lean, Signal, Strength, Verdict, VerdictName

__all__ = ["clues", "number", "percent", "rate", "said"]

_CLUES: Final = 3
"""Records that are named as evidence."""

Reason = Callable[[Signals], Verdict | None]
"""Gives a verdict where it holds."""


def percent(value: float) -> str:
    """Return a share in words."""
    return f"{100 * value:.0f} %"


def number(name: str, value: float, threshold: float | None, says: str, source: str = published.OWN) -> Signal:
    """Return a reason that is a number of this file."""
    return Signal(name, round(value, 4), threshold, says, source)


def rate(kind: str) -> Signal:
    """Return a reason that is a published base rate."""
    rate = published.base_rate(kind)
    return Signal("base-rate", round(rate.within / rate.tasks, 4), None, f"{rate.kind}: {rate}", published.LORA_LAND)


def said(
    signals: Signals,
    verdict: VerdictName,
    strength: Strength,
    *reasons: Signal,
    hints: Sequence[Hint] = (),
    leans: Lean | None = None,
    clues: Sequence[Clue] = (),
) -> Verdict:
    """Return a verdict on the file."""
    study = signals.study
    return Verdict(
        verdict,
        strength,
        study.task.kind,
        reasons,
        tuple(dict.fromkeys([*hints, "structured-outputs"] if study.wrapped else hints)),
        leans,
        tuple(clues),
        records=study.records,
        sampled=len(study.rows),
    )


def clues(signals: Signals, indices: Sequence[int], says: str) -> list[Clue]:
    """Return the first of some rows as evidence."""
    return [Clue(signals.study.rows[index].handle, says) for index in indices[:_CLUES]]
