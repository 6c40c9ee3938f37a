"""Which records of a group rule share a key with another one, found bucket by bucket: no step holds the keys of all records.

A key's bucket is decided by its lowest byte, which is evenly spread in hashes and in pairs of hashes. Records that share no key
with another one are in no group and in no pair, so whatever is found among the rest is found among all.
"""

from array import array
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

import numpy as np

from tunelint.engine.columns import Columns
from tunelint.engine.repeats import repeated

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.uint64]

__all__ = ["BUCKETS", "meeting", "only", "scatter"]

BUCKETS: Final = 64
_BYTES: Final = 256
_BLOCK: Final = 1 << 16
"""Rows that are cut at once, so that copies of them are small."""


def scatter(columns: Columns, buckets: int) -> Iterator["tuple[int, Numbers]"]:
    """Yield keys with their handles, as two columns, and the bucket of so many that they are in; several blocks for a bucket."""
    width = columns.width
    keys = np.frombuffer(columns.keys, np.uint64)
    handles = np.frombuffer(columns.handles, np.uint64)
    for start in range(0, len(handles), _BLOCK):
        mine = keys[start * width : (start + _BLOCK) * width]
        table = np.column_stack((mine, np.repeat(handles[start : start + _BLOCK], width)))[mine != 0]
        bucket_of = (table[:, 0] & np.uint64(_BYTES - 1)) * np.uint64(buckets) // np.uint64(_BYTES)
        order = np.argsort(bucket_of, kind="stable")
        cuts = np.searchsorted(bucket_of[order], np.arange(buckets + 1, dtype=np.uint64)).tolist()
        for bucket in range(buckets):
            if cuts[bucket] < cuts[bucket + 1]:
                yield bucket, table[order[cuts[bucket] : cuts[bucket + 1]]]


def meeting(blocks: Iterable["Numbers"]) -> "Numbers":
    """Return the handles, sorted, of the records that share a key of a bucket, which is given in blocks."""
    tables = list(blocks)
    if not tables:
        return np.zeros(0, np.uint64)
    table = np.concatenate(tables)
    found: Numbers = np.unique(table[:, 1][repeated(np.ascontiguousarray(table[:, 0]))])
    return found


def only(columns: Columns, handles: "Numbers") -> Columns:
    """Return the rows of those records whose handles are among `handles`, which are sorted; they count for no records."""
    width = columns.width
    mine = np.frombuffer(columns.handles, np.uint64)
    places = np.searchsorted(handles, mine)
    taken = np.zeros(len(mine), bool)
    inside = places < len(handles)
    taken[inside] = handles[places[inside]] == mine[inside]
    found = Columns(width)
    found.handles = array("q", mine[taken].tobytes())
    found.items = array("Q", np.frombuffer(columns.items, np.uint64)[taken].tobytes())
    found.keys = array("Q", np.frombuffer(columns.keys, np.uint64).reshape(-1, width)[taken].tobytes())
    return found
