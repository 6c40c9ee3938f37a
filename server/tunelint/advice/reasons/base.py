"""What reasons are written with."""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Final

from tunelint.advice import published
from tunelint.advice.signals import Signals
from tunelint.advice.titles import SIGNALS
from tunelint.advice.verdict import Clue, Hint, Lean, Signal, Strength, Verdict, VerdictName

__all__ = [
    "MANY",
    "REWORDED",
    "clues",
    "clues_where",
    "copied_clues",
    "label_clues",
    "number",
    "own_clues",
    "percent",
    "rate",
    "said",
    "uncovered_clues",
]

_LABEL: Final = 40
_CLUES: Final = 3
"""Records that are named as evidence."""

MANY: Final = 500
"""A style was learnt from 1,000 examples (LIMA); half of that is enough not to argue against trying. With fewer
a prompt comes first, whatever it may lack: there is little to learn from."""

REWORDED: Final = 0.3
"""Of a short answer in other words three in ten are still its request's; a fact about something shares fewer with it."""

Reason = Callable[[Signals], Verdict | None]
"""Gives a verdict where it holds."""


def percent(value: float) -> str:
    """Return a share in words."""
    return f"{100 * value:.0f}%"


def number(name: str, value: float, threshold: float | None, says: str, source: str = published.OWN) -> Signal:
    """Return a reason that is a number, of this file unless the source says otherwise."""
    return Signal(name, round(value, 4), threshold, says, source, SIGNALS[name])


def rate(kind: str) -> Signal:
    """Return a reason that is a published base rate."""
    rate = published.base_rate(kind)
    return number("base-rate", rate.within / rate.tasks, None, f"{rate.kind}: {rate}", published.LORA_LAND)


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


def clues_where(signals: Signals, holds: Callable[[str, str], bool], says: str) -> list[Clue]:
    """Return as evidence the first rows asked whose request and answer are as they are said to be."""
    study = signals.study
    found = (index for index in study.asked if holds(study.cores[index], study.answers[index]))
    return clues(signals, [*islice(found, _CLUES)], says)


def copied_clues(signals: Signals) -> list[Clue]:
    """Return as evidence rows whose answers stand in their requests."""
    return clues(signals, signals.grounding.copied, "its answer stands in the request")


def own_clues(signals: Signals) -> list[Clue]:
    """Return as evidence rows whose answers are in words of their own."""
    return clues(signals, signals.grounding.copied[::-1], "its answer is in words of its own")


def label_clues(signals: Signals) -> list[Clue]:
    """Return as evidence one row of each of the commonest answers."""
    study = signals.study
    first: dict[str, int] = {}
    for index, answer in enumerate(study.normal_answers):
        first.setdefault(answer, index)
    common = [answer for answer, _ in Counter(study.normal_answers).most_common(_CLUES)]
    return [Clue(study.rows[first[answer]].handle, f"a record with the answer {answer[:_LABEL]!r}") for answer in common]


def uncovered_clues(signals: Signals) -> list[Clue]:
    """Return as evidence rows whose answers hold what a prompt of fixed examples does not show, or words of their own."""
    uncovered = signals.material.uncovered
    return clues(signals, uncovered, "32 examples do not show what its answer is made of") if uncovered else own_clues(signals)


def clues(signals: Signals, indices: Sequence[int], says: str) -> list[Clue]:
    """Return the first of some rows as evidence."""
    return [Clue(signals.study.rows[index].handle, says) for index in indices[:_CLUES]]
