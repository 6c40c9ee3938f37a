"""Pairs of records that share keys, found with numpy: the same ones that `ledger.paired` finds, for files of any size."""

from array import array
from typing import TYPE_CHECKING, Final

import numpy as np

from tunelint.engine.repeats import begins_of, repeated, several

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.uint64]
    Places = NDArray[np.int64]

__all__ = ["pairs_of"]

_BLOCK: Final = 1 << 14
"""Pairs whose keys are compared at once."""


def pairs_of(keys: "array[int]", items: "array[int]", handles: "array[int]", width: int, least: int) -> list[tuple[int, int]]:
    """Return pairs of rows, sorted by the later and then the earlier one; see `rules.base.Groups.pairs`."""
    flat, ranks = np.frombuffer(keys, np.uint64), np.frombuffer(handles, np.int64)
    order = np.argsort(ranks, kind="stable")
    if (order[1:] < order[:-1]).any():
        flat = flat.reshape(-1, width)[order].ravel()
    places = repeated(flat)
    rows = places // width
    first = _firsts(np.frombuffer(items, np.uint64)[order], rows)
    places, rows = places[first[rows]], rows[first[rows]]
    pairs = _paired(flat[places], rows, len(order), least)
    one, other = (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64), (pairs >> np.uint64(32)).astype(np.int64)
    enough = _shared(flat.reshape(-1, width), one, other) >= least
    return list(zip(order[one[enough]].tolist(), order[other[enough]].tolist(), strict=True))


def _firsts(items: "Numbers", rows: "Places") -> "NDArray[np.bool_]":
    """Tell of each row whether it is the first among `rows`, which may name one several times, that has its item."""
    first = np.zeros(len(items), bool)
    first[rows] = True
    found = np.flatnonzero(first)
    mine = items[found]
    same = repeated(mine)
    first[found[same[~begins_of(mine[same])]]] = False
    first[found[mine == 0][1:]] = False
    return first


def _paired(keys: "Numbers", rows: "Places", count: int, least: int) -> "Numbers":
    """Return the pairs of different rows that share a key, first and later one and neighbours, each pair once, sorted.

    `keys` has equal ones side by side, `rows` says which of the `count` rows has each, those of a key in their order. Pairs of
    rows that have fewer than `least` keys in common with all others together are left out.
    """
    begins = begins_of(keys)
    able = np.bincount(rows[several(begins)], minlength=count) >= least
    leader = rows[np.flatnonzero(begins)[np.cumsum(begins) - 1]] if len(rows) else rows
    later = np.flatnonzero(~begins)
    last = rows[later]
    found = []
    for first in (leader[later], rows[later - 1]):
        taken = (first != last) & able[first] & able[last]
        found.append((last[taken].astype(np.uint64) << np.uint64(32)) | first[taken].astype(np.uint64))
    pairs = np.sort(np.concatenate(found))
    distinct: Numbers = pairs[begins_of(pairs)]
    return distinct


def _shared(table: "Numbers", one: "Places", other: "Places") -> "Places":
    """Return how many keys the two rows of each pair have in common; keys of a row differ from each other, but for zeros."""
    found = np.zeros(len(one), np.int64)
    for start in range(0, len(one), _BLOCK):
        block = slice(start, start + _BLOCK)
        mine, theirs = (np.ascontiguousarray(table[rows[block]].T) for rows in (one, other))
        for own in mine:
            met = np.zeros(len(own), bool)
            for key in theirs:
                met |= own == key
            found[block] += met & (own != 0)
    return found
