"""Reasons about conversations that are about nothing in particular."""

from typing import Final

from tunelint.advice import published
from tunelint.advice.reasons.base import clues, number, percent, said
from tunelint.advice.signals import Signals
from tunelint.advice.verdict import Verdict

__all__ = ["small_talk"]

_TALKED: Final = 0.5
_OPENINGS: Final = 40
"""Turns of a conversation with one purpose begin with fewer different words in effect: it has a few things to say."""

_COPY: Final = 0.3
_LIFT: Final = 0.05
_ASKED: Final = 0.6
"""Where most turns ask, it is for answers; where like turns have like answers, it is for something that recurs."""


def small_talk(signals: Signals) -> Verdict | None:
    """Judge conversations without instructions, whose turns begin with anything and whose answers nothing foretells."""
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
    begin = f"its turns begin with {openings:.0f} different words in effect, and like ones have no like answers"
    return said(
        signals,
        "mixed-tasks",
        "lean",
        number("turns-before", share, _TALKED, says),
        number("openings", openings, _OPENINGS, begin, published.SHANNON),
        number("copy", found.copy, _COPY, f"only {percent(found.copy)} of their words come from the request"),
        clues=clues(signals, talked, "an answer in the middle of a conversation about anything"),
    )
