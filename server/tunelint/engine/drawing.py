"""Draws the sample of a file for the commands that make something of its examples, with what the rules say of them."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import msgspec

from tunelint.advice.measured import content_key
from tunelint.advice.sample import Drawn
from tunelint.core.finding import Handle, Severity
from tunelint.engine.linter import Linter, Request
from tunelint.engine.sources.base import PARALLEL_FROM
from tunelint.rules import all_rules
from tunelint.rules.base import AdviceRule

__all__ = ["Drawing", "draw_examples", "sampling"]


class Drawing(NamedTuple):
    """The sample, the handles of all records with a warning or an error, how many there are, and the sample's key."""

    drawn: list[Drawn]
    flagged: frozenset[Handle]
    records: int
    content: str


def sampling(request: Request) -> Request:
    """Return a request that draws a sample whatever rules are selected, and keeps all findings."""
    advice = {code for code, rule in all_rules().items() if issubclass(rule, AdviceRule)}
    selection = msgspec.structs.replace(request.selection, codes=request.selection.codes | advice)
    return msgspec.structs.replace(request, selection=selection, keep_all=True)


def draw_examples(path: Path, linter: Linter, jobs: int | None, progress: Callable[[int], None] | None = None) -> Drawing:
    """Read a file once, a large one in processes; its linter was made for a request of `sampling`."""
    done = False
    if (linter.source.facts.size or 0) >= PARALLEL_FROM:
        from tunelint.engine.pool import processes, read_in_processes

        done = read_in_processes(path, linter, processes(jobs), progress)
    if not done:
        linter.read()
    items = linter.ledger.sample.items()
    key = content_key(identity for identity, _ in items)
    return Drawing(linter.drawn(), _flagged(linter), linter.source.facts.records, key)


def _flagged(linter: Linter) -> frozenset[Handle]:
    plan = linter.plan
    found: set[Handle] = set(linter.collector.flagged(Severity.WARNING))
    for finding in linter.findings():
        severity = plan.severities.get(finding.code, finding.severity)
        if finding.handle is not None and finding.code not in plan.silent and severity.rank <= Severity.WARNING.rank:
            found.add(finding.handle)
    return frozenset(found)
