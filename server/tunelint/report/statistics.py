"""How many findings each rule has, most frequent first."""

from collections.abc import Iterable
from typing import NamedTuple

from tunelint.core.diagnostic import Diagnostic
from tunelint.core.finding import Severity

__all__ = ["Count", "count"]


class Count(NamedTuple):
    """A rule with its findings: how many, the worst severity, how many can be fixed."""

    code: str
    name: str
    severity: Severity
    findings: int
    fixable: int


def count(diagnostics: Iterable[Diagnostic]) -> list[Count]:
    """Return a row for each rule."""
    rows: dict[str, Count] = {}
    for one in diagnostics:
        row = rows.get(one.code, Count(one.code, one.name, one.severity, 0, 0))
        worst = min(row.severity, one.severity, key=lambda severity: severity.rank)
        rows[one.code] = Count(one.code, one.name, worst, row.findings + one.count, row.fixable + (one.count if one.fix else 0))
    return sorted(rows.values(), key=lambda row: (-row.findings, row.code))
