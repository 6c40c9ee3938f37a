"""Chooses the examples of a prompt: few that stand for many, within a budget of tokens.

Of labels each gets its share, and in each the examples are chosen that lie in the middle of most others. For all other tasks an
example is worth what it adds: to what answers are made of that is shown, and to how near each example is to one that is shown.
Both grow by less with each example, so taking the best one each time comes within 37% of the best choice there is (Nemhauser,
Wolsey and Fisher, 1978). What is chosen is then tried on the other candidates and exchanged (`refining.py`). `python -m
tests.benchmarks.selection` compares it with random choice.

Nothing is random: candidates come in an order that does not depend on the file's, and ties go to the first.
"""

import heapq
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Final

import msgspec

from tunelint.advice.refining import Trial, refined
from tunelint.advice.task import Pair, TaskKind, normal
from tunelint.advice.vectors import Vectors
from tunelint.advice.vocabulary import symbols_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tunelint.advice.vectors import Floats

__all__ = ["POOL", "Chosen", "choose"]

POOL: Final = 1_500
"""Candidates that are compared with each other: as many as a full sample may show."""

_DEAREST: Final = 1 / 3
"""Share of the budget that one example may take, so that at least three fit."""

_CHARACTERS: Final = 8
"""Characters of a token at most, on the mean of a text of some length: what is longer needs no counting to be too dear."""

_SHORTEST: Final = 0.1
"""Share of the candidates, those with the shortest requests, that are left out: they are mostly fragments."""

_ANSWERS: Final = 0.3
"""How heavy the answers are beside the requests when two examples are compared. Found on the labelled tasks, flat around it."""

_INSTEAD: Final = 300
"""Candidates that an example may give way to, where it may give way to any."""

_LEAVE_OUT_FROM: Final = 50
"""Candidates from which on the shortest are left out; below each one counts."""


class Chosen(msgspec.Struct, frozen=True):
    """The chosen examples by their numbers among the candidates, in the order in which a prompt shows them.

    `tokens` is what they take. `covered` is the share of the candidates whose answers are made of nothing but what is shown or
    occurs once. `missing` are the labels that no example shows, the commonest first.
    """

    rows: tuple[int, ...]
    tokens: int
    covered: float
    missing: tuple[str, ...] = ()


def choose(
    pairs: Sequence[Pair],
    kind: TaskKind,
    count: int,
    budget: int,
    cost: Callable[[int], int],
    *,
    usable: Sequence[int] | None = None,
) -> Chosen:
    """Choose at most `count` examples that take at most `budget` tokens together.

    `usable` are the numbers of the candidates to choose from, where some are not to be shown; all are to be covered.
    `cost` returns the tokens that a candidate takes by its number.
    """
    pool, costs = _pool(pairs, kind, budget, cost, range(len(pairs)) if usable is None else usable)
    everything = _recurring([symbols_of(pair, kind) for pair in pairs[:POOL]])
    if not pool or count <= 0:
        return Chosen((), 0, _covered(frozenset(), everything), _missing(pairs, kind, ()))
    candidates = [pairs[row] for row in pool]
    find = _of_labels if kind == "label" else _of_others
    picked = find(candidates, kind, costs, count, budget)
    rows = tuple(pool[index] for index in _arranged(picked, candidates, kind))
    shown = frozenset().union(*(symbols_of(pairs[row], kind) for row in rows))
    return Chosen(rows, sum(costs[index] for index in picked), _covered(shown, everything), _missing(pairs, kind, rows))


def _pool(
    pairs: Sequence[Pair], kind: TaskKind, budget: int, cost: Callable[[int], int], usable: Sequence[int]
) -> tuple[list[int], list[int]]:
    """Return the numbers and tokens of the candidates that are worth comparing and not too dear."""
    rows = list(usable)
    if len(rows) >= _LEAVE_OUT_FROM and kind != "label":
        bound = sorted(len(pairs[row].request) for row in rows)[int(len(rows) * _SHORTEST)]
        rows = [row for row in rows if len(pairs[row].request) >= bound]
    lengths = {row: len(pairs[row].request) + len(pairs[row].answer) for row in rows}
    longest = max(budget * _DEAREST * _CHARACTERS, min(lengths.values(), default=0))
    rows = [row for row in rows if lengths[row] <= longest]
    rows = _spread_over_labels(rows, pairs) if kind == "label" else rows[:POOL]
    costs = list(map(cost, rows))
    dearest = max(budget * _DEAREST, min(costs, default=0))
    kept = [(row, taken) for row, taken in zip(rows, costs, strict=True) if taken <= dearest]
    return [row for row, _ in kept], [taken for _, taken in kept]


def _spread_over_labels(rows: list[int], pairs: Sequence[Pair]) -> list[int]:
    """Return at most `POOL` candidates that leave out no label: the first of each, the second of each, and so on."""
    if len(rows) <= POOL:
        return rows
    seen: Counter[str] = Counter()
    ranks = []
    for row in rows:
        label = normal(pairs[row].answer)
        ranks.append((seen[label], row))
        seen[label] += 1
    return sorted(row for _, row in sorted(ranks)[:POOL])


def _of_labels(pairs: Sequence[Pair], kind: TaskKind, costs: Sequence[int], count: int, budget: int) -> list[int]:
    """Choose examples of labels: an exchange is only made within a label, so that each keeps its share."""
    labels = [normal(pair.answer) for pair in pairs]
    near = _nearness([pair.request for pair in pairs])
    picked = _by_label(labels, near, costs, count, budget)
    members = _grouped(labels)
    return refined(picked, Trial(near, _equal(labels)), lambda index: members[labels[index]], costs, budget)


def _of_others(pairs: Sequence[Pair], kind: TaskKind, costs: Sequence[int], count: int, budget: int) -> list[int]:
    """Choose examples of any other kind."""
    import numpy as np

    requests, answers = _nearness([pair.request for pair in pairs]), _nearness([pair.answer for pair in pairs])
    near = (1 - _ANSWERS) * requests + _ANSWERS * answers
    worth = Worth([symbols_of(pair, kind) for pair in pairs], near)
    picked = _by_worth(worth, costs, count, budget)
    right = _equal([normal(pair.answer) for pair in pairs]) if kind == "short" else answers
    instead = np.arange(min(_INSTEAD, len(pairs)))
    return refined(picked, Trial(requests, right, worth.added), lambda _: instead, costs, budget)


def _nearness(texts: Sequence[str]) -> "Floats":
    """Return how alike texts are, from 0 to 1."""
    import numpy as np

    matrix = Vectors(texts).matrix
    near: Floats = np.maximum(matrix @ matrix.T, 0)
    return near


def _equal(texts: Sequence[str]) -> "Floats":
    """Return 1 where two texts are the same, else 0."""
    import numpy as np

    numbers = {text: number for number, text in enumerate(dict.fromkeys(texts))}
    codes = np.array([numbers[text] for text in texts])
    same: Floats = (codes[:, None] == codes[None, :]).astype(np.float32)
    return same


def _grouped(labels: Sequence[str]) -> dict[str, list[int]]:
    members: dict[str, list[int]] = {}
    for index, label in enumerate(labels):
        members.setdefault(label, []).append(index)
    return members


def _by_label(labels: Sequence[str], near: "Floats", costs: Sequence[int], count: int, budget: int) -> list[int]:
    """Give each label its share of the examples, and choose in each those that most others are near to."""
    members = _grouped(labels)
    ranked = {label: _central(near, rows, count) for label, rows in members.items()}
    place = {label: number for number, label in enumerate(_worth_showing(members, ranked, near))}
    picked: list[int] = []
    used = 0
    taken: Counter[str] = Counter()
    while len(picked) < count and ranked:
        label = min(ranked, key=lambda one: (taken[one] > 0 and (taken[one] + 0.5) / len(members[one]), place[one]))
        index = ranked[label].pop(0)
        if not ranked[label]:
            del ranked[label]
        if used + costs[index] <= budget:
            picked.append(index)
            used += costs[index]
            taken[label] += 1
    return picked


def _worth_showing(members: Mapping[str, Sequence[int]], ranked: Mapping[str, Sequence[int]], near: "Floats") -> list[str]:
    """Return the labels, those first that should be shown when not all can be.

    Common ones come first, where a difference in counts is more than chance makes: a step is one in the roots of the counts, two
    standard deviations. Among equally common ones those come first whose rows their first example tells best from all others.
    """
    largest = math.sqrt(max(map(len, members.values())))
    rows = len(near)

    def rank(label: str) -> tuple[int, float, str]:
        own = near[members[label], ranked[label][0]]
        inside = float(own.mean())
        outside = float(near[:, ranked[label][0]].sum() - own.sum()) / max(1, rows - len(own))
        return int(largest - math.sqrt(len(own))), outside - inside, label

    return sorted(members, key=rank)


def _central(near: "Floats", members: Sequence[int], count: int) -> list[int]:
    """Return members in the order in which each brings the others nearest to one of those before it."""
    import numpy as np

    own = near[np.ix_(members, members)]
    best = np.zeros(len(members), dtype=np.float32)
    left = np.ones(len(members), dtype=bool)
    found: list[int] = []
    for _ in range(min(count, len(members))):
        gains = np.maximum(own - best[:, None], 0).sum(axis=0)
        gains[~left] = -1
        index = int(gains.argmax())
        found.append(members[index])
        left[index] = False
        best = np.maximum(best, own[:, index])
    return found


class Worth:
    """Says what an example adds: to the symbols shown, each as heavy as it is common, and to how near all are to one shown."""

    def __init__(self, symbols: Sequence[frozenset[str]], near: "Floats") -> None:
        self.recurring = _recurring(symbols)
        self.frequency = Counter(symbol for found in self.recurring for symbol in found)
        self.near = near
        self.weight = self.frequency.total() or 1
        self.whole = float(near.max(axis=1).sum()) or 1.0

    def of(self, index: int, shown: AbstractSet[str], best: "Floats") -> float:
        """Return what one example adds to the symbols shown and to the nearness that is reached."""
        import numpy as np

        new = sum(self.frequency[symbol] for symbol in self.recurring[index] - shown) / self.weight
        return new + float(np.maximum(self.near[:, index] - best, 0).sum()) / self.whole

    def added(self, others: Sequence[int], candidates: "NDArray[np.int64]") -> "Floats":
        """Return what each candidate adds to others."""
        import numpy as np

        shown = frozenset[str]().union(*(self.recurring[index] for index in others))
        best = self.near[:, others].max(axis=1) if len(others) else np.zeros(len(self.near), dtype=np.float32)
        new = [sum(self.frequency[one] for one in self.recurring[index] - shown) for index in candidates.tolist()]
        nearer = np.maximum(self.near[:, candidates] - best[:, None], 0).sum(axis=0)
        added: Floats = np.array(new, dtype=np.float32) / self.weight + nearer / self.whole
        return added


def _by_worth(worth: Worth, costs: Sequence[int], count: int, budget: int) -> list[int]:
    """Take what adds most each time."""
    import numpy as np

    best = np.zeros(len(costs), dtype=np.float32)
    shown: set[str] = set()
    queue = [(-worth.of(index, shown, best), index) for index in range(len(costs))]
    heapq.heapify(queue)
    picked: list[int] = []
    used = 0
    while queue and len(picked) < count:
        _, index = heapq.heappop(queue)
        if used + costs[index] > budget:
            continue
        now = worth.of(index, shown, best)
        if queue and -now > queue[0][0] + 1e-9:
            heapq.heappush(queue, (-now, index))
            continue
        picked.append(index)
        used += costs[index]
        best = np.maximum(best, worth.near[:, index])
        shown |= worth.recurring[index]
    return picked


def _arranged(picked: Sequence[int], pairs: Sequence[Pair], kind: TaskKind) -> list[int]:
    """Return the chosen in the order of the prompt: labels take turns, so that the last examples are not all of one."""
    if kind != "label":
        return list(picked)
    turn: Counter[str] = Counter()
    ranks = []
    for position, index in enumerate(picked):
        label = normal(pairs[index].answer)
        ranks.append((turn[label], position, index))
        turn[label] += 1
    return [index for _, _, index in sorted(ranks)]


def _recurring(symbols: Sequence[frozenset[str]]) -> list[frozenset[str]]:
    """Return the symbols of each answer that stand in another one too."""
    frequency = Counter(symbol for found in symbols for symbol in found)
    return [frozenset(symbol for symbol in found if frequency[symbol] > 1) for found in symbols]


def _covered(shown: frozenset[str], symbols: Sequence[frozenset[str]]) -> float:
    return sum(found <= shown for found in symbols) / max(len(symbols), 1)


def _missing(pairs: Sequence[Pair], kind: TaskKind, rows: Sequence[int]) -> tuple[str, ...]:
    if kind != "label":
        return ()
    shown = {normal(pairs[row].answer) for row in rows}
    counts = Counter(normal(pair.answer) for pair in pairs)
    written = {normal(pair.answer): pair.answer.strip() for pair in reversed(pairs)}
    return tuple(written[label] for label, _ in counts.most_common() if label not in shown)
