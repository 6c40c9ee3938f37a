"""Checks the parts of a large file in several processes: the findings are those of one pass, in a part of the time.

Processes are forked where that is safe, because a forked one finds the rules and the token tables loaded; elsewhere each has to
load them again, 0.4 s.
"""

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Final

from tunelint.engine.linter import Linter, Request
from tunelint.engine.ranges import Range, RangeResult, check_range, cut, empty_result, join, prepare
from tunelint.engine.sources.base import SourceError
from tunelint.engine.sources.opening import open_source

__all__ = ["processes", "read_in_processes"]

_AHEAD: Final = 4
"""Ranges for each process that are given out before the first of them is back: results that wait for it take memory."""

_worker: list[Linter] = []
"""The linter of this process, set before it gets its first part."""


def processes(jobs: int | None) -> int:
    """Return how many processes to use: as many as were asked for or, with None, as the machine lets this one use."""
    if jobs is not None:
        return max(jobs, 1)
    usable = os.sched_getaffinity(0) if sys.platform == "linux" else range(os.cpu_count() or 1)
    return len(usable)


def _ignore_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that was asked ends the others


def _begin(path: str, name: str, request: Request) -> None:
    _ignore_interrupts()
    _worker[:] = [Linter(open_source(Path(path), name), request)]


def _work(one: Range) -> RangeResult:
    return check_range(_worker[0], one)


def _can_fork() -> bool:
    return sys.platform == "linux" and threading.active_count() == 1


def _pool(path: str, linter: Linter, jobs: int) -> Executor:
    if _can_fork():
        _worker[:] = [linter]
        return ProcessPoolExecutor(jobs, multiprocessing.get_context("fork"), _ignore_interrupts)
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(jobs, context, _begin, (path, linter.source.facts.name, linter.request))


class _Reading:
    """One reading of a file in processes: what is merged so far, in the order of the file, and what is still to be read."""

    def __init__(self, linter: Linter, ranges: list[Range], progress: Callable[[int], None] | None) -> None:
        self.whole = empty_result(linter)
        self.ranges = ranges
        self.done = 0
        """How many ranges are merged."""
        self._progress = progress
        self._waiting: dict[int, RangeResult] = {}

    @property
    def complete(self) -> bool:
        """Whether everything is merged."""
        return self.done == len(self.ranges)

    def run(self, pool: Executor, jobs: int) -> None:
        """Read what is left; when a process dies, what was read before is kept."""
        running: dict[Future[RangeResult], Range] = {}
        left = [one for one in self.ranges[self.done :] if one.index not in self._waiting]
        left.reverse()
        while left or running:
            while left and left[-1].index < self.done + _AHEAD * jobs:
                one = left.pop()
                running[pool.submit(_work, one)] = one
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                one = running.pop(future)
                self._take(one, future.result())

    def _take(self, one: Range, result: RangeResult) -> None:
        self._waiting[one.index] = result
        while self.done in self._waiting:
            self.whole.merge(self._waiting.pop(self.done))
            self.done += 1
        if self._progress is not None:
            self._progress(one.size)


def read_in_processes(path: Path, linter: Linter, jobs: int, progress: Callable[[int], None] | None = None) -> bool:
    """Let `jobs` processes read the file at `path` for its `linter`; False, with nothing done, when that is not to be had.

    When a process dies, what is not read yet is read once more by other ones. Raises SourceError when one dies again.
    """
    ranges = cut(linter) if jobs > 1 else []
    if len(ranges) < 2:
        return False
    prepare(linter)
    jobs = min(jobs, len(ranges))
    reading = _Reading(linter, ranges, progress)
    try:
        for last in (False, True):
            pool = _pool(str(path), linter, jobs)
            try:
                reading.run(pool, jobs)
                break
            except BrokenProcessPool as problem:
                if last:
                    raise SourceError(_died(linter, reading)) from problem
            except OSError:
                if not reading.done:  # no second process is to be had here
                    return False
                raise
            finally:
                pool.shutdown(cancel_futures=True)
    finally:
        _worker.clear()
    join(linter, reading.whole)
    return True


def _died(linter: Linter, reading: _Reading) -> str:
    one = reading.ranges[reading.done]
    return (
        f"{linter.source.facts.name}: a process that read it was ended twice, the last time near {one}; "
        "if memory is short, use --jobs 1"
    )
