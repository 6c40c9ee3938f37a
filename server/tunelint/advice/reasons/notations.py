"""Reasons about answers in a notation: a tag at each word of the request, or how a word is read, sign by sign."""

import re
from collections import Counter
from typing import Final

from tunelint.advice.reasons.base import MANY, clues, number, percent, rate, said
from tunelint.advice.signals import Signals
from tunelint.advice.verdict import Clue, Signal, Verdict

__all__ = ["spoken", "tagged"]

_MOST: Final = 0.8
"""Share of the words of an answer, and of the answers, from which they are in a notation."""

_TAGGED: Final = re.compile(r"(\S+)[/_|](\S+)")
_LEAST_WORDS: Final = 2
_TAGS: Final = range(3, 500)
"""Two tags mark one thing, which is seen; how many words share so few tags makes them tags."""

_SIGN: Final = re.compile(r"[^\W\d_]{1,3}[\d^~:]?|[.ˈˌ'-]|\d")
_SIGNS: Final = range(15, 150)
_LEAST_SIGNS: Final = 3
_A_WORD: Final = 2
"""Sounds are written with some dozens of signs of a letter or three, each word or name with several."""


def tagged(signals: Signals) -> Verdict | None:
    """Judge answers that are their requests with a tag at each word: which tag a word gets is the convention of its makers."""
    study = signals.study
    if signals.kind not in {"short", "text"}:
        return None
    tags: Counter[str] = Counter()
    rows = []
    for index in study.asked:
        found = _tags(study.cores[index], study.answers[index])
        tags.update(found)
        if found:
            rows.append(index)
    share = len(rows) / max(1, len(study.asked))
    if share < _MOST or len(tags) not in _TAGS:
        return None
    says = (
        f"{percent(share)} of the answers are their requests with one of {len(tags)} tags at each word: which one is a convention"
    )
    return _convention(signals, number("tagged", share, _MOST, says), clues(signals, rows, "a tag at each word"))


def _tags(request: str, answer: str) -> list[str]:
    """Return the tags of an answer that has a word of its request before each, none where most of its words have not."""
    words, given = answer.split(), frozenset(request.split())
    found = [match[2] for word in words if (match := _TAGGED.fullmatch(word)) and match[1] in given]
    return found if len(words) >= _LEAST_WORDS and len(found) >= _MOST * max(len(words), len(request.split())) else []


def spoken(signals: Signals) -> Verdict | None:
    """Judge how words are read, sound by sound, in signs that are somebody's own."""
    study = signals.study
    if signals.kind not in {"short", "text"} or signals.names.words > _A_WORD:
        return None
    signs: Counter[str] = Counter()
    rows = []
    for index in study.asked:
        word, found = study.cores[index], study.answers[index].split()
        if len(found) >= _LEAST_SIGNS and all(map(_SIGN.fullmatch, found)) and any(map(str.isalpha, word)):
            signs.update(found)
            rows.append(index)
    share = len(rows) / max(1, len(study.asked))
    if share < _MOST or len(signs) not in _SIGNS:
        return None
    says = f"{percent(share)} of the answers write a word in {len(signs)} signs: which stands for which sound is a convention"
    return _convention(signals, number("tagged", share, _MOST, says), clues(signals, rows, "a word, and how it is read"))


def _convention(signals: Signals, written: Signal, evidence: list[Clue]) -> Verdict:
    """Return the verdict on a notation: few examples of it are for a prompt."""
    records = signals.study.records
    amount = number("records", records, MANY, f"{records:,} different examples to learn it from")
    if records < MANY:
        return said(signals, "prompt", "lean", written, amount, clues=evidence)
    return said(signals, "fine-tune", "lean", rate("entity extraction"), written, amount, clues=evidence)
