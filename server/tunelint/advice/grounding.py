"""Where the answers come from: out of the request, out of the other examples, or from outside the file."""

import re
from collections import Counter
from statistics import median
from typing import Final, NamedTuple

from tunelint.advice.study import Study
from tunelint.advice.wording import specifics, stem, tokens

__all__ = ["Grounding", "grounding_of"]

_WHOLLY: Final = 0.999
_QUESTION_END: Final = 300
_QUESTION: Final = re.compile(
    r"[？؟]|\?(?![^\W_]|[:=!<*+&\\/(\[{|])"
    r"|(?:^|\n|: |\. )(?:what|who|which|when|where|why|how)\b(?![^?\n]{0,30}:\s)|^\s*(?:name the|tell me)\b",
    re.IGNORECASE,
)
"""A line that begins with *What is checked:* has a heading and asks nothing, nor does the mark in an address or a pattern."""
_BROKEN_OFF: Final = re.compile(
    r"\s(?:is|are|was|were|is called|was named|(?:is|was) (?:born|founded|located) (?:by|in)|was created by)\s*_*:?\s*\Z",
    re.IGNORECASE,
)
_BROKEN_OFF_WORDS: Final = 20
"""A sentence of at most so many words that breaks off where what it is about would be told asks for that."""

_ASKED_OUTRIGHT: Final = re.compile(
    r"\s*(?:what|who|whom|whose|which|when|where|why|how|is|are|was|were|do|does|did|can|could|should|in what"
    r"|name the|tell me)\b",
    re.IGNORECASE,
)
_WANTED: Final = re.compile(
    r"\s*(?:please )?(?:can|could|would|will) you (?:please |kindly )?"
    r"(?:write|compose|draft|generate|come up with|rewrite|rephrase|paraphrase|simplify|shorten|summari[sz]e|translate)\b",
    re.IGNORECASE,
)
"""Asks, in the form of a question, for something to be written."""

_COMMON: Final = 0.2
_COMMON_LEAST: Final = 3
"""A word in a fifth of the answers belongs to the form of the answers and is no fact."""


class Grounding(NamedTuple):
    """Shares over the rows that are asked.

    `copy` is the mean share of an answer's content words that stand in its request or instructions, `copy_full` the share of
    answers that have no other. `unseen` is the share of answers with a fact that is in neither their request nor any other
    record: of short answers any content word, of longer ones numbers, addresses and names. `ungrounded` are such facts that are
    not in the request, for 100 words of answer, in the median. `question` is the share of requests that ask.
    """

    copy: float
    copy_full: float
    unseen: float
    ungrounded: float
    question: float
    examples: tuple[int, ...]
    """Indices of rows whose answers hold facts seen nowhere else."""

    copied: tuple[int, ...]
    """Indices of the rows asked that have content, those with the largest share of it in the request first."""


def grounding_of(study: Study) -> Grounding:
    """Measure where the answers come from."""
    kind = study.task.kind
    exact = kind in {"json", "tool", "short", "label"}
    facts = [_facts(study, index) for index, _ in enumerate(study.pulsing())]
    frequency = Counter(fact for some in facts for fact in some)
    most = max(_COMMON_LEAST, _COMMON * len(study.rows))
    copies: dict[int, float] = {}
    ungrounded: list[float] = []
    with_unseen: list[int] = []
    questions = 0
    for index in study.asked:
        given, fold = study.given[index], study.rows[index].fold
        content = [word for word in study.answer_words[index] if exact or word not in study.stop]
        if content:
            copies[index] = sum(word in given for word in content) / len(content)
        outside = [fact for fact in facts[index] if frequency[fact] < most and not _all_in(fact, given)]
        ungrounded.append(100 * len(outside) / max(1, len(study.answer_words[index])))
        if any(not study.seen_elsewhere(stem(word), fold) for fact in outside for word in tokens(fact)):
            with_unseen.append(index)
        request = study.rows[index].pair.asks
        questions += _is_question(request)
    asked = len(study.asked) or 1
    return Grounding(
        copy=sum(copies.values()) / len(copies) if copies else 0.0,
        copy_full=sum(one >= _WHOLLY for one in copies.values()) / len(copies) if copies else 0.0,
        unseen=len(with_unseen) / asked,
        ungrounded=median(ungrounded) if ungrounded else 0.0,
        question=questions / asked,
        examples=tuple(with_unseen),
        copied=tuple(sorted(copies, key=lambda index: -copies[index])),
    )


def _is_question(request: str) -> bool:
    if _WANTED.match(request):
        return False
    if _ASKED_OUTRIGHT.match(request) or _QUESTION.search(request[-_QUESTION_END:]):
        return True
    return _BROKEN_OFF.search(request[-_QUESTION_END:]) is not None and len(request.split()) <= _BROKEN_OFF_WORDS


def _facts(study: Study, index: int) -> set[str]:
    """Return what carries a fact in an answer."""
    if study.task.kind == "short":
        return {word for word in tokens(study.said[index]) if word not in study.stop and len(word) > 1}
    return set(specifics(study.said[index], study.stop))


def _all_in(fact: str, given: set[str]) -> bool:
    return all(stem(word) in given for word in tokens(fact))
