"""A multiset that can be added to, taken from and merged in any order: the state of every tally."""

from collections.abc import Hashable, Iterable, Iterator
from typing import Final

from tunelint.core.finding import Handle

__all__ = ["FIRST_PLACES", "Bag"]

FIRST_PLACES: Final = 26
"""How many handles are kept of each item: one more than are ever shown."""


class Bag:
    """How often each item was seen, and the first records that it was seen in.

    A kind of items with more than `limit` different ones is overflown and not counted any more. Items are all of one kind or,
    with `kinds`, tuples that begin with theirs. Whether a kind is overflown depends on the union of what was added, never on the
    order or the parts, so merging keeps its meaning. Handles are kept in the order of the file.
    """

    __slots__ = ("_different", "_first", "counts", "kinds", "limit", "overflown_kinds")

    def __init__(self, limit: int, kinds: tuple[str, ...] = ()) -> None:
        self.limit = limit
        self.kinds = kinds
        self.counts: dict[Hashable, int] = {}
        self.overflown_kinds: set[str] = set()
        self._first: dict[Hashable, list[Handle]] = {}
        self._different: dict[str, int] = {}

    @property
    def overflown(self) -> bool:
        """Whether nothing is counted any more."""
        return len(self.overflown_kinds) == max(len(self.kinds), 1)

    @property
    def total(self) -> int:
        """How many items are in the bag."""
        return sum(self.counts.values())

    def add(self, item: Hashable, handle: Handle) -> None:
        """Count `item`, seen in the record `handle`, which stands behind all records seen before."""
        counts = self.counts
        if item in counts:
            counts[item] += 1
            first = self._first[item]
            if len(first) < FIRST_PLACES:
                first.append(handle)
            return
        kind = self._kind(item)
        if kind not in self.overflown_kinds:
            counts[item] = 1
            self._first[item] = [handle]
            self._different[kind] = self._different.get(kind, 0) + 1
            if self._different[kind] > self.limit:
                self._overflow(kind)

    def add_many(self, items: Iterable[tuple[Hashable, Handle]]) -> None:
        """Count items that were seen in these records, in the order of the file."""
        counts, first_of = self.counts, self._first
        for item, handle in items:
            if item not in counts:
                self.add(item, handle)
                continue
            counts[item] += 1
            first = first_of[item]
            if len(first) < FIRST_PLACES:
                first.append(handle)

    def merge(self, other: "Bag") -> None:
        """Add everything that `other` counted."""
        for kind in other.overflown_kinds - self.overflown_kinds:
            self._overflow(kind)
        for item, count in other.counts.items():
            kind = self._kind(item)
            if kind in self.overflown_kinds:
                continue
            if item not in self.counts:
                self._different[kind] = self._different.get(kind, 0) + 1
            self.counts[item] = self.counts.get(item, 0) + count
            self._first[item] = sorted([*self._first.get(item, ()), *other._first[item]], key=_order)[:FIRST_PLACES]
            if self._different[kind] > self.limit:
                self._overflow(kind)

    def first(self, item: Hashable) -> list[Handle]:
        """Return the first records that `item` was seen in, at most `FIRST_PLACES`."""
        return self._first.get(item, [])

    def places(self, item: Hashable) -> Iterator[tuple[Handle, int]]:
        """Yield the first records that `item` was seen in, with how many findings each stands for: the last one for the rest."""
        first = self.first(item)
        for number, handle in enumerate(first, start=1):
            yield handle, 1 if number < len(first) else self.counts[item] - len(first) + 1

    def _kind(self, item: Hashable) -> str:
        return str(item[0]) if self.kinds and isinstance(item, tuple) else ""

    def _overflow(self, kind: str) -> None:
        self.overflown_kinds.add(kind)
        for item in [item for item in self.counts if self._kind(item) == kind]:
            del self.counts[item], self._first[item]


def _order(handle: Handle) -> int:
    assert isinstance(handle, int)
    return handle
