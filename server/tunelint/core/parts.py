"""Values of many records in one list: where those of each begin, and each record's own."""

from collections.abc import Iterable, Iterator, Sequence, Sized
from itertools import accumulate, islice
from typing import TypeVar

__all__ = ["parts_of", "starts_of"]

T = TypeVar("T")


def starts_of(parts: Iterable[Sized]) -> list[int]:
    """Return where each part begins when all stand one after the other, and last where they end; one number more than parts."""
    return [0, *accumulate(map(len, parts))]


def parts_of(values: list[T], starts: Sequence[int]) -> Iterator[list[T]]:
    """Yield the part of `values` from each start to the next one."""
    return map(values.__getitem__, map(slice, starts, islice(starts, 1, None)))
