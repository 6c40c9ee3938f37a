"""A sample of a dataset that does not depend on how the file was read: the records whose content hash is smallest.

The same records give the same sample in any order, in any parts, on any machine. Records that are equal count once, so that
copies change nothing.
"""

import heapq
from collections.abc import Iterable
from typing import Final, NamedTuple

from tunelint.core.example import Example
from tunelint.core.finding import Handle
from tunelint.core.record import digest

__all__ = ["FEW", "SAMPLE_SIZE", "Drawn", "Sample", "Split", "fold_of", "is_held_out", "split"]

FEW: Final = 50
"""Below so many different records nothing is judged. OpenAI advises to start with 50 and sees improvements from 50 to 100 on."""

SAMPLE_SIZE: Final = 2_000
"""Records in a full sample: 1,500 that may be shown and 500 held out. A share measured on 500 is known to ±4.4 points."""

_HASHES: Final = 1 << 64
_FOLD_SHIFT: Final = 62
"""The first two bits of a hash are its fold."""

_SALT: Final = "held out\x00"
"""Makes the hash that splits another one than that which samples."""


class Drawn(NamedTuple):
    """A record of the sample: its content hash, the name the engine knows it by, and its example."""

    identity: int
    handle: Handle
    example: Example


class Split(NamedTuple):
    """The records that may be shown to whoever answers, and those it is asked about; each in the order of content hashes."""

    shown: list[Drawn]
    held_out: list[Drawn]


class Sample:
    """The different records with the smallest content hashes, as pairs of hash and handle.

    Of equal records the one with the smallest handle stays or, where handles are no numbers, the one that was added first.
    What is in the sample depends on nothing but the set of records added, here and in the samples merged into it.
    """

    __slots__ = ("_bound", "_handles", "size")

    def __init__(self, size: int = SAMPLE_SIZE) -> None:
        self.size = size
        self._handles: dict[int, Handle] = {}
        self._bound = _HASHES

    def add(self, identity: int, handle: Handle) -> None:
        """Add a record by its content hash, 64 bits."""
        if identity >= self._bound:
            return
        kept = self._handles.setdefault(identity, handle)
        if isinstance(handle, int) and isinstance(kept, int) and handle < kept:
            self._handles[identity] = handle
        if len(self._handles) > 2 * self.size:
            self._shrink()

    def add_many(self, records: Iterable[tuple[int, Handle]]) -> None:
        """Add records, nearly all of which are not among the smallest of a large file."""
        for identity, handle in records:
            if identity < self._bound:
                self.add(identity, handle)

    def merge(self, other: "Sample") -> None:
        """Add what another sample of the same size holds."""
        self._bound = min(self._bound, other._bound)
        self.add_many(other._handles.items())
        self._handles = {identity: handle for identity, handle in self._handles.items() if identity < self._bound}

    def items(self) -> list[tuple[int, Handle]]:
        """Return content hash and handle of the records in the sample, smallest hash first."""
        return heapq.nsmallest(self.size, self._handles.items(), key=_hash_of)

    @property
    def distinct(self) -> int:
        """How many different records there are: exact as long as all fit into the sample, else estimated to within about 5%.

        The estimate is that of Bar-Yossef et al., Counting distinct elements in a data stream, 2002, from the largest hash kept.
        """
        kept = self.items()
        full = self._bound < _HASHES or len(self._handles) > self.size
        return round((self.size - 1) * (_HASHES / kept[-1][0])) if full else len(kept)

    def _shrink(self) -> None:
        kept = self.items()
        self._handles = dict(kept)
        self._bound = kept[-1][0] + 1


def _hash_of(pair: tuple[int, Handle]) -> int:
    return pair[0]


def fold_of(example: Example) -> int:
    """Return one of four folds, decided by an example's prompt alone, so equal prompts are never in two of them.

    Case and white space make no difference. Nothing else that is in the file has a say, so an example stays in its fold when
    records are added or removed, and what a prompt was made from and what it is measured on never mix.
    """
    return digest(_SALT + " ".join(example.prompt().lower().split())) >> _FOLD_SHIFT


def is_held_out(example: Example) -> bool:
    """Tell whether an example is kept for asking: those of the first fold are, a quarter."""
    return fold_of(example) == 0


def split(drawn: Iterable[Drawn]) -> Split:
    """Divide records into those that may be shown, about three quarters, and those that are held out."""
    parts = Split([], [])
    for one in drawn:
        (parts.held_out if is_held_out(one.example) else parts.shown).append(one)
    return parts
