"""Reasons about conversations that are about nothing in particular."""

from statistics import median
from typing import Final

from tunelint.advice import published
from tunelint.advice.reasons import whole
from tunelint.advice.reasons.base import clues, number, percent, said
from tunelint.advice.signals import Signals
from tunelint.advice.task import word_count
from tunelint.advice.verdict import Clue, Signal, Verdict

__all__ = ["small_talk"]

_TALKED: Final = 0.5
_OPENINGS: Final = 40
"""Turns of a conversation with one purpose begin with fewer different words in effect: it has a few things to say."""

_BEGINNINGS: Final = 20
_SPOKEN_TO: Final = 0.25
_ASKS: Final = (0.2, 0.8)
"""First turns that address whom they talk to, a quarter of them, some asking and some telling: who looks a fact up only asks."""

_SAID_WORDS: Final = 3
_COPY: Final = 0.3
_LIFT: Final = 0.05
_ASKED: Final = 0.6
"""Where most turns ask, it is for answers; where like turns have like answers, it is for something that recurs."""


def small_talk(signals: Signals) -> Verdict | None:
    """Judge conversations about anything, whose turns begin with anything and whose answers nothing foretells."""
    return _going_on(signals) or _about_you(signals)


def _going_on(signals: Signals) -> Verdict | None:
    """Judge turns in the middle of conversations."""
    if signals.kind != "text" or signals.foreign:
        return None
    rows = signals.study.rows
    talked = [index for index, row in enumerate(rows) if row.pair.earlier and not row.pair.instructions]
    share = len(talked) / len(rows)
    openings = signals.style.openings
    if share < _TALKED or openings < _OPENINGS:
        return None
    found = signals.grounding
    if found.copy >= _COPY or found.question >= _ASKED or signals.solvers.lift >= _LIFT:
        return None
    says = f"{percent(share)} of the answers go on a conversation without instructions"
    evidence = clues(signals, talked, "an answer in the middle of a conversation about anything")
    return _talk(signals, number("turns-before", share, _TALKED, says), _OPENINGS, evidence)


def _about_you(signals: Signals) -> Verdict | None:
    """Judge single turns that are said to somebody, with instructions that name no task."""
    if signals.kind not in {"short", "text"} or signals.foreign or whole.instructed(signals):
        return None
    found, openings = signals.grounding, signals.style.openings
    least, most = _ASKS
    if not least <= found.question <= most or found.copy >= _COPY or openings < _BEGINNINGS:
        return None
    study = signals.study
    if median(word_count(study.answers[index]) for index in study.asked) < _SAID_WORDS:
        return None  # a word or two answer a riddle
    if 2 * sum(bool(row.pair.earlier) for row in study.rows) > len(study.rows):
        return None
    spoken = [index for index in study.asked if whole.YOU.search(study.cores[index])]
    share = len(spoken) / max(1, len(study.asked))
    if share < _SPOKEN_TO or signals.solvers.lift >= _LIFT:
        return None
    says = f"{percent(share)} of the requests speak to whom they are for, and {percent(found.question)} ask something: talk"
    evidence = clues(signals, spoken, "something that is said to somebody")
    return _talk(signals, number("spoken-to", share, _SPOKEN_TO, says), _BEGINNINGS, evidence)


def _talk(signals: Signals, first: Signal, least: int, evidence: list[Clue]) -> Verdict:
    """Return the verdict on talk, with what shows that it is some, and that nothing foretells its answers."""
    openings, copied = signals.style.openings, signals.grounding.copy
    begin = f"its turns begin with {openings:.0f} different words in effect, and like ones have no like answers"
    return said(
        signals,
        "mixed-tasks",
        "lean",
        first,
        number("openings", openings, least, begin, published.SHANNON),
        number("copy", copied, _COPY, f"only {percent(copied)} of the answers' words come from the request"),
        clues=evidence,
    )
