"""Finds the rows of a block in which one of many short pieces of text may stand, in the same time however many there are."""

from collections.abc import Collection, Iterator, Sequence
from itertools import combinations
from math import prod
from typing import TYPE_CHECKING, Final

import numpy as np

from tunelint.engine.triggers import WINDOW

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["GROUPS", "Sieve"]

GROUPS: Final = 64
"""Groups that a sieve takes at most: the bits of a number of numpy."""

_BUCKETS: Final = 8
"""Bits of a byte."""

_FIRST, _SECOND = np.uint16(0x9E37), np.uint16(0x3D4D)
"""Odd factors by which three bytes become a number of 16 bits."""


class Sieve:
    """Looks for the pieces of several groups at once.

    Three tables say of each byte in which buckets it is the first, the second, the third byte of a piece. Where the bits of three
    neighbours have one in common, a piece may stand, and a fourth table, by a hash of the three, says of which groups. These are
    operations on whole arrays, where a search for the first byte of each piece would stop at every one of them. The way is that
    of Hyperscan's Teddy (Wang et al., Hyperscan: a fast multi-pattern regex matcher, NSDI 2019).
    """

    def __init__(self, groups: Sequence[Collection[bytes]]) -> None:
        """Take at most `GROUPS` groups of pieces of two or `WINDOW` bytes. None may stand at the end of a block."""
        self._groups = np.zeros(1 << 16, np.uint64)
        for number, group in enumerate(groups):
            for piece in group:
                first, second, third = (np.array(list(here), np.uint8) for here in _bytes_at(piece))
                self._groups[_hash(first, second, third)] |= np.uint64(1 << number)
        tables = [bytearray(256) for _ in range(WINDOW)]
        for bucket, pieces in enumerate(_buckets(groups)):
            for piece in pieces:
                for table, here in zip(tables, _bytes_at(piece), strict=True):
                    for byte in here:
                        table[byte] |= 1 << bucket
        self._tables = list(map(bytes, tables))

    def rows(self, block: bytes, starts: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Yield each row that may hold a piece, with the bits of the groups that it may be of; rows begin at `starts`."""
        first, second, third = (np.frombuffer(block.translate(table), np.uint8) for table in self._tables)
        found = first[:-2] & second[1:-1]
        found &= third[2:]
        places = np.flatnonzero(found != 0)  # four times as quick as without the comparison
        text = np.frombuffer(block, np.uint8)
        groups = self._groups[_hash(text[places], text[places + 1], text[places + 2])]
        places, groups = places[groups != 0], groups[groups != 0]
        if len(places):
            rows = np.searchsorted(starts, places, "right") - 1
            changes = np.flatnonzero(np.diff(rows, prepend=-1))
            yield from zip(rows[changes].tolist(), np.bitwise_or.reduceat(groups, changes).tolist(), strict=True)


def _hash(
    first: "npt.NDArray[np.uint8]", second: "npt.NDArray[np.uint8]", third: "npt.NDArray[np.uint8]"
) -> "npt.NDArray[np.uint16]":
    """Return a number of 16 bits for each three bytes."""
    found: npt.NDArray[np.uint16] = first.astype(np.uint16)
    found *= _FIRST
    found += second.astype(np.uint16) * _SECOND
    return found + third


def _bytes_at(piece: bytes) -> list[Collection[int]]:
    """Return the bytes that may stand at each place of a window: any behind the end of a piece."""
    return [[piece[place]] if place < len(piece) else range(256) for place in range(WINDOW)]


def _buckets(groups: Sequence[Collection[bytes]]) -> list[frozenset[bytes]]:
    """Share pieces out among the buckets: groups are put together where that lets the fewest other windows pass."""
    buckets = [frozenset(group) for group in groups]
    while len(buckets) > _BUCKETS:
        one, other = min(combinations(range(len(buckets)), 2), key=lambda pair: _cost(buckets[pair[0]], buckets[pair[1]]))
        buckets.append(buckets[one] | buckets[other])
        del buckets[other], buckets[one]
    return buckets


def _cost(one: frozenset[bytes], other: frozenset[bytes]) -> int:
    return _passing(one | other) - _passing(one) - _passing(other)


def _passing(pieces: Collection[bytes]) -> int:
    """Return how many different windows pass a bucket that these pieces are in."""
    return prod(len(set[int]().union(*here)) for here in zip(*map(_bytes_at, pieces), strict=True))
