"""The numbers that a verdict does not rest on, for whoever wants to weigh it."""

from collections.abc import Iterator
from typing import Final

from tunelint.advice import published
from tunelint.advice.reasons.base import number, percent
from tunelint.advice.reasons.whole import TIED
from tunelint.advice.sample import FEW
from tunelint.advice.signals import Signals
from tunelint.advice.verdict import Signal, Verdict

__all__ = ["background"]

_LETTERS: Final = "the letters of the answers (chrF)"
_SCORED: Final = {"json": "fields (F1)", "tool": "fields (F1)", "text": _LETTERS, "code": _LETTERS}


def background(signals: Signals, verdict: Verdict) -> Iterator[Signal]:
    """Yield what else was looked at; nothing of a file that is too small."""
    if signals.study.records < FEW or verdict.verdict == "constant-answer":
        return
    given = {signal.name for signal in verdict.signals}
    yield from (signal for signal in _all(signals, said_already="lazy-learner" in given) if signal.name not in given)


def _all(signals: Signals, *, said_already: bool) -> Iterator[Signal]:
    found, material, solvers = signals.grounding, signals.material, signals.solvers
    yield number("copy", found.copy, None, f"{percent(found.copy)} of what the answers say stands in the request")
    yield number("question", found.question, None, f"{percent(found.question)} of the requests are questions")
    says = f"{percent(found.unseen)} of the answers hold a fact that neither their request nor another record has"
    yield number("unseen-fact", found.unseen, None, says)
    says = f"32 examples show all that recurs in the answers for {percent(material.cover)} of the records"
    yield number("cover@32", material.cover, None, says, published.BERTSCH)
    scored = _SCORED.get(signals.kind, "whole answers")
    says = f"the nearest example's answer scores {solvers.nearest:.2f}, any answer {solvers.floor:.2f}, by {scored}"
    yield number("nearest", solvers.nearest, None, says, published.BERTSCH)
    if signals.kind == "label" and not said_already:
        says = f"a linear model on words is right for {percent(solvers.linear)} of the records"
        yield number("linear", solvers.linear, None, says, published.BERTSCH)
    says = f"the last doubling of the examples added {solvers.slope:+.2f} to what simple learners score"
    yield number("slope", solvers.slope, None, says)
    if signals.kind != "label":
        says = f"answers fit their own requests better than others, by {signals.pairing.strength:.0f} standard deviations"
        yield number("pairing", signals.pairing.strength, TIED, says, published.HSIC)
