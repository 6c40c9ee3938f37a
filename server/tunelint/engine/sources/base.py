"""What all containers have in common."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Protocol

import msgspec

from tunelint.core.dataset import FileFacts
from tunelint.core.errors import UserError
from tunelint.engine.locate import Origin

__all__ = ["CHUNK", "MAX_RECORD", "PARALLEL_FROM", "ROW_BITS", "Batch", "Source", "SourceError", "pick"]

CHUNK: Final = 1 << 18
"""Bytes that are read at once: small enough for the processor's cache, large enough that Python's part does not count."""

MAX_RECORD: Final = 64 << 20
"""Bytes of the longest record that is parsed. No trainer has a context for a tenth of it; a longer one is FIL012."""

PARALLEL_FROM: Final = 30 << 20
"""Bytes of the smallest file that several processes read quicker than one, where each has to be started."""

ROW_BITS: Final = 32
"""A handle is the number of the batch, shifted by so many bits, plus the row in it: in the order of the file, and known before
anybody has counted lines."""


class SourceError(UserError):
    """The file cannot be read at all: not there, no permission, no file, a missing extra. The text tells the user what to do."""


class Batch(msgspec.Struct):
    """Some records in a row. `rows` are their JSON texts, empty for a blank line.

    `number` counts batches from 0. Record `index` begins at `origins[index]` or, without origins, on line `first_line + index`.
    `oversized` gives the bytes of records that are too long to be read; their rows are empty. `broken` rows are no records: the
    container itself has a fault in them. `offsets` are the bytes before each value of a JSON text, for `engine.fixes`. `block`
    is the text of all rows in one piece, where they lie so in the file.
    """

    number: int
    first_line: int
    rows: Sequence[bytes]
    origins: Sequence[Origin] | None = None
    oversized: dict[int, int] = {}
    broken: frozenset[int] = frozenset()
    offsets: Sequence[int] | None = None
    block: bytes | None = None

    def handle(self, index: int) -> int:
        """Return the handle of a row."""
        return (self.number << ROW_BITS) | index

    def origin(self, index: int) -> Origin:
        """Return where a row begins."""
        return self.origins[index] if self.origins is not None else Origin(self.first_line + index)


class Source(Protocol):
    """A dataset that can be read from the start as often as needed. `facts` grow during the first reading."""

    facts: FileFacts

    def batches(self) -> Iterator[Batch]:
        """Yield the records in the order of the file."""
        ...

    def fetch(self, handles: Iterable[int]) -> dict[int, tuple[bytes, Origin]]:
        """Read some records again."""
        ...


def pick(batches: Iterable[Batch], handles: Iterable[int]) -> dict[int, tuple[bytes, Origin]]:
    """Return the wanted records of a new reading, which ends with the last of them."""
    wanted: dict[int, list[int]] = {}
    for handle in handles:
        wanted.setdefault(handle >> ROW_BITS, []).append(handle)
    found: dict[int, tuple[bytes, Origin]] = {}
    for batch in batches:
        for handle in wanted.pop(batch.number, ()):
            index = handle & ((1 << ROW_BITS) - 1)
            found[handle] = batch.rows[index], batch.origin(index)
        if not wanted:
            break
    return found
