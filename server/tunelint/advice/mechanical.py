"""Answers that a line of code gives: arithmetic, and what can be done to letters, words and lists."""

import re
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Final, NamedTuple

from tunelint.advice.study import Study

__all__ = ["Mechanics", "mechanics_of"]

_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?")
_WORKED: Final = re.compile(r"\d\s*[-+*/x×÷]\s*[$€£]?\d[^=\n]{0,40}=\s*[$€£]?\d")
_ITEM: Final = re.compile(r"\s*[,;\n]\s*")
_LONGEST: Final = 400
"""Requests longer than this are no input of a line of code."""


class Mechanics(NamedTuple):
    """`rule` is what gives the answers best, in words, and `share` of how many; `worked` is the share of answers that calculate.

    `spelt` is the share of answers at least 60 % of whose letters stand together in their request, and `computed` the share of
    pairs in which the answer is a number that is none of the several numbers of its request.
    """

    rule: str
    share: float
    worked: float
    spelt: float
    computed: float


class _Request:
    """A request in pieces, each taken apart once."""

    def __init__(self, text: str) -> None:
        self.text = text.strip()

    @cached_property
    def words(self) -> list[str]:
        return self.text.split()

    @cached_property
    def items(self) -> list[str]:
        return [item for item in _ITEM.split(self.text) if item]

    @cached_property
    def numbers(self) -> list[float]:
        return [float(number) for number in _NUMBER.findall(self.text)]


def _of_items(choose: Callable[[list[str]], str]) -> Callable[[_Request], str]:
    return lambda request: choose(request.items) if len(request.items) > 1 else ""


def _of_words(choose: Callable[[list[str]], str]) -> Callable[[_Request], str]:
    return lambda request: choose(request.words) if request.words else ""


def _of_numbers(choose: Callable[[list[float]], float]) -> Callable[[_Request], str]:
    return lambda request: f"{choose(request.numbers):g}" if len(request.numbers) == 2 else ""


_RULES: Final[dict[str, Callable[[_Request], str]]] = {
    "the request itself": lambda request: request.text,
    "the request in capitals": lambda request: request.text.upper(),
    "the request in small letters": lambda request: request.text.lower(),
    "the request with a capital first letter": lambda request: request.text[:1].upper() + request.text[1:],
    "the request with a small first letter": lambda request: request.text[:1].lower() + request.text[1:],
    "the request as a title": lambda request: request.text.title(),
    "the request backwards": lambda request: request.text[::-1],
    "the words backwards": lambda request: " ".join(reversed(request.words)),
    "the words in order of the alphabet": lambda request: " ".join(sorted(request.words)),
    "the letters one by one": lambda request: " ".join(request.text.replace(" ", "")),
    "the first letter": lambda request: request.text[:1],
    "the second letter": lambda request: request.text[1:2],
    "the last letter": lambda request: request.text[-1:],
    "how many letters there are": lambda request: str(len(request.text)),
    "how many words there are": lambda request: str(len(request.words)),
    "the first word": _of_words(lambda words: words[0]),
    "the last word": _of_words(lambda words: words[-1]),
    "the first item": _of_items(lambda items: items[0]),
    "the last item": _of_items(lambda items: items[-1]),
    "the middle item": _of_items(lambda items: items[len(items) // 2]),
    "the first item in order of the alphabet": _of_items(min),
    "the last item in order of the alphabet": _of_items(max),
    "how many items there are": _of_items(lambda items: str(len(items))),
    "the sum of the numbers": _of_numbers(sum),
    "the difference of the numbers": _of_numbers(lambda numbers: numbers[0] - numbers[1]),
    "the product of the numbers": _of_numbers(lambda numbers: numbers[0] * numbers[1]),
    "the larger number": _of_numbers(max),
    "the smaller number": _of_numbers(min),
}


def mechanics_of(study: Study) -> Mechanics:
    """Measure how many answers a line of code gives."""
    pairs = [(study.cores[index], study.answers[index]) for index in study.asked]
    rule, share = _best_rule(pairs)
    count = max(1, len(pairs))
    return Mechanics(
        rule=rule,
        share=share,
        worked=sum(_WORKED.search(answer) is not None for _, answer in pairs) / count,
        spelt=sum(_is_spelt(request, answer) for request, answer in pairs) / count,
        computed=sum(_is_computed(request, answer) for request, answer in pairs) / count,
    )


def _best_rule(pairs: Sequence[tuple[str, str]]) -> tuple[str, float]:
    requests = [_Request(request[:_LONGEST]) for request, _ in pairs]
    answers = [_bare(answer) for _, answer in pairs]
    best, most = "", 0
    for name, rule in _RULES.items():
        right = sum(_bare(rule(request)) == answer != "" for request, answer in zip(requests, answers, strict=True))
        if right > most:
            best, most = name, right
    return best, most / max(1, len(pairs))


def _bare(text: str) -> str:
    """Return an answer without white space around it; case counts, for it may be what the task is about."""
    return " ".join(text.split())


def _is_spelt(request: str, answer: str) -> bool:
    """Tell whether most of a short answer's letters stand together in the request."""
    mine, theirs = answer.strip().lower(), request.lower()[:_LONGEST]
    if not 2 < len(mine) <= 60:
        return False
    size = -(-len(mine) * 3 // 5)
    return any(mine[at : at + size] in theirs for at in range(len(mine) - size + 1))


def _is_computed(request: str, answer: str) -> bool:
    """Tell whether an answer is a number that a request with several numbers does not hold."""
    if _NUMBER.fullmatch(answer.strip()) is None:
        return False
    given = [float(number) for number in _NUMBER.findall(request[:_LONGEST])]
    return len(given) > 1 and float(answer) not in given
