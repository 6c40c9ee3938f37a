"""A finding at a definite place of a definite file: what reports print and editors underline."""

from collections.abc import Mapping
from typing import Any

import msgspec

from tunelint.core.dataset import TokenTotals
from tunelint.core.finding import Safety, Severity

__all__ = ["Diagnostic", "Excerpt", "FileReport", "Opinion", "PlacedFix", "RelatedPlace", "Skipped", "TextEdit", "Unread"]


class TextEdit(msgspec.Struct, frozen=True):
    """Replace the text from start to end. Lines and columns start at 1, columns count code points."""

    line: int
    column: int
    end_line: int
    end_column: int
    text: str


class PlacedFix(msgspec.Struct, frozen=True):
    """A fix as text edits; none for a rewrite of the whole file, which only ``--fix`` does."""

    title: str
    safety: Safety
    edits: tuple[TextEdit, ...]


class RelatedPlace(msgspec.Struct, frozen=True):
    """Another place that explains a diagnostic."""

    path: str
    line: int
    column: int
    message: str


class Excerpt(msgspec.Struct, frozen=True):
    """The part of a line that a report shows: `text`, with the characters from `start` to `end` to be marked.

    `cut_before` and `cut_after` tell that the line goes on there.
    """

    text: str
    start: int
    end: int
    cut_before: bool = False
    cut_after: bool = False


class Diagnostic(msgspec.Struct, frozen=True):
    """A located finding. Lines and columns start at 1, columns count code points; `at` is the path inside the record."""

    code: str
    name: str
    severity: Severity
    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    at: str
    message: str
    help: str = ""
    related: tuple[RelatedPlace, ...] = ()
    fix: PlacedFix | None = None
    count: int = 1
    evidence: Mapping[str, Any] | None = None
    excerpt: Excerpt | None = None
    fingerprint: str = ""
    """Content hash of the record and place: the same wherever the record moves. Baselines match by it."""


class Skipped(msgspec.Struct, frozen=True):
    """A rule or a file that was not checked, and why."""

    code: str
    reason: str
    path: str = ""


class Unread(msgspec.Struct, frozen=True):
    """A file that could not be checked, and why: the run has not seen it, so it proves nothing of it."""

    path: str
    reason: str


class Opinion(msgspec.Struct, frozen=True):
    """The verdict on a dataset in short: its name, the same in words, how sure it is, and the reason that counts most."""

    verdict: str
    title: str
    strength: str
    says: str = ""


class FileReport(msgspec.Struct):
    """Everything that a run says about one file."""

    path: str
    kind: str = "dataset"
    format: str | None = None
    confidence: float = 0.0
    method: str | None = None
    target: str | None = None
    container: str | None = None
    records: int = 0
    bytes: int | None = None
    tokens: TokenTotals | None = None
    diagnostics: list[Diagnostic] = []
    skipped: list[Skipped] = []
    fixed: int = 0
    baselined: int = 0
    opinion: Opinion | None = None
    """Whether to fine-tune on it at all; None where no selected rule asks that or the records cannot say it."""
