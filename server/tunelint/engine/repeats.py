"""Which of many numbers stand there more than once: found by sorting some bits of each number together with its place."""

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.uint64]
    Places = NDArray[np.int64]

__all__ = ["begins_of", "repeated", "several"]

_BLOCK: Final = 1 << 15
"""Numbers that are worked on at once: what is made of them on the way stays in the processor's cache."""

_SPREAD: Final = 0x9E3779B97F4A7C15
"""An odd number whose product has well mixed upper bits (Fibonacci hashing)."""

_UPPER: Final = 0xFFFFFFFF00000000
_LOWER: Final = 0x00000000FFFFFFFF


def begins_of(ordered: "Numbers") -> "NDArray[np.bool_]":
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
    ordered = _marked(numbers)
    ordered.sort()
    begins = _begins_of_marks(ordered)
    taken = several(begins)
    places, begins = (ordered[taken] & np.uint64(_LOWER)).astype(np.int64), begins[taken]
    del ordered
    mine = numbers[places]
    foreign = np.flatnonzero(~begins & begins_of(mine))
    if len(foreign):  # numbers that differ, and have the same mark
        run_of = np.cumsum(begins)
        inside = np.flatnonzero(np.isin(run_of, run_of[foreign]))
        places[inside] = places[inside][np.lexsort((mine[inside], run_of[inside]))]
        places = places[several(begins_of(numbers[places]))]
    return places


def _marked(numbers: "Numbers") -> "Numbers":
    """Return of each number but 0 a mark of 32 bits, which depend on all of its own, and below them its place."""
    found: Numbers = np.empty(len(numbers), np.uint64)
    size = 0
    for start in range(0, len(numbers), _BLOCK):
        block = numbers[start : start + _BLOCK]
        places = np.flatnonzero(block)
        found[size : size + len(places)] = (block[places] * np.uint64(_SPREAD) & np.uint64(_UPPER)) | (places + start).astype(
            np.uint64
        )
        size += len(places)
    return found[:size]


def _begins_of_marks(ordered: "Numbers") -> "NDArray[np.bool_]":
    """Tell of each of some sorted numbers of `_marked` whether its mark differs from the one before."""
    begins = np.ones(len(ordered), bool)
    for start in range(1, len(ordered), _BLOCK):
        block = ordered[start - 1 : start + _BLOCK]
        begins[start : start + _BLOCK] = block[1:] ^ block[:-1] > np.uint64(_LOWER)
    return begins
