"""Records of one plain shape as columns: what rules ask of all of them at once, without making each."""

import sys
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol, overload

from tunelint.core.example import SEPARATOR, Example, Role
from tunelint.core.finding import Handle
from tunelint.core.parts import starts_of
from tunelint.core.record import ANSWERED, ODD, Lengths, Record, TokenIds, digests_of, identity_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["BlockTokens", "Digests", "PlainBlock", "answers", "digests", "flagged", "handles", "identities", "sequences"]

_ANSWERING: Final = "assistant"


class BlockTokens(Protocol):
    """The token ids of the records of a block."""

    content: "npt.NDArray[np.uint32]"
    """Those of all texts that are no system prompt, one after the other."""
    content_lengths: "npt.NDArray[np.int64]"
    """How many of them each record has."""
    totals: "npt.NDArray[np.int64]"
    """What `Lengths.total` and `Lengths.sequence` are of each record."""
    trained: "npt.NDArray[np.int64]"
    """What `Lengths.trained` is of each record."""
    before: "npt.NDArray[np.int64]"
    """What `Lengths.prompt` is of each record."""
    sizes: "npt.NDArray[np.int64]"
    """The tokens of each text of all records."""
    starts: "npt.NDArray[np.int64]"
    """Where the texts of each record begin in `sizes`, and last where they end; one number more than records."""

    def of(self, index: int) -> list[TokenIds]:
        """Return the token ids of each turn of one record."""
        ...

    def lengths(self, index: int) -> Lengths:
        """Return the lengths of one record."""
        ...


class Digests(NamedTuple):
    """The hashes of prompt and answer of many records, each in their order."""

    prompts: "array[int]"
    answers: "array[int]"


class PlainBlock(Sequence[Record]):
    """Records that stand one after the other in a file and are all of their format's plain shape.

    It is the sequence of these records, each made when it is first asked for. `texts` are those of the turns of all records, one
    after the other, and `starts` where those of each record begin among them, and last where they end. `roles` are those of each
    record's turns, `flags` the bits of `tunelint.rules.base.Wake` of those records that have any, by index. Records must not be
    asked for before `tokens` are set, where they are counted at all.
    """

    __slots__ = (
        "_answers",
        "_digests",
        "_identities",
        "_made",
        "_make",
        "_raws",
        "_rows",
        "base",
        "flags",
        "roles",
        "starts",
        "texts",
        "tokens",
    )

    def __init__(
        self,
        raws: Sequence[bytes],
        base: int,
        rows: Sequence[Any],
        make: Callable[[Any], Example],
        texts: list[str],
        roles: list[tuple[Role, ...]],
        flags: dict[int, int],
    ) -> None:
        """Take the columns: `base` is the first record's handle, `rows` are the typed values, of which `make` makes examples."""
        self._raws = raws
        self.base = base
        self._rows = rows
        self._make = make
        self.texts = texts
        self.starts = starts_of(roles)
        self.roles = roles
        self.flags = flags
        self.tokens: BlockTokens | None = None
        self._made: dict[int, Record] = {}
        self._answers: list[str | None] | None = None
        self._digests: Digests | None = None
        self._identities: array[int] | None = None

    def __len__(self) -> int:
        return len(self._raws)

    @overload
    def __getitem__(self, index: int) -> Record: ...

    @overload
    def __getitem__(self, index: slice) -> list[Record]: ...

    def __getitem__(self, index: int | slice) -> Record | list[Record]:
        if isinstance(index, slice):
            return [self[one] for one in range(*index.indices(len(self)))]
        place = range(len(self))[index]
        record = self._made.get(place)
        if record is None:
            record = self._made[place] = Record.plain(
                self._raws[place],
                self.base + place,
                self._rows[place],
                self._make,
                self.texts[self.starts[place] : self.starts[place + 1]],
                self.roles[place],
                self.flags.get(place, 0),
            )
            if self.tokens is not None:
                record.tokens = self.tokens.of(place)
                record.lengths = self.tokens.lengths(place)
        return record

    def __iter__(self) -> Iterator[Record]:
        return map(self.__getitem__, range(len(self)))

    @property
    def handles(self) -> range:
        """The handles of the records."""
        return range(self.base, self.base + len(self))

    @property
    def longest(self) -> int:
        """Bytes of the longest record."""
        return max(map(len, self._raws), default=0)

    @property
    def answers(self) -> list[str | None]:
        """What `Record.answer` is of each record."""
        if self._answers is None:
            which = {roles: len(roles) > 1 and roles[-1] == _ANSWERING for roles in set(self.roles)}
            ends = zip(self.starts[1:], self.roles, strict=True)
            self._answers = [self.texts[end - 1] if which[roles] else None for end, roles in ends]
        return self._answers

    @property
    def digests(self) -> Digests:
        """What `Record.digests` are of each record."""
        if self._digests is None:
            stripped = [text.strip() for text in self.texts]
            which = {roles: roles[-1] in ANSWERED for roles in set(self.roles)}
            ends = [end - which[roles] for end, roles in zip(self.starts[1:], self.roles, strict=True)]
            prompts = [SEPARATOR.join(stripped[start:end]) for start, end in zip(self.starts, ends, strict=False)]
            answers = ["".join(stripped[end:start]) for end, start in zip(ends, self.starts[1:], strict=True)]
            self._digests = Digests(digests_of(prompts), digests_of(answers))
        return self._digests

    @property
    def identities(self) -> "array[int]":
        """What `Record.identity` is of each record."""
        if self._identities is None:
            self._identities = _identities_of(self.digests)
        return self._identities

    def woken(self, mask: int) -> list[Record]:
        """Return the records that have any of the flags in `mask`, in their order."""
        return [self[index] for index in sorted(self.flags) if self.flags[index] & mask]


def flagged(records: Sequence[Record], mask: int) -> set[Handle]:
    """Return the handles of the records that have any of the flags in `mask`."""
    if isinstance(records, PlainBlock):
        return {records.base + index for index, flags in records.flags.items() if flags & mask}
    return {record.handle for record in records if record.flags & mask}


def handles(records: Sequence[Record]) -> Sequence[Handle]:
    """Return the handle of each record."""
    return records.handles if isinstance(records, PlainBlock) else [record.handle for record in records]


def answers(records: Sequence[Record]) -> Iterable[tuple[str | None, Handle]]:
    """Return the answer of each record, None for one that has none, and its handle."""
    if isinstance(records, PlainBlock):
        return zip(records.answers, records.handles, strict=True)
    return [(record.answer, record.handle) for record in records]


def digests(records: Sequence[Record]) -> Digests:
    """Return the hashes of prompt and answer of each record."""
    if isinstance(records, PlainBlock):
        return records.digests
    both = [record.digests for record in records]
    return Digests(array("Q", [prompt for prompt, _ in both]), array("Q", [answer for _, answer in both]))


def identities(records: Sequence[Record]) -> "array[int]":
    """Return the number of each record that equal ones share."""
    return records.identities if isinstance(records, PlainBlock) else array("Q", [record.identity for record in records])


def sequences(records: Sequence[Record]) -> Iterable[tuple[int | None, Handle]]:
    """Return how many tokens the sequence of each record has, None where they are not counted, and its handle."""
    if isinstance(records, PlainBlock) and records.tokens is not None:
        return zip(records.tokens.totals.tolist(), records.handles, strict=True)
    return [(record.lengths.sequence if record.lengths is not None else None, record.handle) for record in records]


def _identities_of(both: Digests) -> "array[int]":
    """Return what `identity_of` makes of each pair of hashes."""
    if "numpy" not in sys.modules:
        return array("Q", map(identity_of, both.prompts, both.answers))
    import numpy as np

    found = np.frombuffer(both.prompts, np.uint64) * np.uint64(ODD)
    found ^= np.frombuffer(both.answers, np.uint64)
    found[found == 0] = 1
    return array("Q", found.tobytes())
