"""Pairs of records that share keys, found with numpy: the same ones that `ledger.paired` finds, for files of any size."""

from array import array
from typing import Final

import numpy as np
import numpy.typing as npt

from tunelint.engine.repeats import begins_of, repeated

__all__ = ["pairs_of"]

_BLOCK: Final = 1 << 16
"""Pairs whose keys are compared at once."""


def pairs_of(keys: "array[int]", items: "array[int]", handles: "array[int]", width: int, least: int) -> list[tuple[int, int]]:
    """Return pairs of rows, sorted by the later and then the earlier one; see `rules.base.Groups.pairs`."""
    sharing = np.zeros(len(handles), bool)
    sharing[repeated(np.frombuffer(keys, dtype=np.uint64)) // width] = True
    shared = np.flatnonzero(sharing)
    order = shared[np.argsort(np.frombuffer(handles, dtype=np.int64)[shared], kind="stable")]
    _, firsts = np.unique(np.frombuffer(items, dtype=np.uint64)[order], return_index=True)
    firsts.sort()
    back = order[firsts]
    table = np.frombuffer(keys, dtype=np.uint64).reshape(-1, width)[back]
    pairs = _paired(table, least)
    one, other = (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64), (pairs >> np.uint64(32)).astype(np.int64)
    enough = np.zeros(len(pairs), bool)
    for start in range(0, len(pairs), _BLOCK):
        block = slice(start, start + _BLOCK)
        enough[block] = _shared(table, one[block], other[block]) >= least
    return list(zip(back[one[enough]].tolist(), back[other[enough]].tolist(), strict=True))


def _paired(table: "npt.NDArray[np.uint64]", least: int) -> "npt.NDArray[np.uint64]":
    """Return the pairs of different rows that share a key, first and later one and neighbours, each pair once, sorted.

    Pairs of rows that have fewer than `least` keys in common with all others together are left out.
    """
    flat = table.ravel()
    places = repeated(flat)
    rows, mine = places // table.shape[1], flat[places]
    begins = begins_of(mine)
    leader = rows[np.flatnonzero(begins)[np.cumsum(begins) - 1]] if len(rows) else rows
    later = np.flatnonzero(~begins)
    able = np.bincount(rows, minlength=len(table)) >= least
    last = rows[later]
    found = []
    for first in (leader[later], rows[later - 1]):
        taken = (first != last) & able[first] & able[last]
        found.append(_packed(first[taken], last[taken]))
    return _distinct(np.concatenate(found))


def _packed(one: "npt.NDArray[np.int64]", other: "npt.NDArray[np.int64]") -> "npt.NDArray[np.uint64]":
    """Put two row numbers into one, the later row above, so that sorting sorts by it first."""
    low, high = np.minimum(one, other).astype(np.uint64), np.maximum(one, other).astype(np.uint64)
    return (high << np.uint64(32)) | low


def _distinct(values: "npt.NDArray[np.uint64]") -> "npt.NDArray[np.uint64]":
    ordered: npt.NDArray[np.uint64] = np.sort(values)
    distinct: npt.NDArray[np.uint64] = ordered[begins_of(ordered)]
    return distinct


def _shared(
    table: "npt.NDArray[np.uint64]", one: "npt.NDArray[np.int64]", other: "npt.NDArray[np.int64]"
) -> "npt.NDArray[np.int64]":
    """Return how many keys the two rows of each pair have in common; keys of a row differ from each other, but for zeros."""
    found = np.zeros(len(one), dtype=np.int64)
    for column in range(table.shape[1]):
        own = table[one, column]
        found += (table[other] == own[:, None]).any(axis=1) & (own != 0)
    return found
