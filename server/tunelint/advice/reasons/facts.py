"""Reasons about answers that are facts: known to a model, or to be retrieved."""

from typing import Final

from tunelint.advice import published
from tunelint.advice.reasons.base import clues, number, percent, said
from tunelint.advice.signals import Signals
from tunelint.advice.verdict import Signal, Verdict

__all__ = ["knowledge", "lookup"]

_UNGROUNDED: Final = 33
_GUESSED: Final = 0.2
"""A third of a short answer's words stand in no request, and the nearest example has it for less than one record in five."""


def knowledge(signals: Signals) -> Verdict | None:
    """Judge questions whose answers are facts from outside the file."""
    if signals.kind not in {"short", "text"} or signals.foreign or signals.mechanics.worked >= 0.3:
        return None
    found = signals.grounding
    evidence = clues(signals, found.examples, "its answer has a fact that stands nowhere else in the file")
    asked = f"{percent(found.question)} of the requests are questions"
    if signals.kind == "short":
        if found.question < 0.3 or found.copy_full > 0.25 or not _outside(signals):
            return None
        return said(
            signals,
            "knowledge-retrieval",
            "strong",
            _outside_reason(signals),
            number(
                "copy-full", found.copy_full, 0.25, f"only {percent(found.copy_full)} of the answers can be read off the request"
            ),
            number("question", found.question, 0.3, asked),
            clues=evidence,
        )
    if found.question < 0.5 or found.copy > 0.4 or found.ungrounded < 0.5:
        return None
    return said(
        signals,
        "knowledge-retrieval",
        "strong" if found.ungrounded >= 1 else "lean",
        number(
            "ungrounded",
            found.ungrounded,
            0.5,
            f"{found.ungrounded:.1f} names and numbers in 100 words of the median answer do not stand in its request",
            published.OVADIA,
        ),
        number("copy", found.copy, 0.4, f"only {percent(found.copy)} of the answers' words come from the request"),
        number("question", found.question, 0.5, asked),
        clues=evidence,
    )


def _outside(signals: Signals) -> bool:
    """Tell whether short answers come from outside the file: in no other record, or not to be guessed from the others."""
    found = signals.grounding
    return found.unseen >= 0.3 or (found.ungrounded >= _UNGROUNDED and signals.solvers.best < _GUESSED)


def _outside_reason(signals: Signals) -> Signal:
    found = signals.grounding
    if found.unseen >= 0.3:
        says = f"{percent(found.unseen)} of the answers hold a fact that no other record has: it cannot be learnt from them"
        return number("unseen-fact", found.unseen, 0.3, says, published.OVADIA)
    says = (
        f"the nearest example has the right answer for {percent(signals.solvers.best)} of the records: the others do not tell it"
    )
    return number("nearest", signals.solvers.best, _GUESSED, says, published.OVADIA)


def lookup(signals: Signals) -> Verdict | None:
    """Judge bare names with what belongs to them: known to a model where the name is an everyday word, else to be retrieved."""
    if signals.kind not in {"short", "label"} or not signals.names.bare:
        return None
    names = signals.names
    if signals.mechanics.spelt >= 0.4:
        return None
    if signals.kind == "short" and signals.grounding.copy_full > 0.25:
        return None
    if signals.kind == "short" and signals.grounding.unseen >= 0.3:
        outside = number(
            "unseen-fact",
            signals.grounding.unseen,
            0.3,
            f"{percent(signals.grounding.unseen)} of the answers stand in no other record: a look-up table, not a skill",
        )
    else:
        solvers = signals.solvers
        if (solvers.best >= 0.4 and solvers.lift >= 0.15) or (solvers.lift >= 0.2 and solvers.slope >= 0.05):
            return None
        outside = number(
            "nearest",
            signals.solvers.best,
            0.4,
            f"neither the nearest example nor a linear model finds the answer ({percent(signals.solvers.best)}):"
            " nothing in a request tells it",
        )
    if names.named >= 0.5:
        says = f"{percent(names.named)} of the requests hold a name so rare that a tokenizer has no piece for it"
        evidence = clues(signals, names.examples, "a rare name: a model has hardly read of it")
        rare = number("rare-name", names.named, 0.5, says, published.KANDPAL)
        return said(signals, "knowledge-retrieval", "lean", rare, outside, clues=evidence)
    if names.rare >= 0.5:
        return None
    if signals.kind == "label" and len(signals.study.task.labels) <= 30 and signals.material.cover >= 0.9:
        return None
    says = f"only {percent(names.rare)} of the requests hold a word rare enough to need several pieces: models know such words"
    return said(signals, "prompt", "lean", number("rare-word", names.rare, 0.5, says, published.KANDPAL), outside)
