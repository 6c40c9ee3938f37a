"""The states of tally and group rules over one reading of a file; ledgers of parts merge in any order."""

import sys
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar, cast

from tunelint.advice.sample import Sample
from tunelint.core.bag import Bag
from tunelint.core.finding import Finding
from tunelint.core.record import Record
from tunelint.engine.crash import Crashes
from tunelint.engine.plan import Plan, observes
from tunelint.rules.base import Group, Groups, Member, Pair, Rows, TallyRule, Wake

__all__ = ["Columns", "Ledger", "paired", "reported", "seen_by", "to_try"]

T = TypeVar("T")

_SMALL: Final = 20_000
"""Below so many keys grouping in plain Python is quicker than importing numpy."""


class Columns:
    """Keys, items and handles of one group rule, in arrays: 8 bytes a number."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.keys = array("Q")
        self.handles = array("q")
        self.items = array("Q")

    @property
    def records(self) -> int:
        """How many records take part."""
        return len(self.handles)

    def add(self, rows: Rows) -> None:
        """Add records."""
        self.handles.extend(cast("list[int]", rows.handles))
        self.keys += rows.keys
        self.items += rows.items

    def merge(self, other: "Columns") -> None:
        """Add the records of another part of the file."""
        self.keys += other.keys
        self.handles += other.handles
        self.items += other.items

    def distinct_items(self) -> int:
        """Return how many different items the records have."""
        return len(set(self.items))

    def __iter__(self) -> Iterator[Group]:
        """Yield the groups of two or more records, members in the order of the file."""
        for rows in self._rows_by_key():
            yield Group([Member(self.handles[row], self.items[row]) for row in rows])

    def pairs(self, least: int) -> list[Pair]:
        """Return pairs of records that share at least so many keys: see `rules.base.Groups.pairs`."""
        if self._is_small():
            firsts: dict[int, int] = {}
            for row in sorted(range(self.records), key=self.handles.__getitem__):
                firsts.setdefault(self.items[row], row)
            crowds = ([row for row in rows if firsts[self.items[row]] == row] for rows in self._rows_by_key())
            found = paired((pair for rows in crowds for pair in to_try(rows)), self.keys_of, least)
            rows_found = sorted(found, key=lambda pair: (self.handles[pair[1]], self.handles[pair[0]]))
        else:
            from tunelint.engine.pairing import pairs_of

            rows_found = pairs_of(self.keys, self.items, self.handles, self.width, least)
        return [Pair(self.handles[one], self.handles[other]) for one, other in rows_found]

    def _is_small(self) -> bool:
        return len(self.keys) < _SMALL and "numpy" not in sys.modules

    def keys_of(self, row: int) -> Sequence[int]:
        """Return the keys of a record."""
        return self.keys[row * self.width : (row + 1) * self.width]

    def _rows_by_key(self) -> Iterator[list[int]]:
        """Yield the rows of each key that two or more records have, in the order of the keys; rows in the order of the file."""
        if self._is_small():
            rows_of: dict[int, list[int]] = {}
            for index, key in enumerate(self.keys):
                if key:
                    rows_of.setdefault(key, []).append(index // self.width)
            candidates: Iterable[list[int]] = (rows_of[key] for key in sorted(rows_of) if len(rows_of[key]) > 1)
        else:
            candidates = self._rows_sorted()
        for rows in candidates:
            different = sorted(set(rows), key=self.handles.__getitem__)
            if len(different) > 1:
                yield different

    def _rows_sorted(self) -> Iterator[list[int]]:
        import numpy as np  # 75 ms that a small file does not need

        keys = np.frombuffer(self.keys, dtype=np.uint64) if self.keys else np.zeros(0, np.uint64)
        order = np.argsort(keys, kind="stable")
        keys = keys[order]
        starts = np.flatnonzero(np.concatenate((np.ones(min(len(keys), 1), bool), keys[1:] != keys[:-1])))
        lengths = np.diff(np.append(starts, len(keys)))
        several = (lengths > 1) & (keys[starts] != 0)
        for start, length in zip(starts[several].tolist(), lengths[several].tolist(), strict=True):
            yield (order[start : start + length] // self.width).tolist()


def to_try(members: Sequence[T]) -> Iterator[tuple[T, T]]:
    """Yield the pairs of first and later, and of neighbouring members of a group."""
    for index in range(1, len(members)):
        for earlier in {0, index - 1}:
            yield members[earlier], members[index]


def paired(pairs: Iterable[tuple[T, T]], keys_of: Callable[[T], Sequence[int]], least: int) -> list[tuple[T, T]]:
    """Return those of the pairs that share at least so many keys, each once."""
    tried: dict[tuple[T, T], bool] = {}
    for pair in pairs:
        if pair not in tried:
            tried[pair] = len(set(keys_of(pair[0])) & set(keys_of(pair[1])) - {0}) >= least
    return [pair for pair, enough in tried.items() if enough]


class Ledger:
    """What the tally and group rules of a plan remember of the records seen so far."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._bags = {rule.code: Bag(rule.limit, rule.kinds) for rule in plan.tallies}
        self._observing = [rule for rule in plan.tallies if observes(rule)]
        self._columns = {rule.code: Columns(rule.width) for rule in plan.groups}
        self.sample = Sample()
        """What the verdict on the file is computed from; empty unless a rule wants one."""

    def __getstate__(self) -> dict[str, Any]:
        """Leave out the plan, which every process makes for itself: what is unpickled can only be merged into another one."""
        return {"_bags": self._bags, "_columns": self._columns, "sample": self.sample}

    def observe(self, records: Sequence[Record], crashes: Crashes) -> None:
        """Let the rules see records, in the order of the file."""
        plan, context = self._plan, self._plan.context
        for rule in self._observing:
            bag = self._bags[rule.code]
            if bag.overflown:
                continue
            with crashes.guard(rule.code):
                for item, handle in rule.observe_many(seen_by(rule, records, plan), context):
                    bag.add(item, handle)
        for group in plan.groups:
            with crashes.guard(group.code):
                seen = records if group.stage == "shape" else [record for record in records if record.row is not None]
                self._columns[group.code].add(group.rows(seen, context))
        if plan.advice:
            add = self.sample.add
            for record in records:
                if record.row is not None:
                    add(record.identity, record.handle)

    def merge(self, other: "Ledger") -> None:
        """Add what the ledger of another part of the same file remembers."""
        for code, bag in other._bags.items():
            self._bags[code].merge(bag)
        for code, columns in other._columns.items():
            self._columns[code].merge(columns)
        self.sample.merge(other.sample)

    def report(self, crashes: Crashes) -> Iterator[Finding]:
        """Yield what the rules say of the whole file."""
        return reported(self._plan, self._bags, self._columns, crashes)


def reported(plan: Plan, bags: Mapping[str, Bag], groups: Mapping[str, Groups], crashes: Crashes) -> Iterator[Finding]:
    """Yield what tally and group rules say of a whole file, from what they remember of it."""
    for rule in plan.tallies:
        with crashes.guard(rule.code):
            yield from rule.report(bags[rule.code], plan.context)
    for group in plan.groups:
        with crashes.guard(group.code):
            yield from group.report(groups[group.code], plan.context)


def seen_by(rule: TallyRule, records: Sequence[Record], plan: Plan) -> Sequence[Record]:
    """Return those of `records` that a tally rule is to observe."""
    mask = plan.tally_masks[rule.code]
    if not mask & Wake.ALWAYS:
        records = [record for record in records if record.flags & mask]
    if rule.stage == "meaning":
        records = [record for record in records if record.row is not None]
    elif rule.stage == "shape":
        records = [record for record in records if record.row is not None or isinstance(record.value, dict)]
    return records
