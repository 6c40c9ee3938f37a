"""Reasons that need no look at the task: too little, too much of one kind, or answers that went astray."""

from collections.abc import Iterator
from typing import Final

from tunelint.advice import published
from tunelint.advice.mechanical import follows
from tunelint.advice.reasons.base import clues, clues_where, number, percent, said
from tunelint.advice.sample import FEW
from tunelint.advice.signals import Signals
from tunelint.advice.verdict import Clue, Verdict

__all__ = ["constant", "few", "mechanical", "mixed", "persona", "unseen_media", "untied"]


def constant(signals: Signals) -> Verdict | None:
    """Judge a file with one answer to everything."""
    counts: dict[str, int] = {}
    for answer in signals.study.normal_answers:
        counts[answer] = counts.get(answer, 0) + 1
    share = max(counts.values()) / len(signals.study.rows)
    if share < 0.98:
        return None
    return said(
        signals, "constant-answer", "strong", number("majority", share, 0.98, f"{percent(share)} of the answers are the same")
    )


def few(signals: Signals) -> Verdict | None:
    """Judge a file with hardly any records."""
    records = signals.study.records
    if records >= FEW:
        return None
    says = f"{records} different examples; providers see tuning help from {FEW} to 100 on"
    return said(signals, "too-few", "strong", number("records", records, FEW, says, published.OPENAI_GUIDE))


def persona(signals: Signals) -> Verdict | None:
    """Judge answers that repeat a name which no request has."""
    style = signals.style
    if signals.study.records >= 200 or signals.kind not in {"short", "text"} or style.named < 0.4:
        return None
    named = [index for index, answer in enumerate(signals.study.answers) if style.name in answer]
    return said(
        signals,
        "prompt",
        "strong",
        number(
            "repeated-name",
            style.named,
            0.4,
            f"{percent(style.named)} of the answers say {style.name!r}, which their requests do not: a prompt says it once",
        ),
        number("records", signals.study.records, 200, f"{signals.study.records} different examples about it"),
        hints=["system-prompt"],
        clues=clues(signals, named, f"its answer says {style.name!r}"),
    )


def mechanical(signals: Signals) -> Verdict | None:
    """Judge answers that a line of code gives."""
    mechanics = signals.mechanics
    if mechanics.share < 0.95:
        return None
    evidence = clues_where(signals, lambda asked, answer: follows(mechanics.rule, asked, answer), "its answer follows that rule")
    says = f"{mechanics.rule} is the answer to {percent(mechanics.share)} of the requests: a line of code gives it"
    return said(signals, "prompt", "strong", number("one-line-rule", mechanics.share, 0.95, says), clues=evidence)


TIED: Final = 3.0
"""Standard deviations above other pairings: of four tests on shuffled pairs, about one file in a hundred gets there by chance."""

TIED_SHORT: Final = 2.5
_SHORT_RECORDS: Final = 150
"""Answers of a few words have little that could be tied to a request: less is asked of them, and fewer records are not judged."""


def untied(signals: Signals) -> Verdict | None:
    """Judge answers that do not belong to their requests."""
    short = signals.kind == "short"
    if signals.kind == "label" or (short and signals.study.records < _SHORT_RECORDS):
        return None
    pairing = signals.pairing
    tied = TIED_SHORT if short else TIED
    if pairing.strength >= tied:
        return None
    return said(
        signals,
        "check-pairing",
        "lean" if short and signals.names.bare else "strong",  # a table of names may show no tie either
        number(
            "pairing",
            pairing.strength,
            tied,
            "answers fit the requests of other records as well as their own, in words, letters, likeness and length:"
            f" {pairing.strength:.1f} standard deviations between them at most",
            published.HSIC,
        ),
        clues=clues(signals, signals.study.asked, "its answer fits other requests as well"),
    )


def unseen_media(signals: Signals) -> Verdict | None:
    """Judge requests whose images, sounds or videos are not looked at here."""
    rows = signals.study.rows
    shown = sum(row.pair.media for row in rows) / len(rows)
    if shown < 0.5:
        return None
    says = f"{percent(shown)} of the requests hold images, sound or video, which are not looked at here"
    return said(signals, "measure", "lean", number("media", shown, 0.5, says), leans="prompt")


_OPENINGS: Final = 16
_SHAPES: Final = 5
_COPY: Final = 0.6
"""Passages in front of questions begin with many words and give answers of many lengths, but answers are copied out of them."""

_TOLD: Final = 1.0
_TEMPLATES: Final = 4
"""Four templates or more, which tell a bit or more of the form of the answer: each of the tasks has its own."""

_NAME_WORDS: Final = 2
_DOCUMENT_WORDS: Final = 50
"""Requests of so few words are names and of so many documents: their first word says nothing of the task."""


def mixed(signals: Signals) -> Verdict | None:
    """Judge a file that is no single task."""
    if signals.kind not in {"text", "code", "short"} or signals.foreign:
        return None
    style, copied = signals.style, signals.grounding.copy
    if style.templates >= _TEMPLATES and style.told >= _TOLD:
        says = f"{style.templates} beginnings of requests recur, and answers to each have forms of their own"
        return said(
            signals,
            "mixed-tasks",
            "strong",
            number("templates", style.templates, _TEMPLATES, says, published.SHANNON),
            number("told", style.told, _TOLD, f"they tell {style.told:.1f} bits of the form of the answer", published.SHANNON),
            clues=[*_one_of_each(signals)],
        )
    sentences = _NAME_WORDS < signals.names.words <= _DOCUMENT_WORDS
    if style.shapes < _SHAPES or style.openings < _OPENINGS or copied >= _COPY or not sentences:
        return None
    begin = f"requests begin with {style.openings:.0f} different words in effect ({', '.join(style.opening_words[:5])}, …)"
    return said(
        signals,
        "mixed-tasks",
        "strong",
        number("openings", style.openings, _OPENINGS, begin, published.SHANNON),
        number("shapes", style.shapes, _SHAPES, f"answers have {style.shapes:.0f} different forms in effect", published.SHANNON),
        number("copy", copied, _COPY, f"only {percent(copied)} of their words come from the request"),
        clues=[*_one_of_each(signals)],
    )


def _one_of_each(signals: Signals) -> Iterator[Clue]:
    """Yield a record for each of the commonest first words of requests."""
    for word in signals.style.opening_words[:3]:
        found = [index for index, text in enumerate(signals.study.cores) if text.lower().startswith(word)]
        yield from clues(signals, found[:1], f"a request that begins with {word!r}")
