"""What a rule says: where in a record, in which words, and how it could be mended."""

import enum
from collections.abc import Hashable, Mapping
from typing import Any, Literal

import msgspec

from tunelint.text.parse import Path
from tunelint.text.spans import Part

__all__ = ["Edit", "EditKind", "Finding", "Fix", "Handle", "Place", "Related", "Safety", "Severity"]

Handle = Hashable
"""Names a record while its line number may still change: an int in files, a line object in an editor."""

Safety = Literal["safe", "unsafe"]
"""A safe fix keeps every record's content; an unsafe one drops or changes some, and its title says what."""


class Severity(enum.StrEnum):
    """How bad a finding is, worst first."""

    ERROR = "error"
    """The run fails, the file is refused, or the model trains on nothing."""
    WARNING = "warning"
    """Money or quality is lost."""
    INFORMATION = "information"
    HINT = "hint"

    @property
    def rank(self) -> int:
        """0 for an error, 3 for a hint."""
        return _RANKS[self]


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


class Place(msgspec.Struct, frozen=True):
    """A symbolic place inside a record: a path, the side of the member there, and characters of the decoded string.

    `raw` are offsets in the record's own text instead, for a record that has no tree because it is no JSON.
    """

    path: Path = ()
    part: Part = "value"
    chars: tuple[int, int] | None = None
    raw: tuple[int, int] | None = None


EditKind = Literal[
    "replace",  # the value (or, with chars, the characters of the string) at `path` becomes `new`
    "rename",  # the key at `path` becomes `new`
    "insert",  # `new` becomes the value of a key `path[-1]` that the object lacks
    "delete",  # the member or item at `path` goes, with its comma
    "raw",  # the raw characters `chars` of the record become the text `new`
    "drop",  # the record goes, with its line
    "file",  # `new` names a rewrite of the whole file: see `engine.fixes`
]


class Edit(msgspec.Struct, frozen=True):
    """One symbolic change to a record or, for kind ``file``, to the file around the records."""

    kind: EditKind
    path: Path = ()
    new: Any = None
    chars: tuple[int, int] | None = None


class Fix(msgspec.Struct, frozen=True):
    """A way to mend a finding; the title is what a menu shows, and for an unsafe fix says what is lost."""

    title: str
    safety: Safety
    edits: tuple[Edit, ...]


class Related(msgspec.Struct, frozen=True):
    """Another place that explains the finding: a record of this file or, with `file`, a `line` of another one."""

    message: str
    handle: Handle | None = None
    place: Place = Place()
    file: str | None = None
    line: int = 1


class Finding(msgspec.Struct, frozen=True):
    """One fault. Without a `handle` it is about the file and sits on its first line.

    `message` names the fault with the value at hand, in at most 120 characters and without a full stop; `help` says why it
    matters and what to do. `count` above 1 marks a finding that stands for several. `evidence` carries a rule's numbers.
    """

    code: str
    severity: Severity
    message: str
    help: str = ""
    place: Place = Place()
    handle: Handle | None = None
    related: tuple[Related, ...] = ()
    fix: Fix | None = None
    evidence: Mapping[str, Any] | None = None
    count: int = 1
