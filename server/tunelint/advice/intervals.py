"""How far a score measured on some rows may be off: intervals, how many rows narrow them, and whether two scores differ.

All intervals hold 95%. Nothing is random: resampling draws its rows by a fixed sequence of hashed counters, from scores that are
sorted first, so the same scores give the same interval in whatever order they come.
"""

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Comparison", "Interval", "bootstrap", "compare", "mcnemar", "rows_for", "rows_for_mean", "wilson"]

_Z: Final = 1.959963984540054
"""Standard deviations that 95% of a normal distribution lie within."""

_RESAMPLES: Final = 2_000
"""Draws of a bootstrap: bounds of percentiles are stable to the third digit of a share (Efron and Tibshirani, chapter 13)."""


class Interval(NamedTuple):
    """A measured value and the bounds of its interval."""

    value: float
    low: float
    high: float

    @property
    def half_width(self) -> float:
        """How far the bounds are from each other, halved."""
        return (self.high - self.low) / 2


class Comparison(NamedTuple):
    """How two ways score on the same rows: `difference` is the second's mean minus the first's.

    `better` and `worse` count rows on which the second scores higher and lower. `p` is the probability of a difference at least
    so large between two ways that are equally good: McNemar's exact test for scores of 0 and 1, else a sign-flip test.
    """

    difference: Interval
    better: int
    worse: int
    p: float

    @property
    def decided(self) -> bool:
        """Whether the difference is more than chance at 5%."""
        return self.p < 0.05


def wilson(successes: float, rows: int) -> Interval:
    """Return Wilson's score interval of a share; with no rows it is everything. Source: Wilson, JASA 22 (1927)."""
    if not rows:
        return Interval(0.0, 0.0, 1.0)
    share = min(max(successes / rows, 0.0), 1.0)
    scale = 1 + _Z * _Z / rows
    middle = (share + _Z * _Z / (2 * rows)) / scale
    half = _half_width(share, rows)
    return Interval(share, min(max(0.0, middle - half), share), max(min(1.0, middle + half), share))


def _half_width(share: float, rows: float) -> float:
    return _Z * math.sqrt(share * (1 - share) / rows + _Z * _Z / (4 * rows * rows)) / (1 + _Z * _Z / rows)


def rows_for(half_width: float, share: float = 0.5) -> int:
    """Return how many rows narrow Wilson's interval of a share to `half_width` on each side; the worst share is one half."""
    return _first_row(lambda rows: _half_width(share, rows) <= half_width)


def rows_for_mean(half_width: float, deviation: float) -> int:
    """Return how many rows narrow the interval of a mean whose scores have this standard deviation, at least 2."""
    return max(2, math.ceil((_Z * deviation / half_width) ** 2))


def _first_row(enough: Callable[[int], bool]) -> int:
    high = 1
    while not enough(high):
        high *= 2
    low = high // 2
    while low + 1 < high:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def bootstrap(scores: Sequence[float]) -> Interval:
    """Return the percentile interval of the mean of scores from 0 to 1.

    Where all scores are equal, resampling knows no spread and would claim certainty: Wilson's interval stands in, which is at
    least as wide as that of any scores with this mean.
    """
    rows = len(scores)
    if not rows or min(scores) == max(scores):
        return wilson(sum(scores), rows)
    mean = math.fsum(scores) / rows
    low, high = _percentiles(scores)
    return Interval(mean, min(low, mean), max(high, mean))


def compare(first: Sequence[float], second: Sequence[float]) -> Comparison:
    """Compare two ways by their scores on the same rows, in the same order."""
    differences = [b - a for a, b in zip(first, second, strict=True)]
    better = sum(1 for one in differences if one > 0)
    worse = sum(1 for one in differences if one < 0)
    if all(one in {0.0, 1.0} for one in (*first, *second)):
        return Comparison(_newcombe(first, second), better, worse, mcnemar(better, worse))
    if min(differences) == max(differences):
        return Comparison(_newcombe(first, second), better, worse, _sign_flips(differences))
    mean = math.fsum(differences) / len(differences)
    low, high = _percentiles(differences)
    return Comparison(Interval(mean, min(low, mean), max(high, mean)), better, worse, _sign_flips(differences))


def mcnemar(better: int, worse: int) -> float:
    """Return the exact two-sided p of McNemar's test from the rows that changed for the better and for the worse."""
    changed = better + worse
    tail = sum(math.comb(changed, index) for index in range(min(better, worse) + 1))
    return min(1.0, float(2 * tail / 2**changed))


def _newcombe(first: Sequence[float], second: Sequence[float]) -> Interval:
    """Return the interval of the difference of two paired shares: method 10 of Newcombe, Statistics in Medicine 17 (1998)."""
    rows = len(first)
    if not rows:
        return Interval(0.0, -1.0, 1.0)
    a, b = wilson(math.fsum(first), rows), wilson(math.fsum(second), rows)
    phi = _correlation(first, second)
    difference = b.value - a.value
    below = _joined(b.value - b.low, a.high - a.value, phi)
    above = _joined(b.high - b.value, a.value - a.low, phi)
    return Interval(difference, max(-1.0, difference - below), min(1.0, difference + above))


def _joined(one: float, other: float, phi: float) -> float:
    return math.sqrt(max(0.0, one * one - 2 * phi * one * other + other * other))


def _correlation(first: Sequence[float], second: Sequence[float]) -> float:
    """Return the correlation of two shares with Newcombe's correction for continuity."""
    rows = len(first)
    both = math.fsum(a * b for a, b in zip(first, second, strict=True))
    ones, twos = math.fsum(first), math.fsum(second)
    margins = ones * (rows - ones) * twos * (rows - twos)
    if margins <= 0:
        return 0.0
    product = both * (rows - ones - twos + both) - (ones - both) * (twos - both)
    if product > 0:
        product = max(0.0, product - rows / 2)
    return product / math.sqrt(margins)


def _percentiles(values: Sequence[float]) -> tuple[float, float]:
    import numpy as np

    ordered = np.sort(np.asarray(values, dtype=np.float64))
    rows = len(ordered)
    drawn = _hashes(_RESAMPLES * rows) >> np.uint64(11)
    picked = (drawn.astype(np.float64) * (rows / 2.0**53)).astype(np.int64).reshape(_RESAMPLES, rows)
    means = ordered[np.minimum(picked, rows - 1)].mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)


def _sign_flips(differences: Sequence[float]) -> float:
    """Return the two-sided p of the mean difference when each sign is as likely as its opposite."""
    import numpy as np

    values = np.sort(np.abs(np.asarray([one for one in differences if one], dtype=np.float64)))
    if not len(values):
        return 1.0
    signs = (_hashes(_RESAMPLES * len(values)) >> np.uint64(63)).astype(np.float64).reshape(_RESAMPLES, len(values)) * 2 - 1
    seen = abs(math.fsum(differences))
    larger = int((np.abs(signs @ values) >= seen - 1e-9).sum())
    return (larger + 1) / (_RESAMPLES + 1)


def _hashes(count: int) -> "NDArray[np.uint64]":
    """Return the first numbers of splitmix64, which passes the usual tests of randomness. Source: Steele et al., OOPSLA 2014."""
    import numpy as np

    with np.errstate(over="ignore"):
        value = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))
