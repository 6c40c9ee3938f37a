"""Records that say the same thing: clusters of equal and nearly equal ones, and prompts with several answers."""

from collections import Counter
from typing import Final

from tunelint.report.page.figure import figure
from tunelint.report.page.html import Html, data_table, excerpt, joined, tag
from tunelint.report.page.reading import Reading
from tunelint.report.page.subject import Budget, Plot, Section, place
from tunelint.report.style import plural

__all__ = ["section"]

_TITLE: Final = "Does it say the same thing twice?"
_CLUSTERING: Final = frozenset({"DUP001", "DUP002"})
_SHOWN: Final = 6
_LABEL: Final = 48

_Place = tuple[int, int]
"""Line and column of a record."""


def section(reading: Reading, budget: Budget) -> Section | None:
    """Return clusters of records; None where the rules about them are off or do not apply."""
    plan = reading.linter.plan
    if not _CLUSTERING & plan.rules.keys():
        return None
    counts = {code: sum(one.count for one in reading.report.diagnostics if one.code == code) for code in (*_CLUSTERING, "DUP003")}
    clusters = _clusters(reading)
    if not clusters:
        return Section(
            "duplicates",
            _TITLE,
            joined((tag("p", "No two records are equal or nearly so.", class_="lead good"), _conflicts(counts))),
        )
    ranked = sorted(clusters, key=lambda one: (-len(one), one[0]))
    shown = ranked[: budget.clusters]
    texts = _texts(reading, [one[0] for one in shown], budget)
    bars = [{"text": texts.get(one[0], ""), "records": len(one), "line": one[0][0]} for one in shown]
    plot = Plot("duplicates", {"bars": bars})
    extra = counts["DUP001"] + counts["DUP002"]
    said = (
        f"Bars of the {len(shown)} largest of {len(clusters):,} clusters by their records. The largest has {len(ranked[0]):,}; "
        f"{extra:,} records are copies of earlier ones or nearly so."
    )
    sizes = Counter(map(len, clusters))
    note = f"{counts['DUP001']:,} copies and {counts['DUP002']:,} near copies in {_words(sizes)}."
    subject = reading.subject
    rows = [
        (excerpt(texts.get(one[0], ""), _LABEL), len(one), joined(_links(reading, one)))
        for one in shown
    ]  # fmt: skip
    table = data_table(
        "The largest clusters and where their records stand", ("record", "records", f"places in {subject.name}"), rows
    )
    return Section("duplicates", _TITLE, joined((figure(plot, said, note, table), _conflicts(counts))), (plot,))


def _links(reading: Reading, cluster: list[_Place]) -> list[object]:
    subject = reading.subject
    found: list[object] = []
    for line, column in cluster[:_SHOWN]:
        found += [place(subject.path, "", line, column), " "]
    if len(cluster) > _SHOWN:
        found.append(f"and {len(cluster) - _SHOWN:,} more")
    return found


def _words(sizes: Counter[int]) -> str:
    said = [f"{count:,} of {size:,} records" for size, count in sorted(sizes.items())[:4]]
    clusters = sizes.total()
    more = ", and larger ones" if len(sizes) > 4 else ""
    return f"{clusters:,} cluster{'s' if clusters != 1 else ''}: {', '.join(said)}{more}"


def _conflicts(counts: dict[str, int]) -> Html | None:
    if not counts["DUP003"]:
        return None
    words = plural(counts["DUP003"], "record gives", "records give")
    return tag("p", f"{words} a prompt another answer than an earlier one does.", class_="lead bad")


def _clusters(reading: Reading) -> list[list[_Place]]:
    """Join the places of records that were found to be alike; places of a cluster are in the order of the file."""
    parent: dict[_Place, _Place] = {}

    def root(one: _Place) -> _Place:
        parent.setdefault(one, one)
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    for _, one in reading.found:
        if one.code in _CLUSTERING:
            for related in one.related:
                parent[root((one.line, one.column))] = root((related.line, related.column))
    members: dict[_Place, list[_Place]] = {}
    for at in sorted(parent):
        members.setdefault(root(at), []).append(at)
    return list(members.values())


def _texts(reading: Reading, places: list[_Place], budget: Budget) -> dict[_Place, str]:
    """Return the beginnings of the records at some places, each of which is the first of its cluster."""
    wanted = set(places)
    handles: dict[_Place, int] = {}
    for handle, one in reading.found:
        if one.code in _CLUSTERING and handle >= 0:
            for at in ((one.line, one.column), *((related.line, related.column) for related in one.related)):
                if at in wanted:
                    handles.setdefault(at, handle)
    records = reading.records(list(handles.values()))
    found = {}
    for at, handle in handles.items():
        if handle in records:
            example = records[handle][0].example
            asked = next((turn.text for turn in example.turns if turn.role == "user"), "") if example is not None else ""
            found[at] = excerpt(asked or records[handle][0].text, budget.characters // 2)
    return found
