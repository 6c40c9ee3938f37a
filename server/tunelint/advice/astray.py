"""Whether answers clearly fit the requests of other records: a file one of whose columns slipped by some rows.

In a file that is sorted by topic, answers that slipped still have much in common with their new requests, so that no test of
independence notices. But where an answer fits one request far better than any other, and that request no other answer as well,
the two belong together; in a file that is as it should be, nearly all such pairs are records.
"""

import math
import re
from collections import Counter
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from tunelint.advice.study import Study
from tunelint.advice.task import Pair
from tunelint.advice.wording import tokens
from tunelint.core.pulse import pulsed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Values = NDArray[np.float32]

__all__ = ["Astray", "astray_of"]

_ROWS: Final = 800
_RARE: Final = 0.2
"""A word in a larger share of requests, or of answers, does not tell what belongs together."""

_LEAD: Final = 1.5
"""A request fits an answer clearly where what they share weighs so many times what either shares with the next best one."""

_SHARED: Final = 2
"""One rare word may stand in both by chance, as one that is spelt like one of another language."""

_REPEATED: Final = 20
"""Characters of a line from which it is no chance that two records have it: they were cut out of one conversation."""

_SENTENCE: Final = re.compile(r"(?<=[.!?。！？:])\s+|(?<=[。！？])")
_ROWS_A_PULSE: Final = 16


class Astray(NamedTuple):
    """`pairs` are requests and answers that clearly belong together, as indices of rows; `own` are those that are one record."""

    pairs: tuple[tuple[int, int], ...]
    own: int
    rows: int

    @property
    def share(self) -> float:
        """The share of the pairs that are one record, 1 where there is no pair."""
        return self.own / len(self.pairs) if self.pairs else 1.0

    @property
    def others(self) -> list[int]:
        """The rows whose request clearly belongs to another row's answer."""
        return [asked for asked, answered in self.pairs if asked != answered]


def astray_of(study: Study) -> Astray:
    """Find the requests and answers that clearly belong together."""
    rows = min(len(study.rows), _ROWS)
    asked = [frozenset(tokens(text)) for text in pulsed(study.requests[:rows], _ROWS_A_PULSE, study.pulse)]
    said = [frozenset(tokens(text)) for text in pulsed(study.said[:rows], _ROWS_A_PULSE, study.pulse)]
    weight = _weights(asked, said)
    likeness = _likeness(asked, said, weight, study)
    best, of_request = _clear_best(likeness)
    back, of_answer = _clear_best(likeness.T)
    said_before = _conversations(study, rows)
    pairs = [
        (row, int(best[row]))
        for row in range(rows)
        if of_request[row]
        and of_answer[best[row]]
        and back[best[row]] == row
        and len(asked[row] & said[best[row]] & weight.keys()) >= _SHARED
        and (best[row] == row or said_before[row] != said_before[best[row]])
        and (best[row] == row or not _goes_on(study.rows[row].pair.asks, study.answers[best[row]]))
    ]
    return Astray(tuple(pairs), sum(row == other for row, other in pairs), rows)


def _conversations(study: Study, rows: int) -> list[int]:
    """Return for each row a number that rows cut out of one conversation share: those that have a longer line in common."""
    lines = [_lines(row.pair) for row in study.rows[:rows]]
    holders = Counter(line for some in lines for line in some)
    most = max(2, _RARE * rows)
    number_of = list(range(rows))
    first: dict[str, int] = {}

    def root(number: int) -> int:
        while number_of[number] != number:
            number_of[number] = number_of[number_of[number]]
            number = number_of[number]
        return number

    for row, some in enumerate(pulsed(lines, _ROWS_A_PULSE, study.pulse)):
        for line in some:
            if 1 < holders[line] <= most:
                one, other = sorted((root(row), root(first.setdefault(line, row))))
                number_of[other] = one
    return [root(row) for row in range(rows)]


def _lines(pair: Pair) -> set[str]:
    texts = (pair.earlier, pair.asks, pair.answer)
    return {" ".join(line.split()) for text in texts for line in text.splitlines() if len(line) >= _REPEATED}


def _goes_on(request: str, answer: str) -> bool:
    """Tell whether most of a request is another record's answer, as where a text is cut into pieces that are to be continued."""
    whole = " ".join(answer.split())
    parts = [part for part in _SENTENCE.split(" ".join(request.split())) if len(part) >= _REPEATED]
    return 2 * sum(len(part) for part in parts if part in whole) > sum(map(len, parts))


def _weights(asked: list[frozenset[str]], said: list[frozenset[str]]) -> dict[str, float]:
    """Return what words weigh by how rare they are; common ones are left out."""
    rows = len(asked)
    in_requests, in_answers = Counter(word for some in asked for word in some), Counter(word for some in said for word in some)
    most = max(2, _RARE * rows)
    return {
        word: math.log(2 * rows / (in_requests[word] + in_answers[word]))
        for word in in_requests.keys() | in_answers.keys()
        if in_requests[word] <= most and in_answers[word] <= most
    }


def _likeness(asked: list[frozenset[str]], said: list[frozenset[str]], weight: dict[str, float], study: Study) -> "Values":
    """Return the cosine of each request with each answer in weighed words."""
    rows = len(asked)
    in_requests = {word for some in asked for word in some}
    holders: dict[str, list[int]] = {}
    for row, words in enumerate(said):
        for word in words & in_requests & weight.keys():
            holders.setdefault(word, []).append(row)
    places = {word: np.array(some) for word, some in holders.items()}
    found = np.zeros((rows, rows), np.float32)
    for row, words in enumerate(pulsed(asked, _ROWS_A_PULSE, study.pulse)):
        shared = sorted(words & places.keys())
        if shared:
            where = [places[word] for word in shared]
            weights = np.repeat([weight[word] ** 2 for word in shared], [len(some) for some in where])
            found[row] = np.bincount(np.concatenate(where), weights, minlength=rows)
    found /= np.array([_norm(words, weight) for words in asked], np.float32)[:, None]
    found /= np.array([_norm(words, weight) for words in said], np.float32)[None, :]
    return found


def _norm(words: AbstractSet[str], weight: dict[str, float]) -> float:
    return math.sqrt(sum(weight[word] ** 2 for word in sorted(words & weight.keys()))) or 1.0


def _clear_best(likeness: "Values") -> "tuple[NDArray[np.int64], NDArray[np.bool_]]":
    """Return the best column of each row, and whether it leads the next best clearly."""
    best = likeness.argmax(axis=1)
    rows = np.arange(len(likeness))
    most = likeness[rows, best]
    rest = likeness.copy()
    rest[rows, best] = 0
    return best, (most > 0) & (most >= _LEAD * rest.max(axis=1, initial=0.0))
