"""One JSON object for a run, as `schemas/report.schema.json` describes it."""

from collections.abc import Iterator

from tunelint.core.run import Run
from tunelint.report.contract import report_of
from tunelint.report.encoding import pretty
from tunelint.report.style import Style

__all__ = ["write"]


def write(run: Run, style: Style) -> Iterator[str]:
    """Yield one JSON object."""
    yield pretty(report_of(run, style))
