"""The records one by one: those with findings, the worst first, then a sample of the others; with a search."""

from typing import Final, NamedTuple

from tunelint.advice.task import pair_of
from tunelint.core.finding import Severity
from tunelint.core.record import Record
from tunelint.engine.batch import count_tokens
from tunelint.engine.locate import Origin
from tunelint.report.page.html import Html, excerpt, joined, tag
from tunelint.report.page.reading import Reading
from tunelint.report.page.subject import Budget, Section, place
from tunelint.report.style import plural
from tunelint.tokens import counter_for

__all__ = ["section"]

_GOOD: Final = len(Severity)


class _Worst(NamedTuple):
    """How bad a record is: the rank of its worst finding, then how many it has; sorts worst first."""

    severity: int
    findings: int
    handle: int


def section(reading: Reading, budget: Budget) -> Section:
    """Return the table of records."""
    codes: dict[int, dict[str, Severity]] = {}
    for handle, one in reading.found:
        if handle >= 0:
            codes.setdefault(handle, {})[one.code] = one.severity
    ranked = sorted(_Worst(min(one.rank for one in found.values()), -len(found), handle) for handle, found in codes.items())
    handles = [one.handle for one in ranked[: budget.rows]]
    known = set(handles)
    for drawn in reading.sample:
        if len(handles) >= budget.rows:
            break
        if isinstance(drawn.handle, int) and drawn.handle not in codes and drawn.handle not in known:
            handles.append(drawn.handle)
            known.add(drawn.handle)
    records = reading.records(handles)
    rows = [_row(reading, *records[handle], codes.get(handle, {}), budget) for handle in handles if handle in records]
    if not rows:
        return Section("records", "The records", tag("p", "There is no record to show."))
    every = reading.report.records
    flagged = len(codes)
    shown = f"{len(rows):,} of {every:,} records: those with findings, the worst first, then others by content hash."
    if len(rows) >= every:
        more = f" and {plural(len(rows) - every, 'line')} without one" if len(rows) > every else ""
        shown = f"All {every:,} records{more}, those with findings first, the worst of them on top."
    elif flagged > budget.rows:
        shown = f"The worst {len(rows):,} of {every:,} records."
    head = tag("tr", *(tag("th", name, scope="col") for name in ("place", "findings", "tokens", "request", "answer")))
    table = tag(
        "table",
        tag("caption", "Records, the worst first"),
        tag("thead", head),
        tag("tbody", *rows),
        class_="records",
    )
    scroll = tag("div", table, class_="scroll tall", tabindex="0", role="region", aria_label="Records")
    return Section("records", "The records", joined((tag("p", shown), _search(len(rows)), scroll)))


def _search(rows: int) -> Html:
    return tag(
        "p",
        tag("label", "Search ", tag("input", type="search", data_search=True, placeholder="text, code or line")),
        tag("label", tag("input", type="checkbox", data_only=True), " only with findings"),
        tag("output", f"{rows:,} shown", aria_live="polite"),
        class_="controls",
    )


def _row(reading: Reading, record: Record, origin: Origin, codes: dict[str, Severity], budget: Budget) -> Html:
    subject, context = reading.subject, reading.linter.context
    tokens = None
    if record.row is not None:
        tokens = count_tokens(record, counter_for(context.encoding), context).total
    request, answer = _texts(record)
    badges = [
        tag("span", code, class_=f"badge {severity}")
        for code, severity in sorted(codes.items(), key=lambda pair: (pair[1].rank, pair[0]))
    ]
    return tag(
        "tr",
        tag("th", place(subject.path, "", origin.line, origin.column), scope="row"),
        tag("td", *badges),
        tag("td", f"{tokens:,}" if tokens is not None else "", class_="number"),
        tag("td", excerpt(request, budget.characters)),
        tag("td", excerpt(answer, budget.characters)),
        data_worst=min((severity.rank for severity in codes.values()), default=_GOOD),
    )


def _texts(record: Record) -> tuple[str, str]:
    example = record.example
    pair = pair_of(example) if example is not None else None
    if pair is not None:
        return pair.request, pair.answer
    if example is not None:
        return "\n".join(turn.text for turn in example.all_turns), ""
    return record.text, ""
