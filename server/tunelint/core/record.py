"""One record of a dataset, with everything that can be asked of it computed at most once."""

import json
from array import array
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, NamedTuple, Protocol

from xxhash import xxh3_64_intdigest

from tunelint.core.example import SEPARATOR, Example, Role, is_trained
from tunelint.core.fault import Fault
from tunelint.core.finding import Handle
from tunelint.text.parse import Node, Parsed, parse

__all__ = [
    "ABSENT",
    "ANSWERED",
    "ODD",
    "Lengths",
    "Record",
    "TokenIds",
    "digest",
    "digests_of",
    "identity_of",
    "leaves",
    "plain",
    "plain_digests",
]

ABSENT: Final = object()
"""The value of a record that has none because its text is no JSON."""

ANSWERED: Final = frozenset({"assistant", "text"})
"""Roles of a last turn that is the answer to the turns before it."""

_UNREAD: Final = object()
ODD: Final = 0x9E3779B97F4A7C15
_MASK: Final = (1 << 64) - 1


class TokenIds(Protocol):
    """The token ids of a text: a list, or an array of numpy."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[int]: ...


class Lengths(NamedTuple):
    """Tokens of one example: all that are read, those that the loss sees, and the longest sequence that is fed at once.

    `prompt` are the tokens before the last trained text: what is left of nothing but prompt when a sequence is cut there.
    """

    total: int
    trained: int
    sequence: int
    prompt: int


class Record:
    """A line of a dataset, an item of an array, a row of a table.

    `raw` is its JSON text in UTF-8 without a line end; a row of a table is given as JSON. `row` is the typed value when the
    record fits its format, else None. For a record of the format's plain shape `texts` and `roles` are those of its turns, so
    that the commonest questions need no `example`; for any other record `texts` is None. `faults` are the ways in which it does
    not fit. `flags` say what the fast path saw, in the bits of `tunelint.rules.base.Wake`. `tokens` are the token ids of each
    turn and `lengths` what they come to, once they were counted.
    """

    __slots__ = (
        "_digests",
        "_example",
        "_identity",
        "_parsed",
        "_text",
        "_value",
        "faults",
        "flags",
        "handle",
        "lengths",
        "make",
        "raw",
        "roles",
        "row",
        "texts",
        "tokens",
    )

    def __init__(self, raw: bytes, handle: Handle = 0) -> None:
        self.raw = raw
        self.handle = handle
        self.row: Any = None
        self.make: Callable[[Any], Example] | None = None
        self.texts: list[str] | None = None
        self.roles: tuple[Role, ...] = ()
        self.faults: tuple[Fault, ...] = ()
        self.flags = 0
        self.tokens: list[TokenIds] | None = None
        self.lengths: Lengths | None = None
        self._example: Example | None = None
        self._text: str | None = None
        self._value: Any = _UNREAD
        self._parsed: Parsed | None = None
        self._digests: tuple[int, int] | None = None
        self._identity = 0

    @classmethod
    def plain(
        cls,
        raw: bytes,
        handle: Handle,
        row: Any,
        make: Callable[[Any], Example],
        texts: list[str],
        roles: tuple[Role, ...],
        flags: int,
    ) -> "Record":
        """Return a record of its format's plain shape: `make` turns its typed `row` into the example."""
        record = cls(raw, handle)
        record.row = row
        record.make = make
        record.texts = texts
        record.roles = roles
        record.flags = flags
        return record

    @property
    def example(self) -> Example | None:
        """The record in canonical form; None when it has not the shape of its format."""
        if self._example is None and self.row is not None and self.make is not None:
            self._example = self.make(self.row)
        return self._example

    @property
    def digests(self) -> tuple[int, int]:
        """Hashes of the example's prompt and answer, never 0; those of a record without an example are of its value."""
        if self._digests is None:
            example = self.example if self.texts is None else None
            if self.texts is not None:
                self._digests = plain_digests(self.texts, self.roles)
            elif example is not None:
                self._digests = digest(example.prompt()), digest(example.answer())
            else:
                self._digests = digest(json.dumps(self.value, sort_keys=True, default=repr)), 1
        return self._digests

    @property
    def identity(self) -> int:
        """A 64-bit number that records share whose examples are equal, never 0."""
        if not self._identity:
            self._identity = identity_of(*self.digests)
        return self._identity

    @property
    def answer(self) -> str | None:
        """The text of the last turn, where that is one to be learnt; None for data that is no prompt with an answer."""
        if self.texts is not None:
            return self.texts[-1] if len(self.texts) > 1 and self.roles[-1] == "assistant" else None
        example = self.example
        if example is None or example.chosen is not None or len(example.turns) < 2 or not is_trained(example.turns[-1]):
            return None
        return example.turns[-1].text

    @property
    def text(self) -> str:
        """The record's text; bytes that are no UTF-8 are replaced."""
        if self._text is None:
            self._text = self.raw.decode("utf-8", "replace")
        return self._text

    @property
    def parsed(self) -> Parsed:
        """The record's tree with positions, as far as it goes."""
        if self._parsed is None:
            self._parsed = parse(self.text)
        return self._parsed

    @property
    def value(self) -> Any:
        """The decoded value, read the lenient way: NaN is taken, of equal keys the last; `ABSENT` for what is no JSON."""
        if self._value is _UNREAD:
            try:
                self._value = json.loads(self.text)
            except (ValueError, RecursionError):
                parsed = self.parsed
                self._value = ABSENT if parsed.fault is not None or parsed.root is None else plain(parsed.root)
        return self._value

    @value.setter
    def value(self, value: Any) -> None:
        self._value = value


def identity_of(prompt: int, answer: int) -> int:
    """Return the identity of an example with these digests."""
    return (prompt * ODD ^ answer) & _MASK or 1


def plain_digests(texts: list[str], roles: tuple[Role, ...]) -> tuple[int, int]:
    """Return what the digests of the example of a plain record come to."""
    stripped = [text.strip() for text in texts]
    answer = stripped.pop() if roles[-1] in ANSWERED else ""
    return digest(SEPARATOR.join(stripped)), digest(answer)


def digest(text: str) -> int:
    """Return a hash of a text, 64 bits and never 0."""
    return xxh3_64_intdigest(text.encode("utf-8", "surrogatepass")) or 1


def digests_of(texts: Iterable[str]) -> "array[int]":
    """Return what `digest` returns of each text; none of them holds half a surrogate pair."""
    return array("Q", [number or 1 for number in map(xxh3_64_intdigest, map(str.encode, texts))])


def plain(root: Node) -> Any:
    """Return the value of a tree, without recursion."""
    result: list[Any] = []
    work: list[tuple[Node, Any, Any]] = [(root, result, None)]
    while work:
        node, parent, key = work.pop()
        value: Any = node.value
        if isinstance(node.children, dict):
            value = dict.fromkeys(node.children)
            work.extend((child, value, name) for name, child in node.children.items())
        elif isinstance(node.children, list):
            value = [None] * len(node.children)
            work.extend((child, value, index) for index, child in enumerate(node.children))
        if parent is result:
            result.append(value)
        else:
            parent[key] = value
    return result[0]


def leaves(value: Any) -> list[tuple[tuple[str | int, ...], str]]:
    """Return every string of `value` with its path, in the order of the text; keys are not among them."""
    found: list[tuple[tuple[str | int, ...], str]] = []
    work: list[tuple[tuple[str | int, ...], Any]] = [((), value)]
    while work:
        path, item = work.pop()
        if isinstance(item, str):
            found.append((path, item))
        elif isinstance(item, dict):
            work.extend(((*path, key), item[key]) for key in reversed(item))
        elif isinstance(item, list):
            work.extend(((*path, index), item[index]) for index in range(len(item) - 1, -1, -1))
    return found
