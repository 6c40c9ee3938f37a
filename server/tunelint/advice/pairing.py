"""Whether answers are tied to their own requests, or fit any other as well: a file whose columns were shuffled or shifted.

Four tests of independence, each against answers of other records: shared words, shared letters, likeness of answers where
requests are alike, and length. One that finds a tie is enough.
"""

import math
from collections.abc import Callable
from functools import cached_property
from statistics import median
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from tunelint.advice.features import features, tf_idf
from tunelint.advice.study import Study
from tunelint.advice.wording import tokens
from tunelint.core.pulse import pulsed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Values = NDArray[np.float64]

__all__ = ["Pairing"]

_ROWS: Final = 800
_COLUMNS: Final = 512
_SHIFTS: Final = 60
"""Other pairings that the own one is compared with: answers shifted by so many different distances."""

_FEATURES: Final = 3
"""Words and pieces of words that the median request has, from which some are alike; a word of four letters has three."""

_LETTERS: Final = 300
_WORD: Final = 64
_PULSE: Final = 64
_SHIFTS_A_PULSE: Final = 4
"""Rows and shifts between two pulses: some milliseconds of work."""


class Pairing:
    """How far the own pairing stands above others, in standard deviations, in each of four tests.

    A test is made when it is asked for: whether a file is tied at all is mostly told by the cheap ones.
    """

    def __init__(self, study: Study) -> None:
        """Look at no more rows of a study than tests can compare in a second."""
        self._study = study
        self._count = min(len(study.rows), _ROWS)

    def reaches(self, least: float) -> bool:
        """Tell whether `strength` is at least so much."""
        return self.length >= least or self.words >= least or self.letters >= least or self.kinship >= least

    @property
    def strength(self) -> float:
        """The largest of the tests."""
        return max(self.words, self.letters, self.kinship, self.length)

    @cached_property
    def can_tell(self) -> bool:
        """Whether requests have anything to compare: of single characters, numbers and signs no two are alike."""
        cores = self._study.cores[: self._count]
        return median(len(features(core)) for core in cores) >= _FEATURES

    @cached_property
    def words(self) -> float:
        """By words that carry content and stand in both."""
        study, pulse = self._study, self._study.pulse
        asked = [frozenset(tokens(text)) - study.stop for text in pulsed(study.requests[: self._count], _PULSE, pulse)]
        said = [frozenset(tokens(text)) - study.stop for text in pulsed(study.said[: self._count], _PULSE, pulse)]
        return _above_shifted(_shared(asked, said, self._shifts, pulse))

    @cached_property
    def letters(self) -> float:
        """By runs of three letters that stand in both."""
        pulse = self._study.pulse
        asked, said = ([_pieces(text) for text in pulsed(side, _PULSE, pulse)] for side in self._sides)
        return _above_shifted(_shared(asked, said, self._shifts, pulse))

    @cached_property
    def kinship(self) -> float:
        """By whether like requests have like answers."""
        pulse = self._study.pulse
        asked, said = (tf_idf(side, _COLUMNS, pulse) for side in self._sides)
        return _kinship(asked, said, self._shifts, pulse)

    @cached_property
    def length(self) -> float:
        """By the rank correlation of their lengths."""
        return abs(self.lengths * math.sqrt(self._count - 1))

    @cached_property
    def lengths(self) -> float:
        """The rank correlation of the lengths of requests and answers."""
        asked, said = map(_ranks, self._sides)
        return _correlation(asked, said)

    @property
    def _sides(self) -> tuple[list[str], list[str]]:
        return self._study.requests[: self._count], self._study.answers[: self._count]

    @property
    def _shifts(self) -> list[int]:
        return [1 + step * (self._count - 2) // _SHIFTS for step in range(min(_SHIFTS, self._count - 2))]


def _pieces(text: str) -> frozenset[str]:
    dense = "".join(text[:_LETTERS].lower().split())
    return frozenset(map("".join, zip(dense, dense[1:], dense[2:], strict=False))) if len(dense) > 2 else frozenset((dense,))


class _Overlap(NamedTuple):
    """How much of its pieces a request shares with its own answer, and the mean of that with other answers, shift by shift."""

    own: "Values"
    others: list[float]


def _shared(
    requests: list[frozenset[str]], answers: list[frozenset[str]], shifts: list[int], pulse: Callable[[], None]
) -> _Overlap:
    """Return the overlap of requests with answers: shared pieces over those of the smaller.

    Pieces are bits, so that comparing all with each shift is a matter of some megabytes.
    """
    common = frozenset().union(*requests) & frozenset().union(*answers)
    names = {name: number for number, name in enumerate(sorted(common))}
    mine, theirs = _bits(requests, names, pulse), _bits(answers, names, pulse)
    sizes = np.array([[max(1, len(some)) for some in side] for side in (requests, answers)], np.float64)

    def overlap(shift: int) -> "Values":
        both = np.bitwise_count(mine & np.roll(theirs, -shift, axis=0)).sum(axis=1, dtype=np.int64)
        found: Values = both / np.minimum(sizes[0], np.roll(sizes[1], -shift))
        return found

    return _Overlap(overlap(0), [float(overlap(shift).mean()) for shift in pulsed(shifts, _SHIFTS_A_PULSE, pulse)])


def _bits(rows: list[frozenset[str]], names: dict[str, int], pulse: Callable[[], None]) -> "NDArray[np.uint64]":
    """Return which rows hold which pieces, a bit a piece."""
    width = -(-len(names) // _WORD)
    found = np.zeros((len(rows), width), np.uint64)
    for row, some in pulsed(zip(found, rows, strict=True), _PULSE, pulse):
        places = np.array([*map(names.__getitem__, names.keys() & some)], np.uint64)
        np.bitwise_or.at(row, (places // _WORD).astype(np.intp), np.uint64(1) << (places % np.uint64(_WORD)))
    return found


def _above_shifted(overlap: _Overlap) -> float:
    """Return how far the mean of the own pairs stands above that of shifted ones, in standard errors."""
    own, others = overlap.own, np.array(overlap.others)
    error = math.sqrt(own.var() / len(own) + float(others.var()))
    return float(own.mean() - others.mean()) / error if error > 0 else 0.0


def _kinship(
    requests: "NDArray[np.float32]", answers: "NDArray[np.float32]", shifts: list[int], pulse: Callable[[], None]
) -> float:
    """Return how far the dependence of answers on requests stands above that of shifted pairs.

    The measure is the Hilbert-Schmidt independence criterion (Gretton et al., 2005) with the cosine of TF-IDF as the kernel:
    the sum of the products of both kernels, of which only one moves with a shift.
    """
    x, y = requests - requests.mean(0), answers - answers.mean(0)
    kernel, other = x @ x.T, y @ y.T
    own = float(np.vdot(kernel, other))
    moved = pulsed(shifts, _SHIFTS_A_PULSE, pulse)
    others = [float(np.vdot(kernel, np.roll(other, (shift, shift), axis=(0, 1)))) for shift in moved]
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
