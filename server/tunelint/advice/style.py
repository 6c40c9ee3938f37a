"""How answers are written: a name that they repeat, a voice that no model writes in unasked, and how much they vary."""

import math
import re
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from functools import cached_property
from typing import Final

from tunelint.advice.study import Study
from tunelint.advice.task import word_count
from tunelint.advice.wording import tokens

__all__ = ["Style", "is_headline"]

_NAME: Final = re.compile(r"(?<![A-Za-z])[A-Z][a-z]\w+(?!\w|\*{0,2}\s?[:：])|\{\{\s*\w+\s*\}\}")
"""A capitalised word that heads nothing, as *Price:* does, or the place where a template puts one."""
_LISTED: Final = re.compile(r"^\s*(?:\d+\.|[-*•])\s", re.MULTILINE)
_ENDS: Final = (".", "!", "?", "。", "！", "？", "…", '"', "”", "»", ")", ":", ";", "`")
_HEADLINE_WORDS: Final = range(4, 21)
_CODE: Final = re.compile(r"\s--?\w|[<>{}=\\]|\w_\w|\$[A-Za-z(]|\w\(|://")
"""Signs that commands and queries have, and headlines have not."""

_TEMPLATE_WORDS: Final = 4
_TEMPLATE_CHARACTERS: Final = 120
_TEMPLATE_SHARE: Final = 0.02
_TEMPLATE_LEAST: Final = 5
_DEFINITION_WORDS: Final = 20
_DEFINITION_CHARACTERS: Final = 400
_DEFINES: Final = re.compile(
    r"\b(?:in this task|your (?:task|job) is|(?:you are|you're|you will be) (?:given|provided|presented|shown)"
    r"|you (?:need|have|are expected|are asked|are required) to|we ask you)",
    re.IGNORECASE,
)
"""What describes a task rather than doing it: so many words of it that recur are no passage."""

_LENGTH_STEP: Final = 8
_OPENINGS: Final = 8
_LONGEST_STEP: Final = 6


class Style:
    """What is to be seen of the rows' writing, each thing looked at when it is asked for."""

    def __init__(self, study: Study) -> None:
        """Look at all rows of a study."""
        self._study = study
        self._rows = max(1, len(study.rows))

    @property
    def name(self) -> str:
        """The capitalised word, or the placeholder of a template, that most answers have beyond their requests."""
        return self._name[0]

    @property
    def named(self) -> float:
        """The share of the answers that have it."""
        return self._name[1] / self._rows

    @cached_property
    def _name(self) -> tuple[str, int]:
        names: Counter[str] = Counter()
        for row in self._study.rows:
            pair = row.pair
            given = set(tokens(pair.request)) | set(tokens(pair.instructions))
            found = set(_NAME.findall(_after_first_word(pair.answer)))
            names.update({name for name in found if name.lower() not in given and name.lower() not in self._study.stop})
        return min(names.items(), key=lambda item: (-item[1], item[0]), default=("", 0))

    @cached_property
    def headlines(self) -> float:
        """The share of answers of one line and 4 to 20 words with no mark at the end."""
        return sum(map(is_headline, self._study.answers)) / self._rows

    @property
    def openings(self) -> float:
        """How many different first words of requests there are in effect: 2 to the power of their entropy."""
        return _effective(self._firsts.values())

    @property
    def opening_words(self) -> tuple[str, ...]:
        """The commonest first words of requests."""
        return tuple(word for word, _ in sorted(self._firsts.items(), key=lambda item: (-item[1], item[0]))[:_OPENINGS])

    @cached_property
    def _firsts(self) -> Counter[str]:
        return Counter(next(iter(_first_words(text)), "") for text in self._study.cores)

    @cached_property
    def worded(self) -> float:
        """The share of requests that begin with a letter: what begins with a bracket, a figure or a quote is data."""
        return sum(text[:1].isalpha() for text in self._study.cores) / self._rows

    @property
    def shapes(self) -> float:
        """How many different forms of answers there are in effect."""
        return _effective(Counter(self._shapes).values())

    @cached_property
    def _shapes(self) -> list[Hashable]:
        return [_shape(text) for text in self._study.answers]

    @property
    def templates(self) -> int:
        """How many different beginnings of four words are those of two requests in a hundred or more."""
        return len(set(self._begins) - {()})

    @property
    def told(self) -> float:
        """Bits that the beginning of a request, if it is one of these, tells of the form of its answer."""
        return _told(self._begins, self._shapes)

    @cached_property
    def _begins(self) -> list[tuple[str, ...]]:
        return _templates(self._study)

    @cached_property
    def definitions(self) -> int:
        """How many different descriptions of a task of twenty words or more are those of two requests or more."""
        return _definitions(self._study)


def _templates(study: Study) -> list[tuple[str, ...]]:
    """Return how each request begins, nothing for those that hardly another one begins like."""
    begins = [tuple(tokens(text[:_TEMPLATE_CHARACTERS])[:_TEMPLATE_WORDS]) for text in study.cores]
    counts = Counter(begins)
    least = max(_TEMPLATE_LEAST, _TEMPLATE_SHARE * len(study.rows))
    return [words if len(words) == _TEMPLATE_WORDS and counts[words] >= least else () for words in begins]


def _definitions(study: Study) -> int:
    """Return how many descriptions of tasks recur before requests, told by the same words at the beginning."""
    begins: Counter[str] = Counter()
    for row in study.pulsing():
        words = f"{row.pair.instructions} {row.pair.asks}"[:_DEFINITION_CHARACTERS].split()[:_DEFINITION_WORDS]
        if len(words) == _DEFINITION_WORDS:
            begins[" ".join(words)] += 1
    return sum(count > 1 and _DEFINES.search(words) is not None for words, count in begins.items())


def _told(begins: Sequence[tuple[str, ...]], shapes: Sequence[Hashable]) -> float:
    """Return the mutual information of beginnings and forms, in bits."""
    of: dict[tuple[str, ...], Counter[Hashable]] = {}
    for words, shape in zip(begins, shapes, strict=True):
        of.setdefault(words, Counter())[shape] += 1
    total = max(1, len(shapes))
    rest = sum(counts.total() / total * math.log2(_effective(counts.values())) for counts in of.values())
    return math.log2(_effective(Counter(shapes).values()) or 1) - rest


def _after_first_word(answer: str) -> str:
    """Return an answer without its first word, whose capital letter is no name's."""
    return answer.lstrip().partition(" ")[2]


def _first_words(text: str) -> list[str]:
    return tokens(text[:80])[:1]


def is_headline(answer: str) -> bool:
    """Tell whether an answer is one line of a few words with no mark at its end."""
    text = answer.strip()
    if "\n" in text or text.endswith(_ENDS) or int(word_count(text)) not in _HEADLINE_WORDS:
        return False
    return _CODE.search(text) is None


def _shape(answer: str) -> Hashable:
    """Return the form of an answer: its length in doublings, and whether it is JSON, a list, holds code, or is plain."""
    text = answer.lstrip()
    form = "json" if text[:1] in {"{", "["} else "list" if _LISTED.search(text) else "code" if "```" in text else "text"
    return min(_LONGEST_STEP, int(math.log2(1 + len(answer) / _LENGTH_STEP))), form


def _effective(counts: Iterable[int]) -> float:
    """Return 2 to the power of the entropy: as many equally common sorts would vary as much."""
    some = list(counts)
    total = sum(some)
    return 2 ** -sum(count / total * math.log2(count / total) for count in some) if total else 0.0
