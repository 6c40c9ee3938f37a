"""Records that share keys, as the rules that compare records see them."""

from array import array
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple, Protocol

import msgspec

from tunelint.core.finding import Handle

__all__ = ["DISTINCT", "Group", "Groups", "Member", "Pair", "Rows"]


class Member(msgspec.Struct, frozen=True, gc=False):
    """A record in a group, with the small number that the rule keeps of it."""

    handle: Handle
    item: int


class Rows(NamedTuple):
    """What a group rule keeps of some records: for each a handle, `width` keys (0 for none) and an item (0 for none)."""

    handles: Sequence[Handle]
    keys: "array[int]"
    items: "array[int]"


class Pair(NamedTuple):
    """Two records with different items, the earlier one first."""

    earlier: Handle
    later: Handle


DISTINCT: Final = 1_000
"""Up to so many different items of a group rule are counted exactly."""


class Groups(Protocol):
    """The groups of a rule, with what is known of all records, grouped or not."""

    @property
    def records(self) -> int:
        """How many records take part."""
        ...

    def __iter__(self) -> Iterator["Group"]:
        """Yield the groups of two or more records, in the order of their keys."""
        ...

    def distinct_items(self) -> int:
        """Return how many different items the records have; only that there are more than `DISTINCT`, where there are."""
        ...

    def pairs(self, least: int) -> list[Pair]:
        """Return pairs of records that share at least so many keys; of records with equal items only the first takes part.

        Of the records that share a key, each is paired with the first one and with the one before it: enough to join all
        records that are alike, without the square of a crowd. Pairs come in the order of the file.
        """
        ...


class Group(msgspec.Struct, frozen=True, gc=False):
    """Records that share a key, in the order of the file; always two or more."""

    members: Sequence[Member]
