"""What an editor's server and the process that follows its documents say to each other: structs, each after its length."""

import struct
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO, Final

import msgspec

from tunelint.core.dataset import TokenTotals
from tunelint.core.diagnostic import Diagnostic, Skipped, TextEdit
from tunelint.core.plain import plain
from tunelint.settings.resolve import Overrides
from tunelint.text.lines import ColumnUnit

__all__ = [
    "HEADER",
    "Answer",
    "Ask",
    "Change",
    "Close",
    "Configure",
    "Edit",
    "Found",
    "FromWorker",
    "LintDisk",
    "Open",
    "Progress",
    "Refresh",
    "Seen",
    "Stale",
    "ToWorker",
    "Touched",
    "frame",
    "read_frame",
]

HEADER: Final = struct.Struct("<Q")
"""The length of a message stands before it."""


class Change(msgspec.Struct, frozen=True, array_like=True):
    """Text that replaces what stands from `start` to `end`, lines and code points from 0; without a start all is replaced."""

    start: tuple[int, int] | None
    end: tuple[int, int] | None
    text: str


class Open(msgspec.Struct, frozen=True, tag=True):
    """Follow a document: `name` is its path, or its address where it has none. `asked` documents are linted whatever they are."""

    uri: str
    name: str
    text: str
    version: int | None
    overrides: Overrides
    asked: bool = False


class Edit(msgspec.Struct, frozen=True, tag=True):
    """The document changed, in this order."""

    uri: str
    version: int | None
    changes: list[Change]


class Seen(msgspec.Struct, frozen=True, tag=True):
    """The user looks at these lines, counted from 0: they are read first."""

    uri: str
    first: int
    last: int


class Close(msgspec.Struct, frozen=True, tag=True):
    """Follow a document no more."""

    uri: str


class Configure(msgspec.Struct, frozen=True, tag=True):
    """What the editor's own settings say for a document."""

    uri: str
    overrides: Overrides


class Refresh(msgspec.Struct, frozen=True, tag=True):
    """Settings files, baselines or files that documents name have changed."""


class Stale(msgspec.Struct, frozen=True, tag=True):
    """Files have changed on the disk, have come or have gone: paths of those that are not open."""

    paths: list[str]


class Ask(msgspec.Struct, frozen=True, tag=True):
    """A question about a document: see `analysis/answers.py`. Lines are counted from 0, `last` is included."""

    id: int
    uri: str
    question: str
    first: int = 0
    last: int = 0
    code: str = ""


class LintDisk(msgspec.Struct, frozen=True, tag=True):
    """Lint files and folders from disk; findings come with columns in `unit`, and at last an answer."""

    id: int
    paths: list[str]
    unit: ColumnUnit
    overrides: Overrides
    searched: bool = False
    """Whether the paths are folders to look for datasets in, or files that the user named."""


ToWorker = Open | Edit | Seen | Close | Configure | Refresh | Stale | Ask | LintDisk


class NamedData(msgspec.Struct, frozen=True):
    """A dataset that a config names: the line where it does, from 0, the first of its files, and what is known of it."""

    line: int
    path: str
    title: str


class Facts(msgspec.Struct, frozen=True):
    """What is known of a document as a whole."""

    records: int
    bytes: int | None
    format: str | None
    confidence: float
    target: str | None
    tokens: TokenTotals | None
    counts: Mapping[str, int]
    """Findings by severity, folded and hidden ones included."""
    verdict: str = ""
    """What the document's own records say about fine-tuning on them, once that was worked out."""
    summary: str = ""
    """What a training config comes to."""
    datasets: Sequence[NamedData] = ()
    """The datasets that a config names and that were read."""


class Touched(msgspec.Struct, frozen=True, tag=True):
    """What record rules say of all lines that were touched since findings of the whole document were last sent."""

    uri: str
    version: int | None
    lines: list[int]
    codes: list[str]
    """The rules whose findings on these lines are replaced."""
    diagnostics: list[Diagnostic]


class Found(msgspec.Struct, frozen=True, tag=True):
    """All that is to be shown of a document, worst first where that is too much; `complete` once all of it was read."""

    uri: str
    version: int | None
    diagnostics: list[Diagnostic]
    facts: Facts
    skipped: list[Skipped]
    complete: bool = True
    problem: str = ""
    """What is wrong with its settings, or why it could not be read."""
    path: str = ""
    """The file, where it was read from disk."""


class Progress(msgspec.Struct, frozen=True, tag=True):
    """How far the first reading of a document is: lines, or bytes of a file on disk."""

    uri: str
    done: int
    total: int


class Answer(msgspec.Struct, frozen=True, tag=True):
    """The answer to a question; `problem` says why there is none."""

    id: int
    result: Any = None
    edits: list[TextEdit] = []
    version: int | None = None
    problem: str = ""


FromWorker = Touched | Found | Progress | Answer


def frame(message: msgspec.Struct) -> bytes:
    """Return a message as bytes, its length first."""
    data = msgspec.msgpack.encode(message, enc_hook=plain)
    return HEADER.pack(len(data)) + data


def read_frame(stream: BinaryIO) -> bytes | None:
    """Return the next message without its length; None at the end of the stream."""
    header = stream.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    (size,) = HEADER.unpack(header)
    data = stream.read(size)
    return data if len(data) == size else None
