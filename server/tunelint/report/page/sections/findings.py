"""What the rules found, rule by rule, the worst first, with places that open in the editor."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from tunelint.core.diagnostic import Diagnostic, FileReport
from tunelint.core.finding import Severity
from tunelint.report.page.html import Html, excerpt, joined, tag
from tunelint.report.page.reading import Reading
from tunelint.report.page.subject import Budget, Section, place
from tunelint.report.style import plural

__all__ = ["of_config", "section"]

_MESSAGE: Final = 200
_PLURALS: Final = {Severity.INFORMATION: "information"}
_WORDS: Final = {Severity.INFORMATION: "info"}


class _Rule(NamedTuple):
    """A rule with all that it found; `more` are findings without a place of their own here."""

    shown: list[Diagnostic]
    total: int
    severity: Severity


def section(reading: Reading, budget: Budget) -> Section:
    """Return the findings of a dataset."""
    return _section([one for _, one in reading.found], reading.report, reading.subject.path, budget)


def of_config(report: FileReport, budget: Budget) -> Section:
    """Return the findings of a training config."""
    return _section(report.diagnostics, report, Path(report.path), budget)


def _section(found: Sequence[Diagnostic], report: FileReport, path: Path, budget: Budget) -> Section:
    rules = _rules(found, report)
    if not rules:
        return Section("findings", "Findings", tag("p", "No rule found anything.", class_="lead good"))
    counts: dict[Severity, int] = {}
    for rule in rules:
        counts[rule.severity] = counts.get(rule.severity, 0) + rule.total
    chips = [
        tag("li", plural(count, str(severity), _PLURALS.get(severity, "")), class_=f"badge {severity}")
        for severity, count in sorted(counts.items(), key=_rank)
    ]
    body = joined((tag("ul", *chips, class_="chips"), *(_rule(rule, path, budget) for rule in rules)))
    return Section("findings", "Findings", body)


def _rank(pair: tuple[Severity, int]) -> int:
    return pair[0].rank


def _rules(found: Sequence[Diagnostic], report: FileReport) -> list[_Rule]:
    shown: dict[str, list[Diagnostic]] = {}
    for one in found:
        shown.setdefault(one.code, []).append(one)
    counts: dict[str, int] = {}
    for one in report.diagnostics:
        counts[one.code] = counts.get(one.code, 0) + one.count
    rules = [_Rule(ones, counts[code], min((one.severity for one in ones), key=_severity_rank)) for code, ones in shown.items()]
    return sorted(rules, key=lambda rule: (rule.severity.rank, -rule.total, rule.shown[0].code))


def _severity_rank(severity: Severity) -> int:
    return severity.rank


def _rule(rule: _Rule, path: Path, budget: Budget) -> Html:
    first = rule.shown[0]
    places = rule.shown[: budget.places]
    rest = rule.total - sum(one.count for one in places)
    items = [_place(one, path) for one in places]
    if rest > 0:
        items.append(tag("li", f"and {rest:,} more: tunelint check lists them", class_="note"))
    summary = tag(
        "summary",
        tag("span", _WORDS.get(rule.severity, str(rule.severity)), class_=f"badge {rule.severity}"),
        tag("span", first.code, class_="code"),
        tag("span", first.name, class_="name"),
        tag("span", f"{rule.total:,}", class_="count", aria_label=f"{rule.total:,} findings"),
    )
    return tag(
        "details",
        summary,
        tag("p", first.help, class_="note") if first.help else None,
        tag("ul", *items, class_="places"),
        open=rule.severity is Severity.ERROR,
        class_="rule",
    )


def _place(one: Diagnostic, path: Path) -> Html:
    shown = None
    if one.excerpt is not None and one.excerpt.text.strip():
        found = one.excerpt
        shown = tag(
            "code",
            _piece(("\u2026" if found.cut_before else "") + found.text[: found.start]),
            tag("mark", _piece(found.text[found.start : found.end])),
            _piece(found.text[found.end :] + ("\u2026" if found.cut_after else "")),
        )
    return tag(
        "li",
        place(path, one.path, one.line, one.column),
        tag("span", f" {one.at}", class_="at") if one.at else None,
        tag("span", f" {excerpt(one.message, _MESSAGE)}"),
        shown,
    )


def _piece(text: str) -> str:
    """Return a part of a line that stands between other parts of it: the space at its ends is kept."""
    words = excerpt(text, _MESSAGE)
    return f"{' ' if text[:1].isspace() else ''}{words}{' ' if words and text[-1:].isspace() else ''}"
