"""Keys, items and handles of the records of a group rule, in arrays, and the groups and pairs among them."""

import sys
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, TypeVar, cast

from tunelint.rules.base import DISTINCT, Group, Member, Pair, Rows

__all__ = ["Columns", "paired", "to_try"]

T = TypeVar("T")

_SMALL: Final = 20_000
"""Below so many keys grouping in plain Python is quicker than importing numpy."""


class Columns:
    """Keys, items and handles of one group rule, in arrays: 8 bytes a number.

    `records` counts all that take part, whether their rows are held here or elsewhere.
    """

    def __init__(self, width: int) -> None:
        self.width = width
        self.keys = array("Q")
        self.handles = array("q")
        self.items = array("Q")
        self.records = 0
        self._different: set[int] = set()

    @property
    def size(self) -> int:
        """How many bytes the rows take."""
        return 8 * (len(self.keys) + len(self.handles) + len(self.items))

    def add(self, rows: Rows) -> None:
        """Add records."""
        self.handles.extend(cast("list[int]", rows.handles))
        self.keys += rows.keys
        self.items += rows.items
        self.records += len(rows.handles)
        if len(self._different) <= DISTINCT:
            self._different.update(rows.items)

    def merge(self, other: "Columns") -> None:
        """Add the records of another part of the file."""
        self.keys += other.keys
        self.handles += other.handles
        self.items += other.items
        self.records += other.records
        if len(self._different) <= DISTINCT:
            self._different |= other._different

    def detach(self) -> "Columns":
        """Hand over the rows: what is left remembers how many there were, and takes them or some of them back by `merge`."""
        rows = Columns(self.width)
        rows.keys, rows.handles, rows.items = self.keys, self.handles, self.items
        self.keys, self.handles, self.items = array("Q"), array("q"), array("Q")
        if len(self._different) > DISTINCT:
            self._different = set(sorted(self._different)[: DISTINCT + 1])
        return rows

    def distinct_items(self) -> int:
        """Return how many different items the records have, more than `DISTINCT` for more than that."""
        return len(self._different)

    def __iter__(self) -> Iterator[Group]:
        """Yield the groups of two or more records, members in the order of the file."""
        if self._is_small():
            for rows in self._rows_by_key():
                yield Group([Member(self.handles[row], self.items[row]) for row in rows])
        else:
            from tunelint.engine.grouping import groups_of

            yield from map(Group, groups_of(self.keys, self.items, self.handles, self.width))

    def pairs(self, least: int) -> list[Pair]:
        """Return pairs of records that share at least so many keys: see `rules.base.Groups.pairs`."""
        if self._is_small():
            firsts: dict[int, int] = {}
            for row in sorted(range(len(self.handles)), key=self.handles.__getitem__):
                firsts.setdefault(self.items[row], row)
            crowds = ([row for row in rows if firsts[self.items[row]] == row] for rows in self._rows_by_key())
            found = paired((pair for rows in crowds for pair in to_try(rows)), self.keys_of, least)
            rows_found = sorted(found, key=lambda pair: (self.handles[pair[1]], self.handles[pair[0]]))
        else:
            from tunelint.engine.pairing import pairs_of

            rows_found = pairs_of(self.keys, self.items, self.handles, self.width, least)
        return [Pair(self.handles[one], self.handles[other]) for one, other in rows_found]

    def _is_small(self) -> bool:
        return len(self.keys) < _SMALL and "numpy" not in sys.modules

    def keys_of(self, row: int) -> Sequence[int]:
        """Return the keys of a record."""
        return self.keys[row * self.width : (row + 1) * self.width]

    def _rows_by_key(self) -> Iterator[list[int]]:
        """Yield the rows of each key that two or more records have, in the order of the keys; rows in the order of the file."""
        rows_of: dict[int, list[int]] = {}
        for index, key in enumerate(self.keys):
            if key:
                rows_of.setdefault(key, []).append(index // self.width)
        for key in sorted(rows_of):
            different = sorted(set(rows_of[key]), key=self.handles.__getitem__)
            if len(different) > 1:
                yield different


def to_try(members: Sequence[T]) -> Iterator[tuple[T, T]]:
    """Yield the pairs of first and later, and of neighbouring members of a group."""
    for index in range(1, len(members)):
        for earlier in {0, index - 1}:
            yield members[earlier], members[index]


def paired(pairs: Iterable[tuple[T, T]], keys_of: Callable[[T], Sequence[int]], least: int) -> list[tuple[T, T]]:
    """Return those of the pairs that share at least so many keys, each once."""
    tried: dict[tuple[T, T], bool] = {}
    for pair in pairs:
        if pair not in tried:
            tried[pair] = len(set(keys_of(pair[0])) & set(keys_of(pair[1])) - {0}) >= least
    return [pair for pair, enough in tried.items() if enough]
