"""One line a finding, for editors and for grep."""

from collections.abc import Iterator

from tunelint.core.run import Run
from tunelint.report import statistics, summary
from tunelint.report.style import Painter, Style, visible

__all__ = ["write"]


def write(run: Run, style: Style) -> Iterator[str]:
    """Yield ``path:line:column: CODE severity: message`` for each finding."""
    for one in run.diagnostics:
        mark = " [*]" if one.fix is not None and one.fix.safety == "safe" else ""
        yield f"{visible(one.path)}:{one.line}:{one.column}: {one.code}{mark} {one.severity}: {visible(one.message)}\n"
    if style.statistics:
        for row in statistics.count(run.found):
            yield f"{row.findings:>8,}  {row.code}  {row.name}\n"
    if style.summary:
        paint = Painter(style.color)
        for report in run.files:
            yield from summary.block(report, run.found, paint)
