"""Checks the parts of a large file in several processes: the findings are those of one pass, in a part of the time.

Processes are forked where that is safe, because a forked one finds the rules and the token tables loaded; elsewhere each has to
load them again, 0.4 s. Until the report is made they stay: they compare records for it, and judge the file.
"""

import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Final, TypeVar

from tunelint.engine.linter import Linter, Request
from tunelint.engine.ranges import Range, RangeResult, check_range, cut, empty_result, join, prepare
from tunelint.engine.sources.base import SourceError
from tunelint.engine.sources.opening import open_source

__all__ = ["processes", "read_in_processes", "reading_in_processes"]

T = TypeVar("T")
R = TypeVar("R")

_AHEAD: Final = 4
"""Ranges for each process that are given out before the first of them is back: results that wait for it take memory."""

_HELP_AHEAD: Final = 2
"""Tasks for each helping process that are given out before the first of them is back: the texts in them take memory."""

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


def _help(function: Callable[[Linter, T], R], task: T) -> R:
    return function(_worker[0], task)


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


class _Helpers:
    """The processes that have read a file. What they cannot do, because one of them died, this one does."""

    def __init__(self, pool: Executor, jobs: int, linter: Linter) -> None:
        self._pool = pool
        self._ahead = _HELP_AHEAD * jobs
        self._linter = linter

    def map(self, function: Callable[[Linter, T], R], tasks: Iterable[T]) -> Iterator[R]:
        """See `engine.linter.Helpers`."""
        left = iter(tasks)
        running = deque((task, self._submit(function, task)) for task in islice(left, self._ahead))
        return self._results(function, running, left)

    def _submit(self, function: Callable[[Linter, T], R], task: T) -> Future[R] | None:
        try:
            return self._pool.submit(_help, function, task)
        except BrokenProcessPool:
            return None

    def _results(
        self, function: Callable[[Linter, T], R], running: deque[tuple[T, Future[R] | None]], left: Iterator[T]
    ) -> Iterator[R]:
        while running:
            task, future = running.popleft()
            try:
                result = future.result() if future is not None else function(self._linter, task)
            except BrokenProcessPool:
                result = function(self._linter, task)
            running.extend((task, self._submit(function, task)) for task in islice(left, 1))
            yield result


def read_in_processes(path: Path, linter: Linter, jobs: int, progress: Callable[[int], None] | None = None) -> bool:
    """Read a file as `reading_in_processes` does, without help afterwards."""
    with reading_in_processes(path, linter, jobs, progress) as done:
        return done


@contextmanager
def reading_in_processes(path: Path, linter: Linter, jobs: int, progress: Callable[[int], None] | None = None) -> Iterator[bool]:
    """Let `jobs` processes read the file at `path` for its `linter`, and then help it as long as the context lasts.

    Gives False, with nothing done, when they are not to be had. When a process dies, what is not read yet is read once more by
    other ones. Raises SourceError when one dies again.
    """
    ranges = cut(linter) if jobs > 1 else []
    jobs = min(jobs, len(ranges))
    pool = None
    try:
        pool = _read(str(path), linter, ranges, jobs, progress) if jobs > 1 else None
        linter.helpers = _Helpers(pool, jobs, linter) if pool is not None else None
        yield pool is not None
    finally:
        linter.helpers = None
        if pool is not None:
            pool.shutdown(cancel_futures=True)
        _worker.clear()


def _read(path: str, linter: Linter, ranges: list[Range], jobs: int, progress: Callable[[int], None] | None) -> Executor | None:
    """Read a file, if need be by other processes once more; return those that read the last of it, None where there are none."""
    prepare(linter)
    reading = _Reading(linter, ranges, progress)
    pool = _pool(path, linter, jobs)
    try:
        try:
            reading.run(pool, jobs)
        except BrokenProcessPool:
            pool.shutdown(cancel_futures=True)
            pool = _pool(path, linter, jobs)
            reading.run(pool, jobs)
    except BrokenProcessPool as problem:
        raise SourceError(_died(linter, reading)) from problem
    except OSError:
        if reading.done:
            raise
        return None  # no second process is to be had here
    finally:
        if not reading.complete:
            pool.shutdown(cancel_futures=True)
    join(linter, reading.whole)
    return pool


def _died(linter: Linter, reading: _Reading) -> str:
    one = reading.ranges[reading.done]
    return (
        f"{linter.source.facts.name}: a process that read it was ended twice, the last time near {one}; "
        "if memory is short, use --jobs 1"
    )
