"""Pairs of records that share keys, found with numpy: the same ones that `ledger.paired` finds, for files of any size."""

from array import array

import numpy as np
import numpy.typing as npt

from tunelint.engine.shuffle import sharing

__all__ = ["pairs_of"]


def pairs_of(keys: "array[int]", items: "array[int]", handles: "array[int]", width: int, least: int) -> list[tuple[int, int]]:
    """Return pairs of rows, sorted by the later and then the earlier one; see `rules.base.Groups.pairs`."""
    shared = np.flatnonzero(sharing(np.frombuffer(keys, dtype=np.uint64), width))
    order = shared[np.argsort(np.frombuffer(handles, dtype=np.int64)[shared], kind="stable")]
    table = np.frombuffer(keys, dtype=np.uint64).reshape(-1, width)[order]
    _, firsts = np.unique(np.frombuffer(items, dtype=np.uint64)[order], return_index=True)
    firsts.sort()
    table = table[firsts]
    flat = table.ravel()
    by_key = np.argsort(flat, kind="stable")
    rows = by_key // width
    begins = np.concatenate((np.ones(min(len(flat), 1), bool), flat[by_key][1:] != flat[by_key][:-1]))
    leader = rows[np.flatnonzero(begins)[np.cumsum(begins) - 1]] if len(rows) else rows
    later = np.flatnonzero(~begins & (flat[by_key] != 0))
    pairs = np.concatenate((_packed(leader[later], rows[later]), _packed(rows[later - 1], rows[later])))
    pairs = _distinct(pairs)
    one, other = (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64), (pairs >> np.uint64(32)).astype(np.int64)
    enough = (one != other) & (_shared(table, one, other) >= least)
    back = order[firsts]
    return list(zip(back[one[enough]].tolist(), back[other[enough]].tolist(), strict=True))


def _packed(one: "npt.NDArray[np.int64]", other: "npt.NDArray[np.int64]") -> "npt.NDArray[np.uint64]":
    """Put two row numbers into one, the later row above, so that sorting sorts by it first."""
    low, high = np.minimum(one, other).astype(np.uint64), np.maximum(one, other).astype(np.uint64)
    return (high << np.uint64(32)) | low


def _distinct(values: "npt.NDArray[np.uint64]") -> "npt.NDArray[np.uint64]":
    ordered: npt.NDArray[np.uint64] = np.sort(values)
    first = np.concatenate((np.ones(min(len(ordered), 1), bool), ordered[1:] != ordered[:-1]))
    distinct: npt.NDArray[np.uint64] = ordered[first]
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
