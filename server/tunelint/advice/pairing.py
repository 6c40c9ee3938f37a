"""Whether answers are tied to their own requests, or fit any other as well: a file whose columns were shuffled or shifted.

Four tests of independence, each against answers of other records: shared words, shared letters, likeness of answers where
requests are alike, and length. One that finds a tie is enough.
"""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from tunelint.advice.features import tf_idf
from tunelint.advice.study import Study
from tunelint.advice.wording import tokens

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Values = NDArray[np.float64]

__all__ = ["Pairing", "pairing_of"]

_ROWS: Final = 800
_COLUMNS: Final = 512
_SHIFTS: Final = 60
"""Other pairings that the own one is compared with: answers shifted by so many different distances."""

_LETTERS: Final = 300
_BLOCK: Final = 2_048


class Pairing(NamedTuple):
    """How far the own pairing stands above others, in standard deviations, in each test; `strength` is the largest."""

    words: float
    letters: float
    kinship: float
    length: float

    @property
    def strength(self) -> float:
        """The largest of the tests."""
        return max(self)


def pairing_of(study: Study) -> Pairing:
    """Test whether answers are tied to their requests."""
    count = min(len(study.rows), _ROWS)
    shifts = [1 + step * (count - 2) // _SHIFTS for step in range(min(_SHIFTS, count - 2))]
    requests, answers = study.requests[:count], study.answers[:count]
    pulse = study.pulse
    pulse()
    words = _shared([frozenset(tokens(text)) - study.stop for text in requests], [_words(study, index) for index in range(count)])
    pulse()
    letters = _shared([_pieces(text) for text in requests], [_pieces(text) for text in answers])
    lengths = _correlation(_ranks(requests), _ranks(answers)) * math.sqrt(count - 1)
    return Pairing(
        words=_above_shifted(words, shifts),
        letters=_above_shifted(letters, shifts),
        kinship=_kinship(tf_idf(requests, _COLUMNS, pulse), tf_idf(answers, _COLUMNS, pulse), shifts, pulse),
        length=abs(lengths),
    )


def _words(study: Study, index: int) -> frozenset[str]:
    return frozenset(tokens(study.said[index])) - study.stop


def _pieces(text: str) -> frozenset[str]:
    dense = "".join(text[:_LETTERS].lower().split())
    return frozenset(dense[at : at + 3] for at in range(max(1, len(dense) - 2)))


def _shared(requests: list[frozenset[str]], answers: list[frozenset[str]]) -> "Values":
    """Return the overlap of each request with each answer: shared pieces over those of the smaller."""
    common = frozenset().union(*requests) & frozenset().union(*answers)
    names = {name: number for number, name in enumerate(sorted(common))}
    mine, theirs = _places(requests, names), _places(answers, names)
    shared = np.zeros((len(requests), len(answers)), np.float32)
    for start in range(0, len(names), _BLOCK):
        shared += _incidence(mine, len(requests), start) @ _incidence(theirs, len(answers), start).T
    sizes = np.minimum.outer([max(1, len(some)) for some in requests], [max(1, len(some)) for some in answers])
    overlap: Values = shared / sizes
    return overlap


def _places(rows: list[frozenset[str]], names: dict[str, int]) -> "NDArray[np.int64]":
    """Return row and number of each piece that has a number, sorted by number."""
    places = [(number, names[name]) for number, some in enumerate(rows) for name in some if name in names]
    found = np.array(places, np.int64).reshape(-1, 2)
    return found[np.argsort(found[:, 1], kind="stable")]


def _incidence(places: "NDArray[np.int64]", rows: int, start: int) -> "NDArray[np.float32]":
    """Return which rows hold which of `_BLOCK` pieces from a number on: a matrix of all pieces would take 100 MB."""
    first, last = np.searchsorted(places[:, 1], (start, start + _BLOCK))
    found = np.zeros((rows, _BLOCK), np.float32)
    found[places[first:last, 0], places[first:last, 1] - start] = 1
    return found


def _above_shifted(overlap: "Values", shifts: list[int]) -> float:
    """Return how far the mean of the own pairs stands above that of shifted ones, in standard errors."""
    count = len(overlap)
    rows = np.arange(count)
    own = np.diagonal(overlap)
    others = np.array([overlap[rows, (rows + shift) % count].mean() for shift in shifts])
    error = math.sqrt(own.var() / count + float(others.var()))
    return float(own.mean() - others.mean()) / error if error > 0 else 0.0


def _kinship(
    requests: "NDArray[np.float32]", answers: "NDArray[np.float32]", shifts: list[int], pulse: Callable[[], None]
) -> float:
    """Return how far the dependence of answers on requests stands above that of shifted pairs.

    The measure is the Hilbert-Schmidt independence criterion (Gretton et al., 2005) with the cosine of TF-IDF as the kernel.
    """
    x, y = requests - requests.mean(0), answers - answers.mean(0)
    own = float(np.square(x.T @ y).sum())
    others = []
    for shift in shifts:
        pulse()
        others.append(float(np.square(x.T @ np.roll(y, shift, axis=0)).sum()))
    spread = float(np.std(others))
    return (own - float(np.mean(others))) / spread if spread > 0 else 0.0


def _ranks(texts: list[str]) -> "Values":
    lengths = np.array([len(text) for text in texts], np.float64)
    values, places = np.unique(lengths, return_inverse=True)
    counts = np.bincount(places, minlength=len(values))
    middle = np.cumsum(counts) - (counts - 1) / 2
    ranks: Values = middle[places]
    return ranks


def _correlation(one: "Values", other: "Values") -> float:
    if not one.std() or not other.std():
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])
