"""Checks the parts of a large file on a Ray cluster: the findings are those of one pass. Needs the extra ``ray``.

Every node sees the file under the same path and has the same TuneLint. Ranges of bytes are tasks, which Ray runs again when a
worker dies. What they found is merged in a tree, in the order of the file. Group keys stay where they were made: each bucket of
keys is one task that says which records meet in it, and only the rows of those come to the process that asked. No node holds all
keys.
"""

import contextlib
import functools
import os
import pickle
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np

from tunelint import __version__
from tunelint.core.errors import UserError
from tunelint.engine.columns import Columns
from tunelint.engine.linter import Linter, Request
from tunelint.engine.ranges import Range, RangeResult, check_range, cut, empty_result, join
from tunelint.engine.shuffle import meeting, only, scatter
from tunelint.engine.sources.opening import open_source

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.uint64]

try:
    import ray
except ModuleNotFoundError as problem:  # the front end says it in a line
    raise ModuleNotFoundError("reading on a cluster needs Ray: pip install 'tunelint[ray]'", name="ray") from problem

__all__ = ["read_on_cluster"]

Rows = dict[str, Columns]
Bucket = dict[str, "list[Numbers]"]
Ref = Any
"""A reference to something in the cluster; Ray's own type says no more."""

_FAN_IN: Final = 8
"""Results that one task merges."""

_MOST_BUCKETS: Final = 64
_TRIES: Final = 2
"""How often Ray is started on this machine: on a busy one its processes may not answer in the time that it gives them."""

_FIRST_BUCKET: Final = 3
"""A range's task returns its bytes, what was found, its rows, and then the keys of each bucket."""


class _Job:
    """What a worker needs to make the same linter as everybody else: pickled once, and the same bytes for all tasks."""

    def __init__(self, path: Path, linter: Linter) -> None:
        self.pickled = pickle.dumps((__version__, str(path.absolute()), linter.source.facts.name, linter.request))


@functools.lru_cache(maxsize=1)
def _linter_of(job: bytes) -> Linter:
    version, path, name, request = cast("tuple[str, str, str, Request]", pickle.loads(job))  # noqa: S301  made by `_Job`
    if version != __version__:
        raise UserError(f"a node of the cluster has TuneLint {__version__}, not {version}")
    return Linter(open_source(Path(path), name), request)


def _check(job: bytes, one: Range, buckets: int) -> list[object]:
    """Check a range; return its bytes, what was found but for the rows of group rules, these rows, and their keys by bucket."""
    result = check_range(_linter_of(job), one)
    rows = result.part.ledger.detach()
    keys: list[Bucket] = [{} for _ in range(buckets)]
    for code, columns in rows.items():
        for bucket, table in scatter(columns, buckets):
            keys[bucket].setdefault(code, []).append(table)
    return [one.size, result, rows, *keys]


def _merge(job: bytes, *results: RangeResult) -> RangeResult:
    """Merge what was found in ranges, given in the order of the file."""
    whole = empty_result(_linter_of(job))
    for result in results:
        whole.merge(result)
    return whole


def _meet(*buckets: Bucket) -> "dict[str, Numbers]":
    """Return the handles, by rule, of the records that share a key of one bucket; it is given by the ranges' parts of it."""
    codes = {code for bucket in buckets for code in bucket}
    return {code: meeting(table for bucket in buckets for table in bucket.get(code, ())) for code in codes}


def _select(rows: Rows, *met: "dict[str, Numbers]") -> Rows:
    """Return the rows of the records that share any key."""
    found: Rows = {}
    for code, columns in rows.items():
        handles = [one[code] for one in met if code in one]
        if handles:
            found[code] = only(columns, np.unique(np.concatenate(handles)))
    return found


def read_on_cluster(
    path: Path, linter: Linter, address: str | None, jobs: int, progress: Callable[[int], None] | None = None
) -> bool:
    """Let a cluster read the file at `path` for its `linter`; False, with nothing done, for a file too small to be worth it.

    Without `address` that is a cluster of `jobs` processes on this machine. Raises UserError when the cluster cannot be had, and
    when a worker that reads a range dies again and again.
    """
    ranges = cut(linter)
    if not ranges:
        return False
    try:
        with contextlib.redirect_stdout(sys.stderr):  # Ray prints what it has to say, and standard output is the report's
            _connect(address, jobs)
            _read(path, linter, ranges, progress)
    except ray.exceptions.RayTaskError as problem:
        cause = problem.cause if isinstance(problem.cause, UserError) else problem
        raise UserError(f"{linter.source.facts.name}: a task of the cluster failed ({cause})") from problem
    return True


def _connect(address: str | None, jobs: int) -> None:
    if ray.is_initialized():
        return
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # a linter tells nobody anything
    options: dict[str, object] = {"address": address} if address else {"address": "local", "num_cpus": jobs}
    if not address:
        options["include_dashboard"] = False
    tries = 1 if address else _TRIES
    for left in reversed(range(tries)):
        try:
            ray.init(log_to_driver=False, logging_level="error", **options)
        except Exception as problem:  # Ray says with a bare one that its processes did not start in time
            ray.shutdown()
            if not left:
                text = f"the cluster at {address} cannot be reached" if address else "Ray cannot be started on this machine"
                raise UserError(f"{text} ({problem})") from problem
        else:
            return


def _read(path: Path, linter: Linter, ranges: Sequence[Range], progress: Callable[[int], None] | None) -> None:
    job = ray.put(_Job(path, linter).pickled)
    buckets = max(1, min(len(ranges), 2 * int(ray.cluster_resources().get("CPU", 1)), _MOST_BUCKETS))
    check = ray.remote(_check).options(num_returns=_FIRST_BUCKET + buckets)
    merge, meet, select = (ray.remote(one) for one in (_merge, _meet, _select))
    tasks: list[list[Ref]] = [check.remote(job, one, buckets) for one in ranges]
    _await([task[0] for task in tasks], ranges, linter, progress)
    met = [meet.remote(*(task[_FIRST_BUCKET + bucket] for task in tasks)) for bucket in range(buckets)]
    level: list[Ref] = [task[1] for task in tasks]
    while len(level) > 1:
        level = [merge.remote(job, *level[start : start + _FAN_IN]) for start in range(0, len(level), _FAN_IN)]
    chosen = [select.remote(task[2], *met) for task in tasks]
    whole = empty_result(linter)
    whole.merge(ray.get(level[0]))
    for ref in chosen:
        whole.part.ledger.attach(ray.get(ref))
    join(linter, whole)


def _await(refs: list[Ref], ranges: Sequence[Range], linter: Linter, progress: Callable[[int], None] | None) -> None:
    """Wait until all ranges are read; what keeps one from being read is said with its bytes."""
    range_of = dict(zip(refs, ranges, strict=True))
    while refs:
        done, refs = ray.wait(refs)
        for ref in done:
            try:
                size = ray.get(ref)
            except (ray.exceptions.WorkerCrashedError, ray.exceptions.OutOfMemoryError) as problem:
                raise UserError(
                    f"{linter.source.facts.name}: workers that read {range_of[ref]} died again and again ({problem})"
                ) from problem
            if progress is not None:
                progress(size)
