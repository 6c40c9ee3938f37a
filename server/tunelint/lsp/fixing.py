"""All safe fixes of a document as edits of its lines."""

from pathlib import Path

from lsprotocol import types

from tunelint.engine.fixes import Change, changes, plan_fixes
from tunelint.engine.linter import Linter
from tunelint.engine.sources import SourceError
from tunelint.engine.sources.opening import open_stream
from tunelint.engine.sources.streams import from_bytes
from tunelint.lsp.files import OpenFile
from tunelint.settings import SettingsFinder, resolve
from tunelint.settings.resolve import Overrides
from tunelint.text.lines import ColumnUnit, from_code_points

__all__ = ["mended_lines"]


def mended_lines(file: OpenFile, lines: list[str], unit: ColumnUnit) -> list[types.TextEdit]:
    """Return the edits that make the safe fixes; none where the text cannot be fixed in place."""
    path = Path(file.name)
    request = resolve(path, SettingsFinder().find(path.parent), Overrides()).request
    data = "".join(lines).encode("utf-8", "surrogatepass")
    try:
        linter = Linter(open_stream(from_bytes(data, file.name)), request)
        linter.read()
        found = list(changes(linter, plan_fixes(linter, frozenset({"safe"}))))
    except SourceError:
        return []
    return _edits(found, lines, unit)


def _edits(found: list[Change], lines: list[str], unit: ColumnUnit) -> list[types.TextEdit]:
    edits = []
    for change in found:
        if change.before == change.after:
            continue
        new = (change.after or b"").decode("utf-8", "surrogatepass")
        index = change.line - 1
        if change.before is None:
            start = end = types.Position(index + 1, 0)
        else:
            start = types.Position(index, 0)
            line = lines[index] if index < len(lines) else ""
            ended = line.endswith(("\n", "\r"))
            end = types.Position(index + 1, 0) if ended else types.Position(index, from_code_points(line, len(line), unit))
        edits.append(types.TextEdit(types.Range(start, end), new))
    return edits
