"""A dataset as a page to look at: one HTML file that needs nothing beside it and asks nothing of the network.

`page` is the only entrance. Each part of the page is a module in `sections/`; it returns markup and plain data, and a script that
is the same in every page draws that data with Observable Plot. Values of a dataset are text in markup or text in JSON, never
either's syntax: `html.py` escapes all that it was not told to be markup, and the policy of the page lets no other script run.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

from tunelint.core.diagnostic import FileReport
from tunelint.costs.report import CostReport
from tunelint.report.page.layout import Block, render
from tunelint.report.page.reading import Reading, read
from tunelint.report.page.sections import (
    curve,
    duplicates,
    findings,
    lengths,
    money,
    overlap,
    prompt,
    records,
    run,
    verdict,
)
from tunelint.report.page.sections import (
    map as maps,
)
from tunelint.report.page.subject import BUDGET, About, Budget, Section, Subject

__all__ = ["LARGEST", "About", "Subject", "page"]

LARGEST = 3_000_000
"""Bytes of the largest page; of a larger one less is shown one by one."""

_SMALLER = 0.5
_TRIES = 6


def page(
    subjects: Sequence[Subject],
    about: About,
    *,
    costs: Sequence[CostReport] = (),
    configs: Mapping[str, FileReport] = MappingProxyType({}),
    progress: Callable[[str, int], None] | None = None,
) -> str:
    """Return the page of some datasets, and of what training configs cost; at least one of either is needed.

    `configs` are the findings in these configs by their paths.
    `progress` is told of the file and of the bytes of each batch that was read. Raises SourceError for what cannot be read.
    """
    readings = [read(subject, _step(subject, progress)) for subject in subjects]
    budget = BUDGET.shared_by(len(readings))
    text = ""
    for _ in range(_TRIES):
        text = render(list(_blocks(readings, costs, configs, about, budget)), about, readings)
        if len(text.encode("utf-8", "backslashreplace")) <= LARGEST:
            break
        budget = budget.cut(_SMALLER)
    return text


def _step(subject: Subject, progress: Callable[[str, int], None] | None) -> Callable[[int], None] | None:
    return (lambda size: progress(subject.name, size)) if progress is not None else None


def _blocks(
    readings: Sequence[Reading], costs: Sequence[CostReport], configs: Mapping[str, FileReport], about: About, budget: Budget
) -> Iterator[Block]:
    for reading in readings[: budget.datasets]:
        yield Block(
            reading.subject.path.name, reading, tuple(one for one in _sections(reading, about, budget) if one is not None)
        )
    between = overlap.section(readings[: budget.datasets])
    if between is not None:
        yield Block("Between the files", None, (between,), between=True)
    for report in costs:
        linted = configs.get(report.path)
        found = (findings.of_config(linted, budget),) if linted is not None else ()
        yield Block(report.path, None, (*found, run.section(report)))


def _sections(reading: Reading, about: About, budget: Budget) -> Iterator[Section | None]:
    made = prompt.prompt_for(reading)
    yield verdict.section(reading)
    yield findings.section(reading, budget)
    yield lengths.section(reading)
    yield maps.section(reading, budget)
    yield duplicates.section(reading, budget)
    yield curve.section(reading)
    yield money.section(reading, made, about)
    yield prompt.section(reading, made, budget)
    yield records.section(reading, budget)
