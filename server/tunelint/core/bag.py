"""A multiset that can be added to, taken from and merged in any order: the state of every tally."""

from collections.abc import Hashable, Iterable
from typing import Final

from tunelint.core.finding import Handle

__all__ = ["FIRST_PLACES", "Bag"]

FIRST_PLACES: Final = 26
"""How many handles are kept of each item: one more than are ever shown."""


class Bag:
    """How often each item was seen, and the first records that it was seen in.

    With more than `limit` different items the bag is `overflown`: it only counts. Whether it is depends on the union of what was
    added, never on the order or the parts, so merging keeps its meaning. Handles are kept in the order of the file.
    """

    __slots__ = ("_first", "counts", "limit", "overflown", "total")

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.counts: dict[Hashable, int] = {}
        self.total = 0
        self.overflown = False
        self._first: dict[Hashable, list[Handle]] = {}

    def add(self, item: Hashable, handle: Handle) -> None:
        """Count `item`, seen in the record `handle`, which stands behind all records seen before."""
        self.total += 1
        if self.overflown:
            return
        counts = self.counts
        if item in counts:
            counts[item] += 1
            first = self._first[item]
            if len(first) < FIRST_PLACES:
                first.append(handle)
            return
        counts[item] = 1
        self._first[item] = [handle]
        self._check_limit()

    def add_many(self, items: Iterable[tuple[Hashable, Handle]]) -> None:
        """Count many items at once."""
        for item, handle in items:
            self.add(item, handle)

    def remove(self, item: Hashable, handle: Handle) -> None:
        """Take back one `add`. Only a bag that keeps its places elsewhere can do so: see `engine.ledger`."""
        raise NotImplementedError

    def merge(self, other: "Bag") -> None:
        """Add everything that `other` counted."""
        self.total += other.total
        self.overflown = self.overflown or other.overflown
        if not self.overflown:
            for item, count in other.counts.items():
                self.counts[item] = self.counts.get(item, 0) + count
                mine, theirs = self._first.get(item, []), other._first[item]
                self._first[item] = sorted([*mine, *theirs], key=_order)[:FIRST_PLACES]
        self._check_limit()

    def first(self, item: Hashable) -> list[Handle]:
        """Return the first records that `item` was seen in, at most `FIRST_PLACES`."""
        return self._first.get(item, [])

    def _check_limit(self) -> None:
        if self.overflown or len(self.counts) > self.limit:
            self.overflown = True
            self.counts.clear()
            self._first.clear()


def _order(handle: Handle) -> int:
    assert isinstance(handle, int)
    return handle
