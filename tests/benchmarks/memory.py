"""Compares the estimates of memory and speed with published measurements, tool by tool.

    python -m tests.benchmarks.memory [--rows]

A row without published tokens or batch cannot be judged: it is counted apart and never used.
"""

import argparse
import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from tests.benchmarks.memory_cases import ALLOCATOR, Case, read
from tunelint.costs.hardware import find_gpu
from tunelint.costs.memory import GB, estimate_memory
from tunelint.costs.time import pace

DATA: Final = Path(__file__).parents[3] / "shared" / "data" / "cost"
GIB: Final = 1.073741824


class Result(NamedTuple):
    """What was published and what is estimated, in GB or tokens a second for one GPU; `error` is the estimate's share off."""

    case: Case
    published: float
    estimated: float

    @property
    def error(self) -> float:
        return self.estimated / self.published - 1

    @property
    def inside(self) -> bool:
        """Whether what was published lies in the interval of the estimate of memory."""
        return abs(self.published / self.estimated - 1) <= self.case.run.stack.error


def memory_results(path: Path) -> Iterator[Result]:
    """Yield the rows whose peak was published together with its tokens and batch."""
    for case in read(path):
        peak, unit = case.row["peak_per_gpu"], case.row["unit"]
        if peak != "OOM" and case.known:
            parts = estimate_memory(case.run).parts
            estimated = parts.allocated if case.row["tool"] in ALLOCATOR else parts.total
            yield Result(case, float(peak) * (GIB if unit.startswith("GiB") else 1), estimated / GB)


def verdicts(path: Path) -> Iterator[tuple[Case, float, float, bool]]:
    """Yield rows on a named GPU with the estimate, what the GPU has, and whether it ran."""
    for case in read(path):
        gpu = find_gpu(case.row["gpu"])
        if gpu is not None and (case.known or case.row["peak_per_gpu"] == "OOM"):
            yield case, estimate_memory(case.run).parts.total / GB, gpu.memory_gb, case.row["peak_per_gpu"] != "OOM"


def time_results(path: Path) -> Iterator[Result]:
    """Yield the rows whose tokens a second were published."""
    for case in read(path):
        gpu = find_gpu(case.row["gpu"])
        if not case.row["tokens_per_sec"] or gpu is None:
            continue
        several = "aggregate" in case.row["scope"] or "all GPUs" in case.row["scope"]
        published = float(case.row["tokens_per_sec"]) / (case.run.devices if several else 1)
        short = "unpacked" in case.row["note"]
        rate = pace(case.run, gpu.tflops, consumer=gpu.consumer, short=short).tokens_per_second.value
        yield Result(case, published, rate)


def quantile(values: list[float], share: float) -> float:
    """Return the smallest value that at least this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def table(results: list[Result], *, rows: bool) -> None:
    """Print errors by tool."""
    tools = sorted({one.case.row["tool"] for one in results})
    if rows:
        for one in results:
            row = one.case.row
            print(
                f"{row['id']} {row['tool']:12} {row['model'][:22]:22} {row['method']:10} {row['quant']:7}"
                f"{one.published:10.2f}{one.estimated:10.2f}{one.error:+8.0%}"
            )
    print(f"\n{'':18}{'rows':>6}{'median':>9}{'90th':>9}{'worst':>9}")
    for tool in [*tools, "all"]:
        errors = [abs(one.error) for one in results if tool in {one.case.row["tool"], "all"}]
        print(f"{tool:18}{len(errors):6}{statistics.median(errors):9.1%}{quantile(errors, 0.9):9.1%}{max(errors):9.1%}")


def main() -> None:
    """Print both tables and the verdicts that were wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", action="store_true", help="print every row")
    parser.add_argument("--data", type=Path, default=DATA, help="folder of memory_cases.csv and time_cases.csv")
    arguments = parser.parse_args()
    cases = arguments.data / "memory_cases.csv"
    print("Peak memory of one GPU, share by which the estimate is off")
    table(list(memory_results(cases)), rows=arguments.rows)
    inside = sum(one.inside for one in memory_results(cases))
    print(f"{inside} of {len(list(memory_results(cases)))} lie inside their interval")
    unknown = sum(not case.known and case.row["peak_per_gpu"] != "OOM" for case in read(cases))
    print(f"{unknown} more rows do not say how long their sequences or how large their batches are")
    judged = list(verdicts(cases))
    wrong = [one for one in judged if (one[1] <= one[2]) != one[3]]
    print(f"\nFits or not: {len(judged) - len(wrong)} of {len(judged)} right")
    for case, estimated, has, ran in wrong:
        print(f"  {case.row['id']} {case.row['model']}: {estimated:.1f} of {has:.1f} GB, {'ran' if ran else 'out of memory'}")
    print("\nTokens a second for one GPU")
    times = list(time_results(arguments.data / "time_cases.csv"))
    table(times, rows=arguments.rows)
    near = sum(0.5 <= one.estimated / one.published <= 2 for one in times)
    print(f"within a factor of two: {near} of {len(times)}")


if __name__ == "__main__":
    main()
