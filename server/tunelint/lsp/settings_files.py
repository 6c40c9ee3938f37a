"""Diagnostics of settings files themselves: what is wrong is shown where it stands, while it is typed."""

from pathlib import Path, PurePosixPath
from typing import Final

from lsprotocol import types

from tunelint.lsp.documents import LineDocument
from tunelint.settings.discovery import check_text
from tunelint.text.lines import from_code_points

__all__ = ["SETTINGS_FILES", "is_settings", "settings_diagnostics"]

SETTINGS_FILES: Final = frozenset({"tunelint.toml", ".tunelint.toml", "pyproject.toml"})


def is_settings(uri: str) -> bool:
    """Tell whether an address is that of a settings file."""
    return PurePosixPath(uri).name in SETTINGS_FILES


def settings_diagnostics(document: LineDocument) -> list[types.Diagnostic]:
    """Return what is wrong with a settings file, as it stands in the editor: at most one fault, which hides others."""
    problem = check_text(Path(PurePosixPath(document.uri).name), document.source)
    if problem is None:
        return []
    line = min(problem.line, len(document.lines)) - 1
    text = document.lines[line]
    start = from_code_points(text, problem.column - 1, document.unit)
    end = max(from_code_points(text, len(text.rstrip()), document.unit), start + 1)
    where = types.Range(types.Position(line, start), types.Position(line, end))
    return [types.Diagnostic(where, problem.said, types.DiagnosticSeverity.Error, source="tunelint")]
