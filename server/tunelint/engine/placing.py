"""Puts the findings of whole-file rules where they belong: on the file, or on records that are read again for it."""

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

import msgspec

from tunelint.core.finding import Finding, Handle, Place
from tunelint.core.record import Record
from tunelint.engine.collector import Collector
from tunelint.engine.locate import Origin
from tunelint.engine.plan import Plan

__all__ = ["Standing", "place_findings"]


class Standing(NamedTuple):
    """A record that was read again, and where it begins."""

    record: Record
    origin: Origin


def place_findings(
    findings: Iterator[Finding],
    plan: Plan,
    collector: Collector,
    order: Callable[[Handle], int],
    read: Callable[[Iterable[Handle]], Mapping[Handle, Standing]],
) -> None:
    """Add findings to the collector: all are counted, and the first of each rule in the order of the file are located.

    `order` ranks handles by their place in the file; `read` reads records again.
    """
    about_file: list[Finding] = []
    first: dict[str, list[tuple[int, int, Finding]]] = {}
    counts: dict[str, int] = {}
    for number, finding in enumerate(findings):
        if finding.handle is None:
            about_file.append(finding)
            continue
        counts[finding.code] = counts.get(finding.code, 0) + finding.count
        heap = first.setdefault(finding.code, [])
        entry = (-order(finding.handle), -number, finding)
        if len(heap) < collector.most_shown(finding.code):
            heapq.heappush(heap, entry)
        else:
            heapq.heappushpop(heap, entry)
    chosen = [entry[2] for heap in first.values() for entry in sorted(heap, reverse=True)]
    standings = read(_handles(chosen, about_file))

    def place_of(handle: Handle) -> tuple[int, int] | None:
        standing = standings.get(handle)
        return (standing.origin.line, standing.origin.column) if standing is not None else None

    for finding in about_file:
        collector.add(finding, None, Origin(1), place_of)
    for finding in chosen:
        standing = standings[finding.handle]
        if finding.place == Place():
            anchor = plan.rules[finding.code].anchor(standing.record)
            finding = msgspec.structs.replace(finding, place=anchor)  # noqa: PLW2901
        collector.add(finding, standing.record, standing.origin, place_of, rank=order(finding.handle))
        counts[finding.code] -= finding.count
    for code, rest in counts.items():
        collector.count_more(code, rest)
    for rule in plan.tallies:
        if rule.code in collector.codes():
            for code in rule.replaces:
                collector.drop(code)


def _handles(chosen: list[Finding], about_file: list[Finding]) -> set[Handle]:
    handles = {finding.handle for finding in chosen}
    for finding in (*chosen, *about_file):
        handles.update(one.handle for one in finding.related if one.file is None)
    return handles - {None}
