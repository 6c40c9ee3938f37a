"""A map of the sample: requests that are alike lie near each other, coloured by what is answered or by what they are about."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from tunelint.core.finding import Handle
from tunelint.report.page.figure import figure
from tunelint.report.page.html import Html, capital, data_table, excerpt, tag
from tunelint.report.page.projection import grouped, project, reduced
from tunelint.report.page.reading import Reading
from tunelint.report.page.subject import Budget, Plot, Section

if TYPE_CHECKING:
    from tunelint.advice.signals import Signals

__all__ = ["section"]

_FEWEST: Final = 10
_COLOURS: Final = 7
"""Colours that are told apart without seeing all of them, and as many shapes: 49 groups look different."""

_TOPICS: Final = 7

_LISTED: Final = 14
_TABLED: Final = 100
_DIMENSIONS: Final = 1_024
_LABEL: Final = 60
_WORDS: Final = 3
_COMMON: Final = 0.5
"""The share of the requests from which on a word names none of their groups."""
_SHORT: Final = 2
"""Letters of Latin words that name nothing."""
_MARKS: Final = {"DUP001": "copied", "DUP002": "copied", "DUP003": "contradicted", "DUP007": "doubtful"}
_SHAPES: Final = (
    "M5 1a4 4 0 1 0 .01 0z",
    "M5 0L10 9H0z",
    "M1 1h8v8H1z",
    "M5 0L10 5L5 10L0 5z",
    "M3.5 0h3v3.5H10v3H6.5V10h-3V6.5H0v-3h3.5z",
    "M5 10L0 1h10z",
    "M5 0l1.5 3.5 3.5.5-2.5 2.5.5 3.5-3-2-3 2 .5-3.5L0 4l3.5-.5z",
)
"""Keys of the legend in a box of 10 by 10, in the order of the shapes that the script draws."""


class _Grouping(NamedTuple):
    """The name of each record's group, and what the groups are."""

    names: list[str]
    are: str


def section(reading: Reading, budget: Budget) -> Section | None:
    """Return the map; None for data without requests."""
    signals = reading.signals
    if signals is None or len(signals.study.rows) < _FEWEST:
        return None
    from tunelint.advice.vectors import Vectors

    rows = signals.study.rows[: budget.points]
    components = reduced(Vectors([row.pair.request for row in rows], _DIMENSIONS).matrix)
    plane = project(components)
    groups = _labels(signals, len(rows)) if signals.study.task.labels else _topics(signals, grouped(components, _TOPICS).tolist())
    counts = Counter(groups.names)
    order = sorted(counts, key=lambda name: (-counts[name], name))
    ranks = {name: rank for rank, name in enumerate(order)}
    origins = reading.origins([row.handle for row in rows])
    marks = _marks(reading)
    points = []
    for row, (x, y), name in zip(rows, plane.tolist(), groups.names, strict=True):
        origin = origins.get(row.handle) if isinstance(row.handle, int) else None
        points.append(
            {
                "x": round(x, 4),
                "y": round(y, 4),
                "group": ranks[name],
                "mark": marks.get(row.handle, ""),
                "line": origin.line if origin is not None else 0,
                "text": excerpt(row.pair.request, budget.characters // 2),
            }
        )
    plot = Plot("map", {"points": points, "groups": [excerpt(name, _LABEL) for name in order]})
    return _section(reading, plot, groups.are, [counts[name] for name in order])


def _section(reading: Reading, plot: Plot, are: str, counts: Sequence[int]) -> Section:
    points, names = plot.data["points"], plot.data["groups"]
    marked = Counter(point["mark"] for point in points if point["mark"])
    said = (
        f"Scatter plot of {len(points):,} requests coloured by {are}; {len(counts):,} groups, the largest "
        f"{names[0]} with {counts[0]:,}. {_said(marked)}"
    )
    everything = len(points) == reading.distinct
    which = (
        "all different records" if everything else f"{len(points):,} of {reading.distinct:,} different records, by content hash"
    )
    note = (
        f"{capital(which)}. Nearness means that requests share words (TF-IDF, t-SNE); distance between groups that "
        f"lie apart means nothing. {_said(marked)} Point at a record to read it; select it to open it."
    )
    rows = [(name, count, f"{count / len(points):.1%}") for name, count in zip(names[:_TABLED], counts[:_TABLED], strict=True)]
    more = f"; the {_TABLED} largest of {len(counts):,} groups" if len(counts) > _TABLED else ""
    table = data_table(f"Records on the map by {are}{more}", (are, "records", "share"), rows)
    title = "What is in it?" if are != "label" else "Which labels are there, and where?"
    return Section("map", title, figure(plot, said, note, table, legend=_legend(names, counts)), (plot,))


def _said(marked: Counter[str]) -> str:
    if not marked:
        return "No record on it is a copy or contradicted."
    return f"Ringed: {', '.join(f'{count:,} {mark}' for mark, count in sorted(marked.items()))}."


def _legend(names: Sequence[str], counts: Sequence[int]) -> Html:
    items = []
    for rank, (name, count) in enumerate(zip(names[:_LISTED], counts[:_LISTED], strict=True)):
        shape = _SHAPES[(rank + rank // _COLOURS) % len(_SHAPES)]
        key = tag("svg", tag("path", d=shape), viewBox="0 0 10 10", class_=f"key g{rank % _COLOURS}", aria_hidden="true")
        items.append(tag("li", key, f" {name} ", tag("span", f"{count:,}", class_="note")))
    if len(names) > _LISTED:
        items.append(tag("li", f"and {len(names) - _LISTED:,} more", class_="note"))
    return tag("ul", *items, class_="legend")


def _labels(signals: "Signals", rows: int) -> _Grouping:
    from tunelint.advice.task import normal

    names = {normal(label): label for label in reversed(signals.study.task.labels)}
    return _Grouping([names.get(answer, answer) for answer in signals.study.normal_answers[:rows]], "label")


def _topics(signals: "Signals", groups: Sequence[int]) -> _Grouping:
    """Name groups of requests by the words that are commoner in them than elsewhere."""
    from tunelint.advice.wording import tokens

    study = signals.study
    words = [
        {
            word
            for word in tokens(row.pair.request)
            if word not in study.stop and not word.isdigit() and (len(word) > _SHORT or not word.isascii())
        }
        for row, _ in zip(study.rows, groups, strict=False)
    ]
    everywhere = Counter(word for some in words for word in some)
    common = {
        word for word, count in everywhere.items() if count > _COMMON * len(words)
    }  # those of a template tell no groups apart
    names: dict[int, str] = {}
    for group in sorted(set(groups)):
        inside = Counter(word for some, own in zip(words, groups, strict=True) for word in some - common if own == group)
        best = sorted(inside, key=lambda word: (-(inside[word] ** 2) / everywhere[word], word))[:_WORDS]
        names[group] = ", ".join(best) or f"group {len(names) + 1}"
    return _Grouping([names[group] for group in groups], "topic")


def _marks(reading: Reading) -> dict[Handle, str]:
    """Return what is to be marked, by handle. The earlier one of two records is found by its line."""
    marks: dict[Handle, str] = {}
    lines: dict[int, str] = {}
    for handle, one in reading.found:
        mark = _MARKS.get(one.code)
        if mark is not None:
            marks[handle] = mark
            for related in one.related:
                lines[related.line] = mark
    if lines and reading.report.container == "jsonl":
        origins = reading.origins([one.handle for one in reading.sample])
        for handle, origin in origins.items():
            if origin.line in lines:
                marks.setdefault(handle, lines[origin.line])
    return marks
