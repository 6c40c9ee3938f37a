"""Which of many numbers stand there more than once: found by sorting some bits of each number together with its place."""

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.uint64]
    Words = NDArray[np.uint32]
    Places = NDArray[np.int64]

__all__ = ["begins_of", "repeated", "several"]

_AT_ONCE: Final = 1 << 22
"""About how many numbers are sorted at once, so that what is sorted is small."""

_BYTES: Final = 256
_SPREAD: Final = 0x9E3779B97F4A7C15
"""An odd number whose product has well mixed upper bits (Fibonacci hashing)."""


def begins_of(ordered: "NDArray[np.uint32 | np.uint64]") -> "NDArray[np.bool_]":
    """Tell of each of some sorted numbers whether it differs from the one before."""
    begins: NDArray[np.bool_] = np.concatenate((np.ones(min(len(ordered), 1), bool), ordered[1:] != ordered[:-1]))
    return begins


def several(begins: "NDArray[np.bool_]") -> "NDArray[np.bool_]":
    """Tell of each number in a run of equal ones, given where runs begin, whether its run has two or more."""
    found = ~begins
    found[:-1] |= found[1:]
    return found


def repeated(numbers: "Numbers") -> "Places":
    """Return the places of the numbers that stand more than once, 0 left out: those of a number in order, side by side."""
    words = _mixed(numbers)
    parts = max(min(-(-len(words) // _AT_ONCE), _BYTES), 1)
    part_of = ((words >> np.uint32(24)) * np.uint32(parts) >> np.uint32(8)).astype(np.uint8)
    found = [_repeated(numbers, words, np.flatnonzero((part_of == part) & (numbers != 0))) for part in range(parts)]
    return np.concatenate(found)


def _mixed(numbers: "Numbers") -> "Words":
    """Return 32 bits of each number that depend on all of its bits."""
    product = numbers * np.uint64(_SPREAD)
    product >>= np.uint64(32)
    return product.astype(np.uint32)


def _repeated(numbers: "Numbers", words: "Words", places: "Places") -> "Places":
    """Return what `repeated` returns, of the numbers at `places`, with the `words` of all numbers."""
    ordered = (words[places].astype(np.uint64) << np.uint64(32)) | places.astype(np.uint64)
    ordered.sort()
    begins = begins_of((ordered >> np.uint64(32)).astype(np.uint32))
    taken = several(begins)
    places, begins = (ordered[taken] & np.uint64(0xFFFFFFFF)).astype(np.int64), begins[taken]
    mine = numbers[places]
    foreign = np.flatnonzero(~begins & begins_of(mine))
    if len(foreign):  # numbers that differ, and have the same word
        run_of = np.cumsum(begins)
        inside = np.flatnonzero(np.isin(run_of, run_of[foreign]))
        places[inside] = places[inside][np.lexsort((mine[inside], run_of[inside]))]
        places = places[several(begins_of(numbers[places]))]
    return places
