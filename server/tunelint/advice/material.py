"""What recurs in the answers beyond the requests, and how much of it a prompt of a few examples can show.

Over 75,000 published decisions of a language model accuracy was 77% where the right label stood among the prompt's examples and
30% where it did not (recomputed from the runs of Bertsch et al., 2024): coverage is what a prompt buys.
"""

import heapq
import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Final, NamedTuple

from tunelint.advice.study import Study, leaf_values
from tunelint.advice.task import normal
from tunelint.advice.wording import tokens
from tunelint.tokens import counter_for

__all__ = ["EXAMPLES", "OPEN", "Material", "Runs", "material_of", "runs_of"]

EXAMPLES: Final = 32
"""Examples in a prompt, for coverage: what fits into a prompt of a few thousand tokens."""

_CLOSED: Final = 0.9
OPEN: Final = 0.05
"""Answers are built of what recurs where 32 examples show all of it for so many records, and hardly anything stands alone."""

_FIGURES: Final = re.compile(r"[-+]?\d[\d.,:/ -]*(?:T\d[\d.,:]*)?(?:Z|[+-]\d\d:?\d\d)?")
"""A number, or a date and a time of day."""

_ENCODING: Final = "o200k_base"
_RUN: Final = 3
"""Letters of a run: syllables are about as long."""


class Material(NamedTuple):
    """What recurs: labels, JSON paths and values, words; only what no request holds.

    `symbols` counts what stands in two answers or more and `tokens` is their length. `cover` is the share of the rows asked
    that need none beyond those of the 32 examples that show most. `open` is the share of the symbols of a row asked that no
    other row has. `repeated` is the share of rows whose whole answer stands in another row too.
    """

    symbols: int
    tokens: int
    cover: float
    open: float
    repeated: float
    uncovered: tuple[int, ...]
    """Indices of the rows asked that need more than these examples show."""

    @property
    def closed(self) -> bool:
        """Whether answers are built of what recurs, which a prompt can show: numbers spelt out, a name that is said."""
        return self.cover >= _CLOSED and self.open <= OPEN


def material_of(study: Study) -> Material:
    """Measure what recurs."""
    symbols = [_symbols(study, index) for index, _ in enumerate(study.pulsing())]
    folds = [row.fold for row in study.rows]
    frequency = Counter(symbol for some in symbols for symbol in some)
    recurring = {symbol for symbol, count in frequency.items() if count > 1}
    new = total = 0
    uncovered: list[int] = []
    for fold in sorted({folds[index] for index in study.asked}):
        known = [some & recurring for some, other in zip(symbols, folds, strict=True) if other != fold]
        counts = Counter(symbol for some in known for symbol in some)
        shown = _greedy(known, counts)
        for index in study.asked:
            if folds[index] == fold:
                if not (symbols[index] & counts.keys()) <= shown:
                    uncovered.append(index)
                new += len(symbols[index] - counts.keys())
                total += len(symbols[index])
    answers = Counter(study.normal_answers)
    count = counter_for(_ENCODING).count
    return Material(
        symbols=len(recurring),
        tokens=sum(count(f" {symbol[1:]}") for symbol in recurring),
        cover=(len(study.asked) - len(uncovered)) / max(1, len(study.asked)),
        open=new / total if total else 0.0,
        repeated=sum(number for number in answers.values() if number > 1) / max(1, len(study.rows)),
        uncovered=tuple(uncovered),
    )


class Runs(NamedTuple):
    """Runs of three letters in answers.

    How many `different` ones there are, how `many` an answer has on average, and in what share of the answers each of them stands
    in another one too, `recurring`.
    """

    different: int
    many: float
    recurring: float


def runs_of(study: Study) -> Runs:
    """Look at what words are built of: numbers spelt out in a language that writes them in one word recur in pieces alone."""
    rows = []
    for answer, _ in zip(study.answers, study.pulsing(), strict=True):
        dense = "".join(answer.lower().split())
        rows.append({dense[at : at + _RUN] for at in range(len(dense) - _RUN + 1)})
    counts = Counter(run for runs in rows for run in runs)
    alone = sum(any(counts[run] == 1 for run in runs) for runs in rows)
    count = max(1, len(rows))
    return Runs(len(counts), sum(map(len, rows)) / count, 1 - alone / count)


def _symbols(study: Study, index: int) -> set[str]:
    """Return what an answer is made of that its request does not hold, each with a letter for its sort before it."""
    kind = study.task.kind
    given = study.given[index]
    if kind == "label":
        return {f"=[{study.normal_answers[index]}"}
    if kind in {"json", "tool"} and study.values[index] is not None:
        found = set()
        for path, text in leaf_values(study.values[index]):
            found.add(f".{path}")
            if text and not _is_number(text) and not given.issuperset(_stems(text)):
                found.add(f"={normal(text)}")
        return found
    stop, long = study.stop if kind == "text" else frozenset(), kind != "short"
    return {
        f" {word}"
        for word in study.answer_words[index]
        if word not in given and word not in stop and not (long and word.isdigit())
    }


@cache
def _stems(text: str) -> frozenset[str]:
    from tunelint.advice.wording import stem

    return frozenset(stem(word) for word in tokens(text))


def _is_number(text: str) -> bool:
    """Tell whether a text is a number, a date, a time or a truth value: what is worked out and not shown by an example."""
    return text.lower() in {"true", "false"} or _FIGURES.fullmatch(text) is not None


def _greedy(rows: Sequence[set[str]], weights: Counter[str]) -> set[str]:
    """Return the symbols of the examples that show most, chosen one after the other by what each adds."""
    shown: set[str] = set()
    heap = [(-sum(weights[symbol] for symbol in some), number) for number, some in enumerate(rows)]
    heapq.heapify(heap)
    chosen = 0
    while heap and chosen < EXAMPLES:
        _, number = heapq.heappop(heap)
        gain = sum(weights[symbol] for symbol in rows[number] - shown)
        if heap and -heap[0][0] > gain:
            heapq.heappush(heap, (-gain, number))
            continue
        if not gain:
            break
        shown |= rows[number]
        chosen += 1
    return shown
