"""Reasons about answers that are facts: known to a model, or to be retrieved."""

from tunelint.advice import published
from tunelint.advice.reasons.base import clues, number, percent, said
from tunelint.advice.signals import Signals
from tunelint.advice.verdict import Verdict

__all__ = ["knowledge", "lookup"]


def knowledge(signals: Signals) -> Verdict | None:
    """Judge questions whose answers are facts from outside the file."""
    if signals.kind not in {"short", "text"} or signals.foreign or signals.mechanics.worked >= 0.3:
        return None
    found = signals.grounding
    evidence = clues(signals, found.examples, "its answer has a fact that stands nowhere else in the file")
    asked = f"{percent(found.question)} of the requests are questions"
    if signals.kind == "short":
        if found.question < 0.3 or found.copy_full > 0.25 or found.unseen < 0.3:
            return None
        return said(
            signals,
            "knowledge-retrieval",
            "strong",
            number(
                "unseen-fact",
                found.unseen,
                0.3,
                f"{percent(found.unseen)} of the answers hold a fact that no other record has: it cannot be learnt from them",
                published.OVADIA,
            ),
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


def lookup(signals: Signals) -> Verdict | None:
    """Judge bare names with what belongs to them: known to a model where the name is an everyday word, else to be retrieved."""
    if signals.kind not in {"short", "label"} or not signals.names.bare or signals.grounding.question >= 0.3:
        return None
    names = signals.names
    if signals.mechanics.spelt >= 0.4 or signals.mechanics.computed >= 0.8:
        return None
    if signals.kind == "short":
        if signals.grounding.copy_full > 0.25 or signals.grounding.unseen < 0.3:
            return None
        outside = number(
            "unseen-fact",
            signals.grounding.unseen,
            0.3,
            f"{percent(signals.grounding.unseen)} of the answers stand in no other record: a look-up table, not a skill",
        )
    else:
        if signals.solvers.best >= 0.4 and signals.solvers.lift >= 0.15:
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
