"""Which of many numbers stand there more than once: sorting numbers is quick, sorting their places is not, so few places are."""

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.uint64]
    Words = NDArray[np.uint32]

__all__ = ["begins_of", "repeated"]

_BITS: Final = 20
_SHIFTS: Final = (0, 12)
"""Where the bits begin by which halves are looked up: a table of 2**20 places stays near the processor."""

_AT_ONCE: Final = 1 << 22
"""How many numbers are sorted at once, so that the copy of them is small."""

_BYTES: Final = 256
_SPREAD: Final = 0x9E3779B97F4A7C15
"""An odd number whose product has well mixed upper bits (Fibonacci hashing)."""


def begins_of(ordered: "Numbers") -> "NDArray[np.bool_]":
    """Tell of each of some sorted numbers whether it differs from the one before."""
    begins: NDArray[np.bool_] = np.concatenate((np.ones(min(len(ordered), 1), bool), ordered[1:] != ordered[:-1]))
    return begins


def repeated(numbers: "Numbers") -> "NDArray[np.int64]":
    """Return the places of the numbers that stand more than once, 0 left out, by the number and then by the place.

    Numbers are told apart by 32 mixed bits first, and those that have the same ones by themselves.
    """
    halves = ((numbers * np.uint64(_SPREAD)) >> np.uint64(32)).astype(np.uint32)
    places = np.flatnonzero(_perhaps(halves, _several(halves)))
    mine = numbers[places]
    order = np.argsort(mine)
    mine = mine[order]
    begins = begins_of(mine)
    alike = ~begins
    alike[:-1] |= alike[1:]
    alike &= mine != 0
    ranked = (np.cumsum(begins)[alike] << 32) | places[order[alike]]
    ranked.sort()
    found: NDArray[np.int64] = ranked & 0xFFFFFFFF
    return found


def _several(halves: "Words") -> "Words":
    """Return the words that stand more than once, each at least once; equal ones have the same lowest byte."""
    parts = -(-len(halves) // _AT_ONCE)
    if parts <= 1:
        return _neighbours(np.sort(halves))
    part_of = halves.astype(np.uint8) // np.uint8(max(_BYTES // parts, 1))
    found = []
    for part in range(int(part_of.max()) + 1):
        mine = halves[part_of == part]
        mine.sort()
        found.append(_neighbours(mine))
    return np.concatenate(found)


def _neighbours(ordered: "Words") -> "Words":
    """Return those of some sorted words that are equal to the one before."""
    found: Words = ordered[1:][ordered[1:] == ordered[:-1]]
    return found


def _perhaps(halves: "Words", wanted: "Words") -> "NDArray[np.bool_]":
    """Tell of each word whether it may be one of the wanted ones: true for all that are, and for few others."""
    found = np.ones(len(halves), bool)
    for shift in _SHIFTS:
        table = np.zeros(1 << _BITS, bool)
        table[_short(wanted, shift)] = True
        found &= table.take(_short(halves, shift))
    return found


def _short(halves: "Words", shift: int) -> "Words":
    return (halves >> np.uint32(shift)) & np.uint32((1 << _BITS) - 1)
