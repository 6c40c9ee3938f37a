"""Times TuneLint beside its peers on the same files in one run, and prints ratios.

    python -m tests.benchmarks [--megabytes 100] [--rounds 3] [--write]

Each command is a process of its own, its CPU time and peak memory as the operating system accounts them; rounds alternate between
the commands, so that a machine that gets slower gets slower for all. Medians are shown. Modules are compiled before, as an
installation has them.
"""

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
STRUCTURE = "FIL,JSN,FMT,CHT,TOL,MED"
COOKBOOK, TOGETHER, MISTRAL = "OpenAI's cookbook", "Together's client, version 3", "mistral-finetune's validator"
PAGES = [ROOT / "README.md", ROOT / "server" / "docs" / "speed.md"]
BLOCK = re.compile(r"(<!-- peers -->\n).*?(<!-- end -->)", re.DOTALL)
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
        "TuneLint, all default rules, without `fast`": plain,
        "TuneLint, tokens, exact and near duplicates": [*check, "--select", f"{STRUCTURE},TOK,DUP"],
        "TuneLint, tokens and exact duplicates": [*check, "--select", f"{STRUCTURE},TOK,DUP001,DUP003"],
        "TuneLint, tokens and exact duplicates, without `fast`": [*plain, "--select", f"{STRUCTURE},TOK,DUP001,DUP003"],
        "TuneLint, structure only": [*check, "--select", STRUCTURE],
        COOKBOOK: [*peer, "cookbook", str(path)],
        "Together's client, version 1": [*peer, "together-1", str(path)],
        TOGETHER: [*peer, "together-3", str(path)],
        MISTRAL: [*peer, "mistral-finetune", str(path)],
    }
    if not _has_mistral():
        del timed[MISTRAL]
    return timed


def _has_mistral() -> bool:
    """Tell whether mistral-common is there in a version that mistral-finetune runs with."""
    try:
        return find_spec("mistral_common.tokens.instruct") is not None
    except ModuleNotFoundError:
        return False


def table(path: Path, rounds: int) -> str:
    """Time all commands on a file and return a table in Markdown."""
    timed = commands(path)
    costs: dict[str, list[Cost]] = {name: [] for name in timed}
    for _ in range(rounds):
        for name, command in timed.items():
            costs[name].append(run(command))
    megabytes = path.stat().st_size / 1e6
    medians = {name: Cost(*(statistics.median(values) for values in zip(*runs, strict=True))) for name, runs in costs.items()}
    peers = [name for name in (COOKBOOK, TOGETHER, MISTRAL) if name in medians]
    titles = ["CPU s", "seconds", "MB/s", "peak MiB", *(f"times {name}" for name in peers)]
    rows = [f"| {megabytes:,.0f} MB | {' | '.join(titles)} |", f"|---|{'---:|' * len(titles)}"]
    for name, cost in medians.items():
        ratios = [_short(medians[peer].cpu / cost.cpu) for peer in peers]
        cells = [f"{cost.cpu:.2f}", f"{cost.wall:.2f}", _short(megabytes / cost.wall), f"{cost.peak:.0f}", *ratios]
        rows.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(rows) + "\n"


def _short(number: float) -> str:
    return f"{number:,.0f}" if number >= 10 else f"{number:.2g}"


def write(text: str) -> None:
    """Put a table where the pages show it."""
    for page in PAGES:
        old = page.read_text(encoding="utf-8")
        new = BLOCK.sub(lambda match: f"{match[1]}\n{text}\n{match[2]}", old)
        page.write_text(new, encoding="utf-8")


def main() -> None:
    """Make the files, time everything, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=float, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="put the table of the large file into the pages that show it")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder) / "ten.jsonl", Path(folder) / "chat.jsonl"
        # in a process of its own: the peak of a child begins with what its parent held when it was started
        subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.corpus", str(large), str(arguments.megabytes)], check=True, cwd=ROOT
        )
        with large.open("rb") as file:
            small.write_bytes(b"".join(file.readline() for _ in range(10)))
        print(table(small, max(arguments.rounds, 5)))
        compared = table(large, arguments.rounds)
        print(compared)
    if arguments.write:
        command = f"python -m tests.benchmarks --megabytes {arguments.megabytes:g} --rounds {arguments.rounds} --write"
        day = f"{datetime.now(tz=UTC):%d %B %Y}".lstrip("0")
        write(f"`{command}`, {os.cpu_count()} cores, {day}:\n\n{compared}")


if __name__ == "__main__":
    main()
