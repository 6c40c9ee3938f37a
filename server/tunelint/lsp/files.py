"""What the server remembers of each open document: what is shown in it, and how that moves with the edits."""

from pathlib import PurePosixPath
from typing import Final

import msgspec
from pygls.uris import to_fs_path

from tunelint.analysis.messages import Facts, Found, Touched
from tunelint.core.diagnostic import Diagnostic
from tunelint.engine.sources.opening import DATASET_SUFFIXES, plain_suffix
from tunelint.lsp.documents import LineDocument
from tunelint.text.config import CONFIG_SUFFIXES
from tunelint.text.lines import Splice

__all__ = ["OpenFile", "is_followed", "moved", "name_of"]

_LANGUAGES: Final = frozenset({"jsonl", "ndjson"})
_LINE_SUFFIXES: Final = frozenset({".jsonl", ".ndjson"})
_CONFIG_LANGUAGES: Final = frozenset({"yaml", "toml"})
_SUFFIXES: Final = DATASET_SUFFIXES - {".parquet", ".txt"}


def name_of(uri: str) -> str:
    """Return the path of a document, or its address where it has none."""
    return to_fs_path(uri) or uri


def is_followed(document: LineDocument) -> bool:
    """Tell whether a document may be a dataset or a training config, from its language or its name."""
    name = PurePosixPath(document.uri).name
    return (
        document.language_id in _LANGUAGES | _CONFIG_LANGUAGES
        or plain_suffix(name) in _SUFFIXES
        or PurePosixPath(name.lower()).suffix in CONFIG_SUFFIXES
    )


class OpenFile:
    """One open document and what is shown in it, with lines and columns in code points from 1."""

    def __init__(self, document: LineDocument) -> None:
        self.document = document
        self.shown: list[Diagnostic] = []
        self.facts: Facts | None = None
        self.problem = ""
        self.following = False
        """Whether the analyst knows the document; not before its settings are known, nor once the user cancelled."""
        self.complete = False
        self.revision = 0
        """How often what is shown was replaced."""

    @property
    def name(self) -> str:
        """The path of the document, or its address where it has none."""
        return name_of(self.document.uri)

    @property
    def record_a_line(self) -> bool:
        """Whether each line of the document is a record of a dataset."""
        return self.document.language_id in _LANGUAGES or plain_suffix(PurePosixPath(self.document.uri).name) in _LINE_SUFFIXES

    def follow(self, splices: list[Splice]) -> None:
        """Move what is shown with an edit."""
        for splice in splices:
            delta = splice.inserted - splice.removed
            stop = splice.first + splice.removed
            if not delta or not self.shown:
                continue
            last = max(splice.first + splice.inserted, 1)
            self.shown = [
                one if one.line <= splice.first else moved(one, delta if one.line > stop else min(last - one.line, 0))
                for one in self.shown
            ]

    def touch(self, touched: Touched) -> None:
        """Replace what record rules say of some lines."""
        lines, codes = {line + 1 for line in touched.lines}, set(touched.codes)
        kept = [one for one in self.shown if one.line not in lines or one.code not in codes or one.count > 1]
        self.shown = sorted([*kept, *touched.diagnostics], key=lambda one: (one.line, one.column, one.code))
        self.revision += 1

    def find(self, found: Found) -> None:
        """Replace all that is shown."""
        self.shown = found.diagnostics
        self.facts = found.facts
        self.complete = found.complete
        self.revision += 1


def moved(one: Diagnostic, delta: int) -> Diagnostic:
    """Return a diagnostic that stands so many lines further down."""
    if not delta:
        return one
    fix = one.fix
    if fix is not None:
        edits = tuple(msgspec.structs.replace(edit, line=edit.line + delta, end_line=edit.end_line + delta) for edit in fix.edits)
        fix = msgspec.structs.replace(fix, edits=edits)
    return msgspec.structs.replace(one, line=one.line + delta, end_line=one.end_line + delta, fix=fix)
