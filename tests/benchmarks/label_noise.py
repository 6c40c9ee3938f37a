"""Swaps 5% of the labels of published data sets, and prints how many of them DUP007 finds and how often it is right.

    python -m tests.benchmarks.label_noise [--share 0.05] [--seeds 4] [FILE …]

Without files, the labelled tasks of the shared test data are taken. Each label is swapped for any other one or, as people confuse
them, for one of the three whose requests are most alike. Labels that were wrong before count against the precision.
"""

import argparse
import json
import random
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from tests.linting import lint
from tests.shared_data import shared_data
from tunelint.advice.vectors import Vectors

TASKS = ("bitext_intent", "clinc150", "banking77", "t0_qqp", "wnli", "mmlu", "stsb", "fv_landmark")
CONFUSABLE = 3


class Score(NamedTuple):
    """What one run came to; without a finding precision says nothing and is None."""

    found: int
    precision: float | None
    recall: float
    seconds: float


def swapped(labels: Sequence[str], others: dict[str, list[str]], share: float, chance: random.Random) -> dict[int, str]:
    """Return other labels for some of the rows."""
    return {row: chance.choice(others[labels[row]]) for row in chance.sample(range(len(labels)), int(share * len(labels)))}


def alike(requests: Sequence[str], labels: Sequence[str]) -> dict[str, list[str]]:
    """Return for each label those whose requests are most like its own."""
    kinds = sorted(set(labels))
    matrix, codes = Vectors(requests, 2_048).matrix, np.array([kinds.index(label) for label in labels])
    middles = np.stack([matrix[codes == code].mean(axis=0) for code in range(len(kinds))])
    likeness = middles @ middles.T
    np.fill_diagonal(likeness, -np.inf)
    order = np.argsort(-likeness, axis=1)[:, : min(CONFUSABLE, len(kinds) - 1)]
    return {kind: [kinds[other] for other in order[code]] for code, kind in enumerate(kinds)}


def score(rows: list[list[dict[str, str]]], wrong: dict[int, str]) -> Score:
    """Lint rows with some labels swapped."""
    lines = []
    for number, messages in enumerate(rows):
        *before, last = messages
        lines.append(json.dumps({"messages": [*before, {**last, "content": wrong.get(number, last["content"])}]}))
    began = time.perf_counter()
    report = lint("\n".join(lines) + "\n", ["DUP007"], keep_all=True)
    seconds = time.perf_counter() - began
    assert not report.skipped, report.skipped
    found = {one.line - 1 for one in report.diagnostics}
    right = len(found & wrong.keys())
    return Score(len(found), right / len(found) if found else None, right / len(wrong), seconds)


def _rows(paths: Sequence[Path]) -> Iterator[tuple[str, list[list[dict[str, str]]]]]:
    for path in paths or [shared_data("advice", f"{name}.jsonl") for name in TASKS]:
        yield path.stem, [json.loads(line)["messages"] for line in path.read_text(encoding="utf-8").splitlines()]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--share", type=float, default=0.05)
    parser.add_argument("--seeds", type=int, default=4)
    arguments = parser.parse_args()
    print(
        f"{'task':18}{'rows':>7}{'labels':>8}{'swapped':>14}{'found':>8}{'precision':>11}{'recall':>8}{'seconds':>9}{'unswapped':>11}"
    )
    for name, rows in _rows(arguments.files):
        labels = [messages[-1]["content"] for messages in rows]
        requests = ["\n".join(turn["content"] for turn in messages[:-1] if turn["role"] != "system") for messages in rows]
        kinds = sorted(set(labels))
        ways = {
            "any": {kind: [other for other in kinds if other != kind] for kind in kinds},
            "confusable": alike(requests, labels),
        }
        untouched = score(rows, {-1: ""}).found
        for way, others in ways.items():
            scores = defaultdict(list)
            for seed in range(arguments.seeds):
                for field, value in score(rows, swapped(labels, others, arguments.share, random.Random(seed)))._asdict().items():
                    scores[field].append(value)
            right = [one for one in scores["precision"] if one is not None]
            precision = f"{statistics.fmean(right):.2f}" if right else "silent"
            print(
                f"{name:18}{len(rows):>7,}{len(kinds):>8}{way:>14}{statistics.fmean(scores['found']):>8.0f}{precision:>11}"
                f"{statistics.fmean(scores['recall']):>8.2f}{statistics.fmean(scores['seconds']):>9.2f}{untouched:>11}",
                flush=True,
            )


if __name__ == "__main__":
    main()
