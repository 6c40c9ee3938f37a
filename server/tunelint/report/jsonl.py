"""One JSON object a finding, a line each."""

from collections.abc import Iterator
from typing import Final

from tunelint.core.run import Run
from tunelint.report.contract import finding_of
from tunelint.report.encoding import encode
from tunelint.report.style import Style

__all__ = ["write"]

_LINE_ENDS: Final = {ord(character): f"\\u{ord(character):04x}" for character in "\x85\u2028\u2029"}
"""What JSON allows inside a string and some readers of lines split at."""


def write(run: Run, style: Style) -> Iterator[str]:
    """Yield a line for each finding."""
    for one in run.diagnostics:
        yield encode(finding_of(one)).decode().translate(_LINE_ENDS) + "\n"
