"""Gathers findings, keeping only as many of each rule as are ever shown, with the true count."""

from collections.abc import Callable

import msgspec

from tunelint.core.diagnostic import Diagnostic
from tunelint.core.finding import Finding, Handle, Severity
from tunelint.core.record import Record
from tunelint.engine.crash import Crashes
from tunelint.engine.locate import Origin, locate_finding, placed_on_file
from tunelint.engine.plan import Plan

__all__ = ["Collector"]

PlaceOf = Callable[[Handle], tuple[int, int] | None]
"""Tells line and column of a record, where they are known."""


class _Shown:
    """The findings of one rule: how many there are, and the first of them with their places."""

    __slots__ = ("count", "first", "help", "worst")

    def __init__(self) -> None:
        self.count = 0
        self.first: list[Diagnostic] = []
        self.worst = Severity.HINT
        self.help = ""


class Collector:
    """The findings of one file, or of a part of it."""

    def __init__(self, plan: Plan, path: str) -> None:
        self.path = path
        self.crashes = Crashes()
        self._plan = plan
        self._shown: dict[str, _Shown] = {}

    def add(self, finding: Finding, record: Record | None, origin: Origin, place_of: PlaceOf | None) -> None:
        """Count a finding and, if it is among the first of its rule, find its place."""
        code = finding.code
        if code in self._plan.silent:
            return
        severity = self._plan.severities.get(code)
        if severity is not None and severity is not finding.severity:
            finding = msgspec.structs.replace(finding, severity=severity)
        shown = self._shown.setdefault(code, _Shown())
        shown.count += finding.count
        if finding.severity.rank <= shown.worst.rank:
            shown.worst = finding.severity
            shown.help = shown.help or finding.help
        rule = self._plan.rules[code]
        if len(shown.first) >= rule.shown:
            return
        place_of = place_of or _nowhere
        if record is None:
            shown.first.append(placed_on_file(finding, path=self.path, name=rule.name, related=place_of))
        else:
            shown.first.append(locate_finding(finding, record, origin, path=self.path, name=rule.name, related=place_of))

    def set_count(self, code: str, count: int) -> None:
        """Set the true count of a rule of which only the first findings were added."""
        if code in self._shown:
            self._shown[code].count = count

    def drop(self, code: str) -> None:
        """Forget all findings of a rule, because another one explains them."""
        self._shown.pop(code, None)

    def codes(self) -> frozenset[str]:
        """Return the codes of all rules that found something."""
        return frozenset(self._shown)

    def diagnostics(self) -> list[Diagnostic]:
        """Return what is shown, in the order of the file; what is left of a rule is folded into one diagnostic."""
        found: list[Diagnostic] = []
        for code, shown in self._shown.items():
            found += shown.first
            rest = shown.count - sum(one.count for one in shown.first)
            if rest > 0:
                found.append(self._folded(code, shown, rest))
        return sorted(found, key=lambda one: (one.line, one.column, one.code, one.at, one.count))

    def _folded(self, code: str, shown: _Shown, rest: int) -> Diagnostic:
        name = self._plan.rules[code].name
        message = f"{rest:,} more findings of {name}" if rest > 1 else f"one more finding of {name}"
        finding = Finding(code, shown.worst, message, shown.help, count=rest)
        return placed_on_file(finding, path=self.path, name=name, related=_nowhere)


def _nowhere(handle: Handle) -> tuple[int, int] | None:
    return None
