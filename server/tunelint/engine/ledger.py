"""The states of tally and group rules over one reading of a file; ledgers of parts merge in any order."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tunelint.advice.sample import Sample
from tunelint.core.bag import Bag
from tunelint.core.finding import Finding
from tunelint.core.record import Record
from tunelint.engine.columns import Columns
from tunelint.engine.crash import Crashes
from tunelint.engine.plan import Plan, observes
from tunelint.rules.base import Groups, TallyRule, Wake

__all__ = ["Ledger", "reported", "seen_by"]


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

    def detach(self) -> dict[str, Columns]:
        """Hand over the rows of the group rules, by code; what is left takes them or some of them back by `attach`."""
        return {code: columns.detach() for code, columns in self._columns.items()}

    def attach(self, rows: Mapping[str, Columns]) -> None:
        """Take rows of group rules back."""
        for code, columns in rows.items():
            self._columns[code].merge(columns)

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
