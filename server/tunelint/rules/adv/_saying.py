"""What the rules about the verdict share: words for its reasons, and the records that are evidence."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from tunelint.core.finding import Related
from tunelint.text.numbers import plain

if TYPE_CHECKING:
    from tunelint.advice.measured import Measured
    from tunelint.advice.verdict import Signal, Verdict

__all__ = ["brief", "evidence_records", "measured_words", "reasons"]

_CHANCE: Final = 0.05
"""Probability below which a difference is taken to be more than chance."""

_LONGEST: Final = 120
"""Characters of a message."""


def brief(words: str, verdict: "Verdict") -> str:
    """Return a message: some words, and the first reason as far as it fits."""
    says = verdict.signals[0].says
    for end in (len(says), says.find(":"), says.find(";"), says.find(",")):
        if end > 0 and len(words) + 2 + end <= _LONGEST:
            return f"{words}: {says[:end]}"
    return words


def measured_words(measured: "Measured") -> tuple[str, bool]:
    """Return what the best prompt scored, and whether a tuned model was measured to be better by more than chance."""
    best = measured.best
    assert best is not None
    shown = f"{best.shots} examples" if best.shots > 1 else "1 example" if best.shots else "no examples"
    said = f"measured: a prompt with {shown} scores {best.score.value:.0%} ({best.score.low:.0%} to {best.score.high:.0%})"
    tuned = next((one for one in measured.differences if one.second == "tuned" and one.p < _CHANCE), None)
    if tuned is None:
        return f"{said} on {best.rows:,} held-out rows", False
    points = abs(100 * tuned.value)
    return f"{said}, the tuned model {points:.0f} points {'more' if tuned.value > 0 else 'less'}", tuned.value > 0


def reasons(signals: "Sequence[Signal]", advice: str, message: str = "") -> str:
    """Return a help line: the reasons that the message has not said, what they are measured against, and what to do."""
    said = [f"{one.says}{_against(one)}" for one in signals if one.says not in message]
    return "; ".join([*said, advice])


def _against(one: "Signal") -> str:
    return f" (threshold {plain(one.threshold)})" if one.threshold is not None else ""


def evidence_records(verdict: "Verdict") -> tuple[Related, ...]:
    """Return the records that are evidence."""
    return tuple(Related(clue.says, clue.handle) for clue in verdict.clues)
