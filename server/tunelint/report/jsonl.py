"""One JSON object a finding, a line each."""

from collections.abc import Iterator

from tunelint.core.run import Run
from tunelint.report.json import encode, finding_of
from tunelint.report.style import Style

__all__ = ["write"]


def write(run: Run, style: Style) -> Iterator[str]:
    """Yield a line for each finding."""
    for one in run.diagnostics:
        yield encode(finding_of(one)).decode() + "\n"
