"""Diagnostics of the core as those of the protocol, and the other way round; the only place with columns of the client."""

from collections.abc import Sequence
from typing import Any, Final

from lsprotocol import types
from pygls.uris import from_fs_path

from tunelint.core.diagnostic import Diagnostic, TextEdit
from tunelint.core.finding import Severity
from tunelint.text.lines import ColumnUnit, from_code_points

__all__ = ["MOST_SHOWN", "Lines", "to_edits", "to_protocol"]

Lines = Sequence[str]

MOST_SHOWN: Final = 500
"""Diagnostics of a document that are published: VS Code underlines no more."""

_SEVERITIES: Final = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFORMATION: types.DiagnosticSeverity.Information,
    Severity.HINT: types.DiagnosticSeverity.Hint,
}
_UNNECESSARY: Final = frozenset({"DUP001", "DUP002", "FIL003"})
_DEPRECATED: Final = frozenset({"TOL008"})


def _position(lines: Lines, line: int, column: int, unit: ColumnUnit) -> types.Position:
    """Turn line and column in code points, from 1, into a place of the client."""
    if line > len(lines):
        return types.Position(max(len(lines) - 1, 0), from_code_points(lines[-1], len(lines[-1]), unit) if lines else 0)
    return types.Position(line - 1, from_code_points(lines[line - 1], column - 1, unit))


def to_range(lines: Lines, line: int, column: int, end_line: int, end_column: int, unit: ColumnUnit) -> types.Range:
    """Return a range of the client; an empty one is widened to a character, so that it can be seen."""
    start, end = _position(lines, line, column, unit), _position(lines, end_line, end_column, unit)
    if start == end:
        end = _position(lines, end_line, end_column + 1, unit)
    return types.Range(start, end)


def to_edits(edits: Sequence[TextEdit], lines: Lines, unit: ColumnUnit) -> list[types.TextEdit]:
    """Return edits of the client."""
    return [
        types.TextEdit(
            types.Range(_position(lines, edit.line, edit.column, unit), _position(lines, edit.end_line, edit.end_column, unit)),
            edit.text,
        )
        for edit in edits
    ]


def to_protocol(found: Sequence[Diagnostic], lines: Lines, uri: str, unit: ColumnUnit) -> list[types.Diagnostic]:
    """Return the worst diagnostics in the client's terms; each carries its fix, so that an action needs no second look."""
    ranked = sorted(range(len(found)), key=lambda index: (found[index].severity.rank, index))[:MOST_SHOWN]
    return [_diagnostic(found[index], lines, uri, unit) for index in sorted(ranked)]


def _diagnostic(one: Diagnostic, lines: Lines, uri: str, unit: ColumnUnit) -> types.Diagnostic:
    tags = [types.DiagnosticTag.Unnecessary] if one.code in _UNNECESSARY else []
    tags += [types.DiagnosticTag.Deprecated] if one.code in _DEPRECATED else []
    return types.Diagnostic(
        range=to_range(lines, one.line, one.column, one.end_line, one.end_column, unit),
        severity=_SEVERITIES[one.severity],
        code=one.code,
        source="tunelint",
        message=one.message + (f"\n{one.help}" if one.help else ""),
        tags=tags or None,
        related_information=_related(one, lines, uri, unit) or None,
        data=_data(one, lines, unit),
    )


def _related(one: Diagnostic, lines: Lines, uri: str, unit: ColumnUnit) -> list[types.DiagnosticRelatedInformation]:
    found = []
    for place in one.related:
        same = place.path == one.path
        target = uri if same else (from_fs_path(place.path) or uri)
        where = _position(lines, place.line, place.column, unit) if same else types.Position(place.line - 1, place.column - 1)
        found.append(types.DiagnosticRelatedInformation(types.Location(target, types.Range(where, where)), place.message))
    return found


def _data(one: Diagnostic, lines: Lines, unit: ColumnUnit) -> dict[str, Any]:
    data: dict[str, Any] = {"code": one.code, "name": one.name, "fingerprint": one.fingerprint}
    if one.fix is not None and one.fix.edits:
        data["fix"] = {
            "title": one.fix.title,
            "safety": one.fix.safety,
            "edits": [
                {
                    "range": {
                        "start": {"line": edit.range.start.line, "character": edit.range.start.character},
                        "end": {"line": edit.range.end.line, "character": edit.range.end.character},
                    },
                    "newText": edit.new_text,
                }
                for edit in to_edits(one.fix.edits, lines, unit)
            ],
        }
    return data
