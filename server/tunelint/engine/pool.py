"""Checks the parts of a large file in several processes: the findings are those of one pass, in a part of the time.

Only JSON Lines on disk are cut into parts. Processes are forked where that is safe, because a forked one finds the rules and the
token tables loaded; elsewhere each has to load them again, 0.4 s.
"""

import importlib
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Final

import msgspec

from tunelint.core.dataset import FileFacts, TokenTotals
from tunelint.engine.linter import Linter, Request
from tunelint.engine.parts import Part, check_part
from tunelint.engine.sources.base import PARALLEL_FROM
from tunelint.engine.sources.jsonlines import JsonLines, Start
from tunelint.engine.sources.opening import open_source
from tunelint.tokens import counter_for

__all__ = ["check_range", "processes", "read_in_processes"]

_PART: Final = 8 << 20
_MOST_PARTS: Final = 1 << 10
_BATCHES: Final = 1 << 20
"""More than the batches of any part: numbers of batches go up in the order of the file."""

_worker: list[Linter] = []
"""The linter of this process, set before it gets its first part."""


class Range(msgspec.Struct, frozen=True):
    """A part of a file, by the bytes from `start` to `end` and its place among the parts."""

    index: int
    start: int
    end: int


class RangeResult(msgspec.Struct):
    """What was found in a range, where its batches begin (lines counted from the start of the range), and its line ends."""

    part: Part
    starts: dict[int, Start]
    facts: FileFacts


def processes(jobs: int | None) -> int:
    """Return how many processes to use: as many as were asked for or, with None, as the machine lets this one use."""
    if jobs is not None:
        return max(jobs, 1)
    usable = os.sched_getaffinity(0) if sys.platform == "linux" else range(os.cpu_count() or 1)
    return len(usable)


def check_range(linter: Linter, path: str, one: Range) -> RangeResult:
    """Check one part of a file."""
    source = linter.source
    assert isinstance(source, JsonLines)
    source.starts.clear()
    facts = msgspec.structs.replace(source.facts)
    part = check_part(source.part(one.start, one.end, one.index * _BATCHES, facts), linter.plan, path)
    return RangeResult(part, dict(source.starts), facts)


def _begin(path: str, name: str, request: Request) -> None:
    _worker[:] = [Linter(open_source(Path(path), name), request)]


def _work(name: str, one: Range) -> RangeResult:
    return check_range(_worker[0], name, one)


def _can_fork() -> bool:
    return sys.platform == "linux" and threading.active_count() == 1


def _pool(path: str, linter: Linter, jobs: int) -> Executor:
    if _can_fork():
        _worker[:] = [linter]
        return ProcessPoolExecutor(jobs, multiprocessing.get_context("fork"))
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(jobs, context, _begin, (path, linter.source.facts.name, linter.request))


def read_in_processes(path: Path, linter: Linter, jobs: int, progress: Callable[[int], None] | None = None) -> bool:
    """Let `jobs` processes read the file at `path` for its `linter`; False, with nothing done, when that is not to be had."""
    source = linter.source
    facts = source.facts
    if not isinstance(source, JsonLines) or jobs < 2 or (facts.size or 0) < PARALLEL_FROM:
        return False
    size = max(_PART, (facts.size or 0) // _MOST_PARTS)
    ranges = [Range(index, start, end) for index, (start, end) in enumerate(source.cut(size))]
    if len(ranges) < 2:
        return False
    _load(linter)
    results: list[RangeResult] = []
    try:
        with _pool(str(path), linter, min(jobs, len(ranges))) as pool:
            futures = {pool.submit(_work, facts.name, one): one for one in ranges}
            for future in as_completed(futures):
                results.append(future.result())
                if progress is not None:
                    progress(futures[future].end - futures[future].start)
    except (BrokenProcessPool, OSError):  # no second process is to be had here
        return False
    finally:
        _worker.clear()
    _join(linter, source, results)
    return True


def _load(linter: Linter) -> None:
    """Load what every process needs, so that forked ones share it."""
    if linter.plan.needs_tokens:
        counter_for(linter.context.encoding)
    if linter.plan.arrays:
        importlib.import_module("numpy")


def _join(linter: Linter, source: JsonLines, results: list[RangeResult]) -> None:
    """Merge what the processes found into the linter, as if it had read the file itself."""
    tokens = TokenTotals(0, 0, linter.context.encoding) if linter.plan.needs_tokens else None
    whole = Part({}, 0, linter.ledger, linter.collector, tokens)
    for result in results:
        whole.merge(result.part)
    before = whole.count_through()
    linter.context.tokens = whole.tokens
    source.starts = {
        number: start._replace(line=before[number] + 1) for result in results for number, start in result.starts.items()
    }
    facts = source.facts
    facts.records = whole.records
    facts.lf, facts.crlf, facts.cr = (sum(getattr(one.facts, end) for one in results) for end in ("lf", "crlf", "cr"))
    facts.lines = sum(one.facts.lines for one in results)
    facts.final_newline = all(one.facts.final_newline for one in results)
