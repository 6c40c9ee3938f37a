"""What the rules about the verdict share: words for its reasons, and the records that are evidence."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from tunelint.core.finding import Related

if TYPE_CHECKING:
    from tunelint.advice.verdict import Signal, Verdict

__all__ = ["brief", "evidence_records", "reasons"]

_LONGEST: Final = 120
"""Characters of a message."""


def brief(words: str, verdict: "Verdict") -> str:
    """Return a message: some words, and the first reason as far as it fits."""
    says = verdict.signals[0].says
    for end in (len(says), says.find(":"), says.find(";"), says.find(",")):
        if end > 0 and len(words) + 2 + end <= _LONGEST:
            return f"{words}: {says[:end]}"
    return words


def reasons(signals: "Sequence[Signal]", advice: str) -> str:
    """Return a help line: the other reasons, what they are measured against, and what to do."""
    said = [f"{one.says}{_against(one)}" for one in signals]
    return "; ".join([*said, advice])


def _against(one: "Signal") -> str:
    return f" (threshold {one.threshold:g})" if one.threshold is not None else ""


def evidence_records(verdict: "Verdict") -> tuple[Related, ...]:
    """Return the records that are evidence."""
    return tuple(Related(clue.says, clue.handle) for clue in verdict.clues)
