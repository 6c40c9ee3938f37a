r"""Documents as lists of lines, in the place of pygls' own.

pygls splits with ``str.splitlines``, which also splits at U+2028, U+0085 and others: an edit below such a character would go into
the wrong record. It also copies the whole text for every keystroke.
"""

from lsprotocol import types
from pygls.workspace import TextDocument, Workspace

from tunelint.analysis.messages import Change
from tunelint.text.lines import ColumnUnit, LineStore, Position, Splice, to_code_points

__all__ = ["LineDocument", "LineWorkspace", "unit_of"]


def unit_of(encoding: object) -> ColumnUnit:
    """Return what a column of the client counts."""
    value = getattr(encoding, "value", encoding)
    return value if value in {"utf-8", "utf-32"} else "utf-16"


class LineDocument(TextDocument):
    """A document whose edits are spliced into a list of lines, and kept until whoever follows them has taken them."""

    store: LineStore
    unit: ColumnUnit
    pending: list[Change]
    splices: list[Splice]

    @classmethod
    def of(cls, uri: str, source: str | None, version: int | None, language_id: str | None, unit: ColumnUnit) -> "LineDocument":
        """Return a document with that text."""
        document = cls(uri, source="", version=version, language_id=language_id)
        document.store = LineStore(source or "")
        document.unit = unit
        document.pending = []
        document.splices = []
        return document

    @property
    def source(self) -> str:
        """The whole text."""
        return self.store.text

    @property
    def lines(self) -> list[str]:
        """The lines with their ends."""
        return self.store.lines

    def apply_change(self, change: types.TextDocumentContentChangeEvent) -> None:
        """Carry out an edit of the client."""
        if not isinstance(change, types.TextDocumentContentChangePartial):
            before = len(self.store)
            self.store = LineStore(change.text)
            self.pending = [Change(None, None, change.text)]
            self.splices = [Splice(0, before, len(self.store))]
            return
        start, end = self.position(change.range.start), self.position(change.range.end)
        self.splices.append(self.store.splice(start, end, change.text))
        self.pending.append(Change(start, end, change.text))

    def position(self, there: types.Position) -> Position:
        """Turn a place of the client into line and code points."""
        lines = self.store.lines
        if there.line >= len(lines):
            return self.store.clamp(Position(there.line, 0))
        return Position(there.line, to_code_points(lines[there.line], there.character, self.unit))

    def take_pending(self) -> tuple[list[Change], list[Splice]]:
        """Return the edits since the last call, and what they did to the lines."""
        taken = self.pending, self.splices
        self.pending, self.splices = [], []
        return taken


class LineWorkspace(Workspace):
    """A workspace of line documents."""

    def _create_text_document(
        self, doc_uri: str, source: str | None = None, version: int | None = None, language_id: str | None = None
    ) -> TextDocument:
        return LineDocument.of(doc_uri, source, version, language_id, unit_of(self.position_encoding))
