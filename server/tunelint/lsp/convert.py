"""Diagnostics of the core as those of the protocol, and the other way round; the only place with columns of the client."""

from collections.abc import Sequence
from typing import Any, Final

from lsprotocol import types
from pygls.uris import from_fs_path

from tunelint.core.diagnostic import Diagnostic, TextEdit
from tunelint.core.finding import Severity
from tunelint.text.lines import ColumnUnit, from_code_points

__all__ = ["Lines", "to_edits", "to_protocol", "to_range"]

Lines = Sequence[str]

_SEVERITIES: Final = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFORMATION: types.DiagnosticSeverity.Information,
    Severity.HINT: types.DiagnosticSeverity.Hint,
}
_UNNECESSARY: Final = frozenset({"DUP001", "DUP002", "FIL003"})
_DEPRECATED: Final = frozenset({"TOL008"})


def _position(lines: Lines | None, line: int, column: int, unit: ColumnUnit) -> types.Position:
    """Turn line and column in code points, from 1, into a place of the client; without lines columns are the client's already."""
    if lines is None:
        return types.Position(line - 1, column - 1)
    if line > len(lines):
        return types.Position(max(len(lines) - 1, 0), from_code_points(lines[-1], len(lines[-1]), unit) if lines else 0)
    return types.Position(line - 1, from_code_points(lines[line - 1], column - 1, unit))


def to_range(one: Diagnostic | TextEdit, lines: Lines | None, unit: ColumnUnit) -> types.Range:
    """Return a range of the client."""
    return types.Range(_position(lines, one.line, one.column, unit), _position(lines, one.end_line, one.end_column, unit))


def to_edits(edits: Sequence[TextEdit], lines: Lines | None, unit: ColumnUnit) -> list[types.TextEdit]:
    """Return edits of the client."""
    return [types.TextEdit(to_range(edit, lines, unit), edit.text) for edit in edits]


def to_protocol(
    found: Sequence[Diagnostic], lines: Lines | None, uri: str, unit: ColumnUnit, rule_scheme: str
) -> list[types.Diagnostic]:
    """Return diagnostics in the client's terms; each carries its fix, so that an action needs no second look.

    With a `rule_scheme` codes link to the pages of rules under that scheme.
    """
    return [_diagnostic(one, lines, uri, unit, rule_scheme) for one in found]


def _diagnostic(one: Diagnostic, lines: Lines | None, uri: str, unit: ColumnUnit, rule_scheme: str) -> types.Diagnostic:
    where = to_range(one, lines, unit)
    if where.start == where.end:  # widened to a character, so that it can be seen
        where.end = types.Position(where.end.line, where.end.character + 1)
    tags = [types.DiagnosticTag.Unnecessary] if one.code in _UNNECESSARY else []
    tags += [types.DiagnosticTag.Deprecated] if one.code in _DEPRECATED else []
    return types.Diagnostic(
        range=where,
        severity=_SEVERITIES[one.severity],
        code=one.code,
        code_description=types.CodeDescription(f"{rule_scheme}:/{one.code}.md") if rule_scheme else None,
        source="tunelint",
        message=one.message + (f"\n{one.help}" if one.help else ""),
        tags=tags or None,
        related_information=_related(one, lines, uri, unit) or None,
        data=_data(one, lines, unit),
    )


def _related(one: Diagnostic, lines: Lines | None, uri: str, unit: ColumnUnit) -> list[types.DiagnosticRelatedInformation]:
    found = []
    for place in one.related:
        same = place.path == one.path
        target = uri if same else (from_fs_path(place.path) or uri)
        where = _position(lines if same else None, place.line, place.column, unit)
        found.append(types.DiagnosticRelatedInformation(types.Location(target, types.Range(where, where)), place.message))
    return found


def _data(one: Diagnostic, lines: Lines | None, unit: ColumnUnit) -> dict[str, Any]:
    data: dict[str, Any] = {"code": one.code, "name": one.name, "fingerprint": one.fingerprint, "message": one.message}
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
