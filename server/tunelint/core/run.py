"""What one run of the tool came to: what every output format writes."""

from collections.abc import Iterable

import msgspec

from tunelint.core.diagnostic import Diagnostic, FileReport, Skipped, Unread
from tunelint.core.finding import Severity

__all__ = ["Run", "counts_by_severity"]


class Run(msgspec.Struct):
    """The reports of all files, in the order in which they are shown.

    `skipped` are checks and files that the run as a whole left out, beside those that a file's own report names. `hidden` are
    the findings that ``--max-findings`` keeps back: they are not shown, and counted all the same. `unread` are the files that
    could not be checked; all formats but bare lists of findings name them, because a report without them looks like a clean run.
    """

    version: str
    files: list[FileReport]
    skipped: list[Skipped] = []
    hidden: list[Diagnostic] = []
    unread: list[Unread] = []

    @property
    def diagnostics(self) -> list[Diagnostic]:
        """All that is shown, file by file."""
        return [one for report in self.files for one in report.diagnostics]

    @property
    def found(self) -> list[Diagnostic]:
        """All that was found: what is shown, and what is kept back."""
        return [*self.diagnostics, *self.hidden]

    @property
    def left_out(self) -> list[Skipped]:
        """All checks and files that were left out: by the run as a whole first, then file by file."""
        return [*self.skipped, *(one for report in self.files for one in report.skipped)]

    @property
    def kept_back(self) -> int:
        """How many findings are not shown."""
        return sum(one.count for one in self.hidden)

    @property
    def records(self) -> int:
        """Records of all files."""
        return sum(report.records for report in self.files)


def counts_by_severity(diagnostics: Iterable[Diagnostic]) -> dict[Severity, int]:
    """Return how many findings there are of each severity, worst first; a folded one counts for all that it stands for."""
    counts = dict.fromkeys(Severity, 0)
    for one in diagnostics:
        counts[one.severity] += one.count
    return counts
