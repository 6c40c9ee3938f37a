"""Findings as a person reads them: the place, the text around it, and what to do."""

from collections.abc import Iterable, Iterator
from typing import Final

from tunelint.core.diagnostic import Diagnostic, Excerpt, FileReport, Skipped
from tunelint.core.finding import Severity
from tunelint.core.run import Run, counts_by_severity
from tunelint.report import statistics, summary
from tunelint.report.style import Painter, Style, plural, visible, width

__all__ = ["write"]

_LOOKS: Final = {
    Severity.ERROR: ("red", "bold"),
    Severity.WARNING: ("yellow", "bold"),
    Severity.INFORMATION: ("cyan", "bold"),
    Severity.HINT: ("dim",),
}
_SHOWN_RELATED: Final = 3
_SHOWN_SKIPPED: Final = 3
_CUT: Final = "\u2026"
_LEAST_ROOM: Final = 20
_ENDLESS: Final = 10**6


def write(run: Run, style: Style) -> Iterator[str]:
    """Yield findings file by file, then what was read and what was found."""
    paint = Painter(style.color)
    for report in run.files:
        for one in sorted(report.diagnostics, key=_folded):
            yield from _finding(one, paint, style.columns)
    if style.statistics and run.found:
        yield from _statistics(run, paint)
    if style.quiet:
        return
    for report in run.files:
        if style.summary:
            yield from summary.block(report, run.found, paint, style.columns)
        else:
            yield _read(report, paint)
    yield from _left_out(run.left_out, paint)
    for unread in run.unread:
        yield f"{paint('not checked', 'red', 'bold')} {visible(unread.path)}: {visible(unread.reason)}\n"
    yield _summary(run, paint)


def _left_out(ones: Iterable[Skipped], paint: Painter) -> Iterator[str]:
    """Yield what was left out, each reason once for many files: a folder with code has much JSON that is no dataset."""
    paths: dict[tuple[str, str], list[str]] = {}
    for one in ones:
        paths.setdefault((one.code, one.reason), []).append(one.path)
    for (code, reason), where in paths.items():
        for path in where if len(where) <= _SHOWN_SKIPPED else where[:1]:
            more = f" and {plural(len(where) - 1, 'more file')}" if len(where) > _SHOWN_SKIPPED else ""
            yield f"{paint('skipped', 'yellow')} {visible(path)}{more}{': ' if path else ''}{code}: {visible(reason)}\n"


def _folded(one: Diagnostic) -> bool:
    """Tell whether a finding stands for more of its kind: it is read after these, though it is placed at the top of the file."""
    return one.count > 1


def _finding(one: Diagnostic, paint: Painter, columns: int) -> Iterator[str]:
    looks = _LOOKS[one.severity]
    yield f"{paint(str(one.severity), *looks)}{paint(f'[{one.code}]', *looks)} {paint(visible(one.message), 'bold')}"
    yield f"{paint('  ' + one.name, 'dim')}\n"
    at = paint(f"  {visible(one.at)}", "dim") if one.at else ""
    arrow = paint("-->", "blue")
    yield f"  {arrow} {visible(one.path)}:{one.line}:{one.column}{at}\n"
    if one.excerpt is not None and one.excerpt.text.strip():
        yield from _excerpt(one.line, one.excerpt, paint, looks, columns)
    for related in one.related[:_SHOWN_RELATED]:
        yield f"  {paint('::', 'blue')} {visible(related.path)}:{related.line}:{related.column} {visible(related.message)}\n"
    if len(one.related) > _SHOWN_RELATED:
        yield f"  {paint('::', 'blue')} and {plural(len(one.related) - _SHOWN_RELATED, 'more place')}\n"
    if one.help:
        yield f"  {paint('help:', 'blue', 'bold')} {visible(one.help)}\n"
    if one.fix is not None:
        how = "--fix" if one.fix.safety == "safe" else "--fix --unsafe-fixes"
        yield f"  {paint('fix:', 'green', 'bold')} {visible(one.fix.title)} ({how})\n"
    yield "\n"


def _excerpt(line: int, excerpt: Excerpt, paint: Painter, looks: tuple[str, ...], columns: int) -> Iterator[str]:
    """Yield the text around a place with a line of marks under it; what a line of `columns` has no room for is cut."""
    gutter = f"{line:>5}"
    marked = visible(excerpt.text[excerpt.start : excerpt.end])
    before, after = visible(excerpt.text[: excerpt.start]), visible(excerpt.text[excerpt.end :])
    cut_before, cut_after = excerpt.cut_before, excerpt.cut_after
    room = max(columns - len(gutter) - len(_CUT + " | " + _CUT), _LEAST_ROOM) if columns else _ENDLESS
    while width(before + marked + after) > room and (before or after):
        if width(before) > width(after):
            before, cut_before = before[1:], True
        else:
            after, cut_after = after[:-1], True
    before, after = (_CUT if cut_before else "") + before, after + (_CUT if cut_after else "")
    bar = paint("|", "blue")
    yield f"{paint(gutter, 'blue')} {bar} {before}{paint(marked, *looks)}{after}\n"
    marks = "^" * max(width(marked), 1)
    yield f"{' ' * len(gutter)} {bar} {' ' * width(before)}{paint(marks, *looks)}\n"


def _statistics(run: Run, paint: Painter) -> Iterator[str]:
    for row in statistics.count(run.found):
        fixable = f"  ({row.fixable:,} can be fixed)" if row.fixable else ""
        yield f"{row.findings:>8,}  {paint(row.code, *_LOOKS[row.severity])}  {row.name}{fixable}\n"
    yield "\n"


def _read(report: FileReport, paint: Painter) -> str:
    """Say what a file was taken for."""
    parts = summary.taken_for(report)
    if report.tokens is not None and report.tokens.total:
        tokens = report.tokens
        about = "" if tokens.exact else "about "
        parts.append(f"{about}{tokens.total:,} tokens ({tokens.trained:,} trained, {tokens.encoding})")
    return f"{paint(visible(report.path), 'bold')}: {', '.join(parts)}\n"


def _summary(run: Run, paint: Painter) -> str:
    counts = counts_by_severity(run.found)
    found = [plural(count, str(severity), _words(severity)) for severity, count in counts.items() if count]
    if not run.files:
        return "No file was checked.\n"
    if not found:
        return f"{paint('No findings', 'green', 'bold')} in {plural(len(run.files), 'file')}.\n"
    hidden = f" ({run.kept_back:,} not shown)" if run.hidden else ""
    safe = sum(one.count for one in run.found if one.fix is not None and one.fix.safety == "safe")
    unsafe = sum(one.count for one in run.found if one.fix is not None and one.fix.safety == "unsafe")
    line = f"Found {', '.join(found)} in {plural(len(run.files), 'file')}{hidden}.\n"
    if safe or unsafe:
        more = f"; {unsafe:,} more with --unsafe-fixes" if safe and unsafe else ""
        first = f"{safe:,} can be fixed with --fix" if safe else f"{unsafe:,} can be fixed with --fix --unsafe-fixes"
        line += f"{first}{more}.\n"
    return line


def _words(severity: Severity) -> str:
    return "information" if severity is Severity.INFORMATION else ""
