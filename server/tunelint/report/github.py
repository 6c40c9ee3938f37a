"""Annotations of GitHub Actions: workflow commands that mark lines of a pull request."""

from collections.abc import Iterator
from typing import Final

from tunelint.core.finding import Severity
from tunelint.core.run import Run, counts_by_severity
from tunelint.report.style import Style, plural

__all__ = ["write"]

_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFORMATION: "notice", Severity.HINT: "notice"}


def write(run: Run, style: Style) -> Iterator[str]:
    """Yield a command for each finding, worst first, because GitHub shows only the first ten of each level and step."""
    for unread in run.unread:
        text = _data(f"{unread.path}: {unread.reason}")
        yield f"::error file={_property(unread.path)},line=1,endLine=1,title=not checked::{text}\n"
    for one in sorted(run.diagnostics, key=lambda one: one.severity.rank):
        place = {"file": one.path, "line": one.line, "endLine": one.end_line, "col": one.column, "endColumn": one.end_column}
        if one.end_line != one.line:
            del place["col"], place["endColumn"]
        properties = ",".join(f"{key}={_property(str(value))}" for key, value in place.items())
        title = _property(f"{one.code} {one.name}")
        text = f"{one.path}:{one.line}:{one.column}: {one.message}" + (f"\n{one.help}" if one.help else "")
        yield f"::{_LEVELS[one.severity]} {properties},title={title}::{_data(text)}\n"
    counts = counts_by_severity(run.found)
    found = [plural(count, str(severity)) for severity, count in counts.items() if count]
    yield f"{', '.join(found) or 'no findings'} in {plural(len(run.files), 'file')}, {plural(run.records, 'record')}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
