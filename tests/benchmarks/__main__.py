"""Times TuneLint beside its peers on the same files in one run, and prints ratios.

    python -m tests.benchmarks [--megabytes 100] [--rounds 3]

Each command is a process of its own, its CPU time and peak memory as the operating system accounts them; rounds alternate between
the commands, so that a machine that gets slower gets slower for all. Medians are shown. Modules are compiled before, as an
installation has them.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
STRUCTURE = "FIL,JSN,FMT,CHT,TOL,MED"
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
WITHOUT_FAST = "import sys; sys.modules['gigatoken'] = None; from tunelint.__main__ import main; main()"
"""Runs the command line as if the extra ``fast`` were not installed."""


class Cost(NamedTuple):
    """What one run took: seconds of CPU and of the clock, mebibytes at the peak."""

    cpu: float
    wall: float
    peak: float


def run(command: Sequence[str]) -> Cost:
    """Run a command to its end; its findings and exit code are not what is measured."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=ROOT, env=ENVIRONMENT)
    assert process.stderr is not None
    complaint = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in {0, 1}:
        raise SystemExit(f"{' '.join(command)} failed:\n{complaint.decode()}")
    unit = 1 if sys.platform == "darwin" else 1024
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * unit / (1 << 20))


def commands(path: Path) -> dict[str, list[str]]:
    """Return what is timed on a file, by the name it has in the table."""
    options = [
        "check",
        "--isolated",
        "--no-cache",
        "--output-format",
        "concise",
        "--no-progress",
        str(path),
    ]
    check = [sys.executable, "-m", "tunelint", *options]
    plain = [sys.executable, "-c", WITHOUT_FAST, *options]
    peer = [sys.executable, "-m", "tests.benchmarks.peers"]
    timed = {
        "TuneLint, all default rules": check,
        "the same without the extra fast": plain,
        "TuneLint, structure only": [*check, "--select", STRUCTURE],
        "TuneLint, tokens and exact duplicates": [*check, "--select", f"{STRUCTURE},TOK,DUP001,DUP003"],
        "the same without fast": [*plain, "--select", f"{STRUCTURE},TOK,DUP001,DUP003"],
        "cookbook": [*peer, "cookbook", str(path)],
        "together 1": [*peer, "together-1", str(path)],
        "together 3": [*peer, "together-3", str(path)],
        "mistral-finetune": [*peer, "mistral-finetune", str(path)],
    }
    if find_spec("mistral_common") is None:
        del timed["mistral-finetune"]
    return timed


def table(path: Path, rounds: int) -> None:
    """Time all commands on a file and print a table."""
    timed = commands(path)
    costs: dict[str, list[Cost]] = {name: [] for name in timed}
    for _ in range(rounds):
        for name, command in timed.items():
            costs[name].append(run(command))
    megabytes = path.stat().st_size / 1e6
    medians = {name: Cost(*(statistics.median(values) for values in zip(*runs, strict=True))) for name, runs in costs.items()}
    print(f"\n{megabytes:,.1f} MB, median of {rounds}\n")
    peers = [name for name in ("cookbook", "together 3", "mistral-finetune") if name in medians]
    titles = "".join(f"{'x ' + name:>20}" for name in peers)
    print(f"{'':38}{'CPU s':>8}{'wall s':>8}{'MB/s CPU':>10}{'MB/s wall':>10}{'peak MiB':>10}{titles}")
    for name, cost in medians.items():
        speeds = f"{megabytes / cost.cpu:>10.1f}{megabytes / cost.wall:>10.1f}{cost.peak:>10.0f}"
        ratios = "".join(f"{medians[peer].cpu / cost.cpu:>20.2f}" for peer in peers)
        print(f"{name:38}{cost.cpu:>8.2f}{cost.wall:>8.2f}{speeds}{ratios}")


def main() -> None:
    """Make the files, time everything, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=float, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder) / "ten.jsonl", Path(folder) / "chat.jsonl"
        # in a process of its own: the peak of a child begins with what its parent held when it was started
        subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.corpus", str(large), str(arguments.megabytes)], check=True, cwd=ROOT
        )
        with large.open("rb") as file:
            small.write_bytes(b"".join(file.readline() for _ in range(10)))
        table(small, max(arguments.rounds, 5))
        table(large, arguments.rounds)


if __name__ == "__main__":
    main()
