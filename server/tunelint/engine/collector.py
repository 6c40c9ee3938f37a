"""Gathers findings, keeping only as many of each rule as are ever shown, with the true count."""

from collections.abc import Callable, Collection, Sequence
from typing import Any, Final

import msgspec

from tunelint.core.diagnostic import Diagnostic, PlacedFix
from tunelint.core.finding import Finding, Handle, Severity
from tunelint.core.record import Record
from tunelint.engine.crash import Crashes
from tunelint.engine.locate import Origin, locate_finding, placed_on_file
from tunelint.engine.plan import Plan

__all__ = ["Collector", "folded"]

_ALL: Final = 100_000
"""Findings of a rule and file that are kept where all are wanted: for a baseline."""

PlaceOf = Callable[[Handle], tuple[int, int] | None]
"""Tells line and column of a record, where they are known."""


class _Shown:
    """The findings of one rule: how many there are, and the first of them with their places."""

    __slots__ = ("count", "first", "help", "worst")

    def __init__(self) -> None:
        self.count = 0
        self.first: list[tuple[int, Diagnostic]] = []  # with the rank of the record in the file, -1 for the file itself
        self.worst = Severity.HINT
        self.help = ""

    def note(self, severity: Severity, help_line: str) -> None:
        """Remember the worst severity and what to do about it."""
        if severity.rank < self.worst.rank or not self.help:
            self.help = help_line
        self.worst = min(severity, self.worst, key=lambda one: one.rank)


class Collector:
    """The findings of one file, or of a part of it: those that are shown one by one, and the count of the rest."""

    def __init__(self, plan: Plan, path: str) -> None:
        self.path = path
        self.crashes = Crashes()
        self._plan = plan
        self._shown: dict[str, _Shown] = {}

    def __getstate__(self) -> dict[str, Any]:
        """Leave out the plan, which every process makes for itself: what is unpickled can only be merged into another one."""
        return {"path": self.path, "crashes": self.crashes, "_shown": self._shown}

    def add(
        self, finding: Finding, record: Record | None, origin: Origin, place_of: PlaceOf | None, rank: int | None = None
    ) -> None:
        """Count a finding and, if it is among the first of its rule, find its place. Findings come in the order of the file.

        `rank` is the place of the record in the file; in files it is the record's handle.
        """
        code = finding.code
        if code in self._plan.silent:
            return
        severity = self._plan.severities.get(code)
        if severity is not None and severity is not finding.severity:
            finding = msgspec.structs.replace(finding, severity=severity)
        shown = self._shown.setdefault(code, _Shown())
        shown.count += finding.count
        shown.note(finding.severity, finding.help)
        if len(shown.first) >= self.most_shown(code):
            return
        place_of = place_of or _nowhere
        name = self._plan.rules[code].name
        if record is None:
            shown.first.append((-1, placed_on_file(finding, path=self.path, name=name, related=place_of)))
            return
        if rank is None:
            assert isinstance(record.handle, int)
            rank = record.handle
        shown.first.append((rank, locate_finding(finding, record, origin, path=self.path, name=name, related=place_of)))

    def most_shown(self, code: str) -> int:
        """Return how many findings of a rule are shown one by one."""
        return _ALL if self._plan.keep_all else self._plan.rules[code].shown

    def count_more(self, code: str, count: int, worst: Finding | None = None) -> None:
        """Count findings of a rule of which only the first were added; `worst` is the first of the worst among all."""
        if code in self._shown:
            self._shown[code].count += count
            if worst is not None:
                self._shown[code].note(self._plan.severities.get(code, worst.severity), worst.help)

    def merge(self, other: "Collector") -> None:
        """Add the findings of another part of the same file."""
        self.crashes.merge(other.crashes)
        for code, theirs in other._shown.items():
            mine = self._shown.setdefault(code, _Shown())
            mine.count += theirs.count
            mine.note(theirs.worst, theirs.help)
            mine.first = sorted(mine.first + theirs.first, key=lambda entry: entry[0])[: self.most_shown(code)]

    def shift(self, offset_of: Callable[[int], int]) -> None:
        """Move findings down by the lines that stand before the part of the file that each was found in."""
        for shown in self._shown.values():
            shown.first = [(rank, _moved(one, offset_of(rank)) if rank >= 0 else one) for rank, one in shown.first]

    def flagged(self, mildest: Severity) -> frozenset[int]:
        """Return the records, by their rank in the file, that a kept finding at least so bad is about."""
        return frozenset(
            rank for shown in self._shown.values() for rank, one in shown.first if rank >= 0 and one.severity.rank <= mildest.rank
        )

    def ranked(self) -> list[tuple[int, Diagnostic]]:
        """Return the findings that were kept, each with the rank of its record in the file, -1 for those about the file."""
        found = [entry for shown in self._shown.values() for entry in shown.first]
        return sorted(found, key=lambda entry: (entry[0], entry[1].code))

    def mended_blanks(self) -> frozenset[int]:
        """Return the empty lines, counted from 1, at which a fix is offered."""
        ones = (one for shown in self._shown.values() for rank, one in shown.first if rank >= 0 and one.fix is not None)
        return frozenset(one.line for one in ones if one.excerpt is not None and not one.excerpt.text.strip())

    def withdraw_fixes(self, lines: Collection[int]) -> None:
        """Offer no fix at these lines, because none would be carried out."""
        for shown in self._shown.values():
            shown.first = [
                (rank, msgspec.structs.replace(one, fix=None) if rank >= 0 and one.line in lines else one)
                for rank, one in shown.first
            ]

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
            found += (one for _, one in shown.first)
            rest = shown.count - sum(one.count for _, one in shown.first)
            if rest > 0:
                ones = [one for _, one in shown.first]
                found.append(_fold(code, self._plan.rules[code].name, rest, shown.worst, shown.help, self.path, ones))
        return sorted(found, key=lambda one: (one.line, one.column, one.code, one.at, one.count))


def _fold(
    code: str, name: str, rest: int, severity: Severity, help_line: str, path: str, shown: Sequence[Diagnostic]
) -> Diagnostic:
    """Return one diagnostic for the rest; it can be fixed where all that are shown can be."""
    message = f"{rest:,} more findings of {name}" if rest > 1 else f"one more finding of {name}"
    finding = Finding(code, severity, message, help_line, count=rest)
    folded_one = placed_on_file(finding, path=path, name=name, related=_nowhere)
    fixes = {one.fix.safety for one in shown if one.fix is not None}
    if len(fixes) == 1 and all(one.fix is not None for one in shown):
        folded_one = msgspec.structs.replace(folded_one, fix=PlacedFix("fix them all", fixes.pop(), ()))
    return folded_one


def folded(ones: list[Diagnostic], most: int, path: str) -> list[Diagnostic]:
    """Return at most so many diagnostics of one rule, and one that stands for the rest."""
    rest = ones[most:]
    if not rest:
        return ones
    worst = min(rest, key=lambda one: one.severity.rank)
    count = sum(one.count for one in rest)
    return [*ones[:most], _fold(worst.code, worst.name, count, worst.severity, worst.help, path, rest)]


def _moved(one: Diagnostic, lines: int) -> Diagnostic:
    if not lines:
        return one
    fix = one.fix
    if fix is not None:
        edits = tuple(msgspec.structs.replace(edit, line=edit.line + lines, end_line=edit.end_line + lines) for edit in fix.edits)
        fix = msgspec.structs.replace(fix, edits=edits)
    return msgspec.structs.replace(one, line=one.line + lines, end_line=one.end_line + lines, fix=fix)


def _nowhere(handle: Handle) -> tuple[int, int] | None:
    return None
