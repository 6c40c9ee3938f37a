"""Records that share a key, found with numpy: the same groups that `Columns` makes of a small file, for files of any size."""

from array import array
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, overload

import numpy as np

from tunelint.engine.repeats import begins_of, repeated
from tunelint.rules.base import Member

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Handles = NDArray[np.int64]
    Numbers = NDArray[np.uint64]

__all__ = ["groups_of"]

_BLOCK: Final = 1 << 12
"""Members that are made at once of a group that is walked through."""


class _Members(Sequence[Member]):
    """The members of a group: numbers in arrays until one is asked for, because a label of a large file has millions."""

    def __init__(self, handles: "Handles", items: "Numbers") -> None:
        self._handles = handles
        self._items = items

    def __len__(self) -> int:
        return len(self._handles)

    @overload
    def __getitem__(self, index: int) -> Member: ...

    @overload
    def __getitem__(self, index: slice) -> "_Members": ...

    def __getitem__(self, index: int | slice) -> "Member | _Members":
        if isinstance(index, slice):
            return _Members(self._handles[index], self._items[index])
        return Member(int(self._handles[index]), int(self._items[index]))

    def __iter__(self) -> Iterator[Member]:
        for start in range(0, len(self), _BLOCK):
            block = slice(start, start + _BLOCK)
            yield from map(Member, self._handles[block].tolist(), self._items[block].tolist())


def groups_of(keys: "array[int]", items: "array[int]", handles: "array[int]", width: int) -> Iterator[Sequence[Member]]:
    """Yield the members of each key, 0 left out, that two or more records have; see `rules.base.Groups`."""
    flat = np.frombuffer(keys, dtype=np.uint64)
    places = repeated(flat)
    ordered = flat[places]
    starts = np.flatnonzero(begins_of(ordered))
    ends = np.append(starts[1:], len(places))
    by_key = np.argsort(ordered[starts])
    handle_of, item_of = np.frombuffer(handles, dtype=np.int64), np.frombuffer(items, dtype=np.uint64)
    for start, end in zip(starts[by_key].tolist(), ends[by_key].tolist(), strict=True):
        rows = places[start:end] // width
        if width > 1:
            rows = np.unique(rows)
        rows = rows[np.argsort(handle_of[rows], kind="stable")]
        if len(rows) > 1:
            yield _Members(handle_of[rows], item_of[rows])
