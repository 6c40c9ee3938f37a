"""Compares the choice of examples with random choice of the same budget, on real tasks, and times it on 10,000 rows, in seconds of one processor.

    python -m tests.benchmarks.selection [FOLDER] [--budget 1500] [--count 32] [--draws 20]

The score is that of the nearest shown example: how right its answer is for a held-out request, by the metric of the task. Coverage
is the share of held-out answers that are made of nothing but what the examples show. Both are compared with the mean of the random
draws, to two digits: a task is won where neither is lower and one is higher, tied where both are equal (a file whose answers are
all the same can be nothing else), and lost otherwise. Where the nearest example is right no oftener than by chance, as with
questions of an exam, that is a coin's word, so it is also told how many scores differ by more than two standard errors.
"""

import argparse
import math
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

from tests.shared_data import shared_data
from tunelint.advice.metrics import METRICS, Said
from tunelint.advice.prompt import PER_MESSAGE
from tunelint.advice.sample import Drawn, Sample, split
from tunelint.advice.selection import POOL, choose
from tunelint.advice.task import Pair, Task, pair_of, task_of
from tunelint.advice.vectors import Vectors
from tunelint.advice.vocabulary import symbols_of
from tunelint.core.record import Record
from tunelint.engine.linter import Linter, Request
from tunelint.engine.plan import Selection
from tunelint.engine.sources import open_source
from tunelint.tokens import counter_for

ASKED = 300
_LEAST_VARIANCE = 0.01


class Measured(NamedTuple):
    """What some examples come to on held-out rows."""

    score: float
    coverage: float


class Judge:
    """Scores examples on held-out rows."""

    def __init__(self, shown: Sequence[Pair], held_out: Sequence[Pair], task: Task) -> None:
        self.shown, self.asked, self.task = shown, held_out[:ASKED], task
        vectors = Vectors([pair.request for pair in shown], 4_096)
        self.near = vectors.of([pair.request for pair in self.asked]) @ vectors.matrix.T
        self.symbols = [symbols_of(pair, task.kind) for pair in shown]
        counts: dict[str, int] = {}
        for found in self.symbols:
            for symbol in found:
                counts[symbol] = counts.get(symbol, 0) + 1
        self.wanted = [frozenset(one for one in symbols_of(pair, task.kind) if counts.get(one, 0) > 1) for pair in self.asked]

    def measure(self, rows: Sequence[int]) -> Measured:
        """Return what these rows score as examples."""
        if not rows:
            return Measured(0.0, 0.0)
        metric = METRICS[self.task.kind]
        best = self.near[:, list(rows)].argmax(axis=1)
        scores = [
            metric.score(Said(self.shown[rows[index]].answer), Said(pair.answer))
            for pair, index in zip(self.asked, best.tolist(), strict=True)
        ]
        seen = frozenset().union(*(self.symbols[row] for row in rows))
        return Measured(fmean(scores), fmean(wanted <= seen for wanted in self.wanted))


def read(path: Path) -> tuple[list[Pair], list[Pair]]:
    """Return the pairs of a dataset that may be shown, and those that are held out."""
    linter = Linter(open_source(path, path.name), Request(selection=Selection(frozenset(), {}, {})))
    sample, found = Sample(), dict[int, Record]()
    for batch in linter.source.batches():
        for record in linter.plan.reader.read_block(batch.rows, batch.handle(0), batch.block):
            if record.example is not None:
                sample.add(record.identity, record.handle)
                found.setdefault(record.identity, record)
    drawn = []
    for identity, handle in sample.items():
        example = found[identity].example
        assert example is not None
        drawn.append(Drawn(identity, handle, example))
    parts = split(drawn)
    return _pairs(parts.shown), _pairs(parts.held_out)


def _pairs(drawn: Sequence[Drawn]) -> list[Pair]:
    return [pair for pair in (pair_of(one.example) for one in drawn) if pair is not None]


def cost_of(pairs: Sequence[Pair]) -> Callable[[int], int]:
    """Return what tells the tokens of an example by its row."""
    tokens = counter_for("o200k_base").count
    return lambda row: tokens(pairs[row].request) + tokens(pairs[row].answer) + 2 * PER_MESSAGE


def at_random(pairs: Sequence[Pair], count: int, budget: int, seed: int) -> list[int]:
    """Return random rows until the budget or the count is used up."""
    cost = cost_of(pairs)
    order = list(range(len(pairs)))
    random.Random(seed).shuffle(order)
    rows: list[int] = []
    used = 0
    for row in order:
        taken = cost(row)
        if len(rows) < count and used + taken <= budget:
            rows.append(row)
            used += taken
    return rows


def certain(mine: float, random_choice: float, asked: int) -> str:
    """Say whether a score differs from that of random choice by more than two standard errors of a share of so many rows."""
    error = math.sqrt(max(random_choice * (1 - random_choice), _LEAST_VARIANCE) / asked)
    return "better" if mine > random_choice + 2 * error else "worse" if mine < random_choice - 2 * error else ""


def compare(path: Path, count: int, budget: int, draws: int) -> tuple[str, str]:
    """Print one line of the table; return whether the choice has won, tied or lost, and whether its score surely differs."""
    shown, held_out = read(path)
    if len(shown) < 2 * count or len(held_out) < 20:
        print(f"{path.stem:24} too few rows")
        return "", ""
    task = task_of(shown)
    began = time.process_time()
    chosen = choose(shown, task.kind, count, budget, cost_of(shown))
    seconds = time.process_time() - began
    judge = Judge(shown, held_out, task)
    mine = judge.measure(chosen.rows)
    theirs = [judge.measure(at_random(shown, count, budget, seed)) for seed in range(draws)]
    score, coverage = fmean(one.score for one in theirs), fmean(one.coverage for one in theirs)
    better = round(mine.score, 2) - round(score, 2), round(mine.coverage, 2) - round(coverage, 2)
    result = "lost" if min(better) < 0 else "won" if max(better) > 0 else "tied"
    surely = certain(mine.score, score, len(judge.asked))
    print(
        f"{path.stem:24}{task.kind:>6}{len(chosen.rows):>5}{chosen.tokens:>7}{mine.score:>9.3f}{score:>9.3f}"
        f"{mine.coverage:>9.3f}{coverage:>9.3f}{seconds:>7.2f}  {result:6}{surely}",
        flush=True,
    )
    return result, surely


def speed(path: Path, count: int, budget: int) -> None:
    """Print how much of one processor choosing among 10,000 rows takes."""
    shown, _ = read(path)
    pairs = [
        Pair(pair.instructions, f"{pair.request} {number}", pair.answer)
        for number in range(10_000 // len(shown) + 1)
        for pair in shown
    ][:10_000]
    kind = task_of(shown).kind
    began = time.process_time()
    choose(pairs, kind, count, budget, cost_of(pairs))
    print(f"{path.stem:24} {len(pairs):,} rows, pool {POOL:,}: {time.process_time() - began:.2f} s")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?")
    parser.add_argument("--budget", type=int, default=1_500)
    parser.add_argument("--count", type=int, default=32)
    parser.add_argument("--draws", type=int, default=20)
    arguments = parser.parse_args()
    folder = Path(arguments.folder) if arguments.folder else shared_data("advice")
    counter_for("o200k_base").count("warm")
    print(f"{'':24}{'kind':>6}{'rows':>5}{'tokens':>7}{'score':>9}{'random':>9}{'covered':>9}{'random':>9}{'s':>7}")
    results = [compare(path, arguments.count, arguments.budget, arguments.draws) for path in sorted(folder.glob("*.jsonl"))]
    won, tied, lost = ([result for result, _ in results].count(name) for name in ("won", "tied", "lost"))
    better, worse = ([surely for _, surely in results].count(name) for name in ("better", "worse"))
    share = won / max(won + lost, 1)
    print(
        f"\nwon {won}, tied {tied}, lost {lost}: {share:.0%} of those that are not tied; scores beyond noise: {better} better, {worse} worse\n"
    )
    for name in ("banking77", "gsm8k", "medquad_faq", "bc5cdr_json"):
        if (folder / f"{name}.jsonl").exists():
            speed(folder / f"{name}.jsonl", arguments.count, 2 * arguments.budget)


if __name__ == "__main__":
    main()
