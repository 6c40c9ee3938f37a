"""Judges the labelled tasks and prints how often the verdict is right, how stable it is, and what shuffled answers make of it.

    python -m tests.benchmarks.advice [--only TASK…] [--data FOLDER]

The folder holds one JSON Lines file a task, and `labels.json` with the right verdict of each and the reason; `also` in it lists what
the labeller called as good. A verdict counts as near where it is one of those, or names the other of two ways that hardly differ
(examples in a fixed prompt or retrieved for each request), and as abstained where it says to measure first. How many would be wrong by
the one label alone is said too.
"""

import argparse
import functools
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from tests.shared_data import ROOT
from tunelint.advice.sample import Sample
from tunelint.advice.scorecard import judge
from tunelint.advice.verdict import Verdict
from tunelint.core.record import Record
from tunelint.engine.advising import draw
from tunelint.engine.linter import Linter, Request
from tunelint.engine.plan import Selection
from tunelint.engine.sources.opening import open_stream
from tunelint.engine.sources.streams import from_bytes

__all__ = ["Task", "grade", "judged", "main", "shuffled_answers", "tasks"]

RIGHT: Final = {
    "PROMPT": {"prompt"},
    "CONVENTION": {"example-retrieval"},
    "FT": {"fine-tune"},
    "BORDER": {"prompt", "fine-tune", "example-retrieval"},
    "RAG": {"knowledge-retrieval"},
    "GENERAL": {"mixed-tasks"},
    "DEGENERATE": {"constant-answer"},
    "TOO_FEW": {"too-few"},
}
PARTS: Final = 8
COPIES: Final = 0.05
SIZES: Final = (1_000, 200)


class Task(NamedTuple):
    """A labelled dataset: its lines, the right verdict, and others that the labeller called as good."""

    name: str
    label: str
    lines: list[bytes]
    also: tuple[str, ...] = ()


def tasks(folder: Path, only: Sequence[str] = ()) -> Iterator[Task]:
    """Yield the tasks of a folder."""
    labels = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
    for name, facts in labels.items():
        if not only or name in only:
            lines = (folder / f"{name}.jsonl").read_bytes().splitlines(keepends=True)
            yield Task(name, facts["label"], lines, tuple(facts.get("also", ())))


def judged(lines: Sequence[bytes], parts: int = 1) -> Verdict:
    """Judge a dataset read in so many parts, whose samples are merged from the last to the first."""
    linter = Linter(open_stream(from_bytes(b"".join(lines), "train.jsonl")), Request(selection=Selection(frozenset({"ADV002"}))))
    linter.read()
    whole = linter.ledger.sample
    if parts > 1:
        records = [(record.identity, record.handle) for record in _records(linter)]
        samples = [Sample() for _ in range(parts)]
        for number, (identity, handle) in enumerate(records):
            samples[number * parts // len(records)].add(identity, handle)
        whole = samples.pop()
        while samples:
            whole.merge(samples.pop())
    verdict = judge(draw(whole.items(), linter.fetch), whole.distinct)
    assert verdict is not None, "every task has requests and answers"
    return verdict


def _records(linter: Linter) -> Iterator[Record]:
    for batch in linter.source.batches():
        for index, row in enumerate(batch.rows):
            record = linter.plan.reader.read(row, batch.handle(index))
            if record.row is not None:
                yield record


def grade(label: str, verdict: Verdict, also: Sequence[str] = ()) -> str:
    """Say how good a verdict is: right, near, abstained or wrong."""
    if verdict.verdict in RIGHT[label]:
        return "right"
    if verdict.verdict == "measure":
        return "abstained"
    as_good = any(verdict.verdict in RIGHT[other] for other in also)
    near = (label == "CONVENTION" and verdict.verdict in {"prompt", "fine-tune"} and verdict.strength == "lean") or (
        label == "PROMPT" and verdict.verdict == "example-retrieval"
    )
    return "near" if as_good or near else "WRONG"


def shuffled_answers(lines: Sequence[bytes], seed: int) -> list[bytes]:
    """Give each record the answer of another one."""
    values = [json.loads(line) for line in lines]
    answers = [value["messages"][-1] for value in values]
    random.Random(seed).shuffle(answers)
    return [
        json.dumps({"messages": [*value["messages"][:-1], answer]}, ensure_ascii=False).encode() + b"\n"
        for value, answer in zip(values, answers, strict=True)
    ]


def table(found: Sequence[tuple[Task, Verdict, float]]) -> None:
    """Print every task with its verdict, and what they come to."""
    print(f"{'task':22}{'label':12}{'kind':7}{'verdict':22}{'strength':10}{'':11}{'s':>5}  first reason")
    grades: Counter[tuple[str, str]] = Counter()
    for task, verdict, seconds in found:
        graded = grade(task.label, verdict, task.also)
        grades[verdict.strength, graded] += 1
        leans = f"{verdict.verdict}→{verdict.leans}" if verdict.leans else verdict.verdict
        print(
            f"{task.name:22}{task.label:12}{verdict.task:7}{leans:22}{verdict.strength:10}{graded:11}{seconds:5.1f}"
            f"  {verdict.signals[0].says}"
        )
    total = len(found)
    counts = {
        name: sum(grades[strength, name] for strength in ("strong", "lean")) for name in ("right", "near", "abstained", "WRONG")
    }
    print("\n" + ", ".join(f"{name} {count} ({count / total:.0%})" for name, count in counts.items()), f"of {total}")
    alone = sum(grade(task.label, verdict) == "WRONG" for task, verdict, _ in found)
    print(f"wrong by the one label alone: {alone} ({alone / total:.0%})")
    strong = sum(count for (strength, _), count in grades.items() if strength == "strong")
    print(f"strong verdicts: {strong}, of which wrong: {grades['strong', 'WRONG']}")


def stability(found: Sequence[tuple[Task, Verdict, float]]) -> None:
    """Print on how many tasks the verdict stays the same."""

    def same(change: Callable[[Task], Verdict], some: Sequence[tuple[Task, Verdict, float]]) -> str:
        kept = [(task, verdict, change(task)) for task, verdict, _ in some]
        moved = [
            f"{task.name}: {verdict.verdict} → {now.verdict}" for task, verdict, now in kept if now.verdict != verdict.verdict
        ]
        return (
            f"{len(kept) - len(moved):3} of {len(kept)} ({(len(kept) - len(moved)) / max(len(kept), 1):.0%})  {'; '.join(moved)}"
        )

    chance = random.Random(11)
    print("\nthe same verdict")
    print("  shuffled        ", same(lambda task: judged(chance.sample(task.lines, len(task.lines))), found))
    print(f"  in {PARTS} parts      ", same(lambda task: judged(task.lines, PARTS), found))
    print(
        f"  {COPIES:.0%} copies       ",
        same(lambda task: judged([*task.lines, *chance.sample(task.lines, round(COPIES * len(task.lines)))]), found),
    )
    for size in SIZES:
        larger = [one for one in found if len(one[0].lines) > size]
        print(f"  {size:5} records   ", same(functools.partial(_smaller, size, chance), larger))


def _smaller(size: int, chance: random.Random, task: Task) -> Verdict:
    return judged(chance.sample(task.lines, size))


def controls(found: Sequence[tuple[Task, Verdict, float]]) -> None:
    """Print what becomes of verdicts when answers are shuffled among the records."""
    shuffled = [(task, verdict, judged(shuffled_answers(task.lines, 7))) for task, verdict, _ in found]
    strong = [(task, now) for task, verdict, now in shuffled if verdict.verdict == "prompt" and verdict.strength == "strong"]
    kept = [task.name for task, now in strong if now.verdict == "prompt" and now.strength == "strong"]
    print(f"\nstrong prompt verdicts that survive shuffled answers: {len(kept)} of {len(strong)} {kept or ''}")
    tested = [one for one in shuffled if one[1].task != "label"]
    caught = [task.name for task, _, now in tested if now.verdict == "check-pairing"]
    missed = [f"{task.name} ({now.verdict})" for task, _, now in tested if now.verdict != "check-pairing"]
    fired = [task.name for task, verdict, _ in found if verdict.verdict == "check-pairing"]
    print(
        f"pairing check, all tasks but labels: {len(caught)} of {len(tested)} shuffled files caught; missed: {', '.join(missed)}"
    )
    print(f"pairing check on the files as they are: fires on {len(fired)} {fired or ''}")


def main() -> None:
    """Judge all tasks and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", default=[], metavar="TASK")
    parser.add_argument("--data", type=Path, default=ROOT / "advice")
    parser.add_argument("--table", action="store_true", help="the table alone")
    arguments = parser.parse_args()
    found = []
    for task in tasks(arguments.data, arguments.only):
        began = time.perf_counter()
        verdict = judged(task.lines)
        found.append((task, verdict, time.perf_counter() - began))
    table(found)
    if not arguments.table:
        stability(found)
        controls(found)


if __name__ == "__main__":
    main()
