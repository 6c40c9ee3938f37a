"""The states of tally and group rules over one reading of a file; ledgers of parts merge in any order."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from tunelint.core.bag import Bag
from tunelint.core.finding import Finding, Handle
from tunelint.core.record import Record
from tunelint.engine.crash import Crashes
from tunelint.engine.plan import Plan
from tunelint.rules.base import Context, Group, Member, TallyRule, Wake

__all__ = ["Columns", "Ledger", "observes", "seen_by"]

_SMALL: Final = 20_000
"""Below so many keys grouping in plain Python is quicker than importing numpy."""


class Columns:
    """Keys, items and handles of one group rule, in arrays: 8 bytes a number."""

    def __init__(self, width: int, keeps_item: bool) -> None:
        self.width = width
        self.keys = array("Q")
        self.handles = array("q")
        self.items = array("Q") if keeps_item else None

    def add(self, rows: Iterable[tuple[Handle, tuple[int, ...], int]]) -> None:
        """Add records; a record with fewer keys than the width is filled up with 0, which is no key."""
        width, keys, handles, items = self.width, self.keys, self.handles, self.items
        for handle, own, item in rows:
            assert isinstance(handle, int)
            handles.append(handle)
            keys.extend(own)
            if len(own) < width:
                keys.extend([0] * (width - len(own)))
            if items is not None:
                items.append(item)

    def merge(self, other: "Columns") -> None:
        """Add the records of another part of the file."""
        self.keys += other.keys
        self.handles += other.handles
        if self.items is not None and other.items is not None:
            self.items += other.items

    @property
    def records(self) -> int:
        """How many records take part."""
        return len(self.handles)

    def distinct_items(self) -> int:
        """Return how many different items the records have."""
        return len(set(self.items)) if self.items is not None else 0

    def __iter__(self) -> Iterator[Group]:
        """Yield the groups of two or more records, members in the order of the file."""
        if len(self.keys) < _SMALL:
            yield from self._groups_small()
        else:
            yield from self._groups_sorted()

    def _member(self, row: int) -> Member:
        keys = self.keys[row * self.width : (row + 1) * self.width]
        return Member(self.handles[row], self.items[row] if self.items is not None else 0, tuple(keys))

    def _groups_small(self) -> Iterator[Group]:
        rows_of: dict[int, list[int]] = {}
        for index, key in enumerate(self.keys):
            if key:
                rows_of.setdefault(key, []).append(index // self.width)
        for key in sorted(key for key, rows in rows_of.items() if len(rows) > 1):
            rows = sorted(set(rows_of[key]), key=self.handles.__getitem__)
            if len(rows) > 1:
                yield Group(key, [self._member(row) for row in rows])

    def _groups_sorted(self) -> Iterator[Group]:
        import numpy as np  # 75 ms that a small file does not need

        keys = np.frombuffer(self.keys, dtype=np.uint64)
        order = np.argsort(keys, kind="stable")
        keys = keys[order]
        starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
        lengths = np.diff(np.append(starts, len(keys)))
        for start, length in zip(starts[lengths > 1].tolist(), lengths[lengths > 1].tolist(), strict=True):
            key = int(keys[start])
            if key:
                rows = sorted(set((order[start : start + length] // self.width).tolist()), key=self.handles.__getitem__)
                if len(rows) > 1:
                    yield Group(key, [self._member(row) for row in rows])


class Ledger:
    """What the tally and group rules of a plan remember of the records seen so far."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._bags = {rule.code: Bag(rule.limit, rule.kinds) for rule in plan.tallies}
        self._observing = [rule for rule in plan.tallies if observes(rule)]
        self._columns = {rule.code: Columns(rule.width, rule.keeps_item) for rule in plan.groups}

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

    def merge(self, other: "Ledger") -> None:
        """Add what the ledger of another part of the same file remembers."""
        for code, bag in other._bags.items():
            self._bags[code].merge(bag)
        for code, columns in other._columns.items():
            self._columns[code].merge(columns)

    def report(self, context: Context, crashes: Crashes) -> Iterator[Finding]:
        """Yield what the rules say of the whole file."""
        for rule in self._plan.tallies:
            with crashes.guard(rule.code):
                yield from rule.report(self._bags[rule.code], context)
        for group in self._plan.groups:
            with crashes.guard(group.code):
                yield from group.report(self._columns[group.code], context)


def observes(rule: TallyRule) -> bool:
    """Tell whether a rule looks at records at all, or only at the facts of the file."""
    return type(rule).observe is not TallyRule.observe or type(rule).observe_many is not TallyRule.observe_many


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
