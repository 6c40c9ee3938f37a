"""Shows how cost and memory grow with the size of a file and with the number of processes.

    python -m tests.benchmarks.scaling [--megabytes 10 100 1000] [--jobs 1 2] [--rounds 1] [--without-fast]

A run is a process of its own; seconds of CPU are those of all its processes, and the peak is given for the one that was started and
for the largest of the others. The best of the rounds is shown. The cost of a record must not grow with the size of the file.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
RUN = """
import contextlib, io, json, resource, sys, time
if sys.argv[1] == "plain":
    sys.modules["gigatoken"] = None
from tunelint.cli.main import run
began = time.perf_counter()
out = io.StringIO()
with contextlib.redirect_stdout(out):
    code = run(["check", "--isolated", "--no-cache", "--no-progress", "--output-format", "json", *sys.argv[2:]])
wall = time.perf_counter() - began
own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
print(json.dumps({
    "code": code,
    "cpu": own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime,
    "wall": wall,
    "peak": own.ru_maxrss / unit,
    "worker": others.ru_maxrss / unit,
    "records": json.loads(out.getvalue())["summary"]["records"],
}))
"""


class Run(NamedTuple):
    """What one run took: seconds of all processes' CPU and of the clock, mebibytes at the peaks, and the records that it read."""

    cpu: float
    wall: float
    peak: float
    worker: float
    records: int


def measure(options: Sequence[str], *, fast: bool) -> Run:
    """Run `tunelint check` with these options in a process of its own."""
    command = [sys.executable, "-c", RUN, "fast" if fast else "plain", *options]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, cwd=ROOT)
    found = json.loads(done.stdout)
    if found.pop("code") not in {0, 1}:
        raise SystemExit("a run failed")
    return Run(**found)


def main() -> None:
    """Make the files, time everything, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=float, nargs="+", default=[10, 100, 1000])
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--without-fast", action="store_true", help="count with tiktoken where gigatoken is installed")
    parser.add_argument("--folder", help="where the files are made (default: a temporary folder)")
    arguments = parser.parse_args()
    print(
        f"{'MB':>7}{'processes':>11}{'records':>11}{'CPU s':>8}{'wall s':>8}{'MB/s CPU':>10}{'MB/s wall':>11}"
        f"{'us/record':>11}{'peak MiB':>10}{'worker MiB':>12}"
    )
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        for megabytes in arguments.megabytes:
            path = Path(folder) / "chat.jsonl"
            subprocess.run(
                [sys.executable, "-m", "tests.benchmarks.corpus", str(path), str(megabytes)],
                check=True,
                cwd=ROOT,
                stdout=subprocess.DEVNULL,
            )
            for jobs in arguments.jobs:
                runs = [
                    measure(["--jobs", str(jobs), str(path)], fast=not arguments.without_fast) for _ in range(arguments.rounds)
                ]
                cpu, wall = min(one.cpu for one in runs), min(one.wall for one in runs)
                peak, worker = max(one.peak for one in runs), max(one.worker for one in runs) if jobs > 1 else 0
                records = runs[0].records
                print(
                    f"{megabytes:>7,.0f}{jobs:>11}{records:>11,}{cpu:>8.1f}{wall:>8.1f}{megabytes / cpu:>10.1f}{megabytes / wall:>11.1f}"
                    f"{cpu / records * 1e6:>11.1f}{peak:>10.0f}{worker:>12.0f}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
