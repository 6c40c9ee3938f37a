"""The states of tally and group rules over one reading of a file; ledgers of parts merge in any order."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from tunelint.advice.sample import Sample
from tunelint.core.bag import Bag
from tunelint.core.block import PlainBlock, handles, identities
from tunelint.core.finding import Finding
from tunelint.core.record import Record
from tunelint.engine.columns import Columns
from tunelint.engine.crash import Crashes
from tunelint.engine.plan import Plan, observes
from tunelint.rules.base import Groups, TallyRule, Wake

if TYPE_CHECKING:
    from tunelint.engine.spill import Spill

__all__ = ["Ledger", "reported", "seen_by"]

_WRITING: Final = 4
"""How many times their size rows take while they are written to disk."""


class Ledger:
    """What the tally and group rules of a plan remember of the records seen so far."""

    def __init__(self, plan: Plan, memory: int | None = None) -> None:
        """`memory` is how many bytes the rows of group rules may take before they are written to disk; None for any number."""
        self._plan = plan
        self._memory = memory
        self._spill: Spill | None = None
        self._bags = {rule.code: Bag(rule.limit, rule.kinds) for rule in plan.tallies}
        self._observing = [rule for rule in plan.tallies if observes(rule)]
        self._columns = {rule.code: Columns(rule.width) for rule in plan.groups}
        self.sample = Sample()
        """What the verdict on the file is computed from; empty unless a rule wants one."""

    def __getstate__(self) -> dict[str, Any]:
        """Leave out the plan, which every process makes for itself: what is unpickled can only be merged into another one."""
        return {"_bags": self._bags, "_columns": self._columns, "sample": self.sample, "_memory": None, "_spill": None}

    def observe(self, records: Sequence[Record], crashes: Crashes) -> None:
        """Let the rules see records, in the order of the file."""
        plan, context = self._plan, self._plan.context
        for rule in self._observing:
            bag = self._bags[rule.code]
            if bag.overflown:
                continue
            with crashes.guard(rule.code):
                bag.add_many(rule.observe_many(seen_by(rule, records, plan), context))
        for group in plan.groups:
            with crashes.guard(group.code):
                seen = records if group.stage == "shape" else _with_meaning(records)
                self._columns[group.code].add(group.rows(seen, context))
        self._keep_small()
        if plan.advice:
            seen = _with_meaning(records)
            self.sample.add_many(zip(identities(seen), handles(seen), strict=True))

    def merge(self, other: "Ledger") -> None:
        """Add what the ledger of another part of the same file remembers."""
        for code, bag in other._bags.items():
            self._bags[code].merge(bag)
        for code, columns in other._columns.items():
            self._columns[code].merge(columns)
        self._keep_small()
        self.sample.merge(other.sample)

    def detach(self) -> dict[str, Columns]:
        """Hand over the rows of the group rules, by code; what is left takes them or some of them back by `attach`."""
        return {code: columns.detach() for code, columns in self._columns.items()}

    def attach(self, rows: Mapping[str, Columns]) -> None:
        """Take rows of group rules back."""
        for code, columns in rows.items():
            self._columns[code].merge(columns)
        self._keep_small()

    def _keep_small(self) -> None:
        """Write the rows to disk where they take too much memory."""
        if self._memory is None or _WRITING * sum(one.size for one in self._columns.values()) <= self._memory:
            return
        from tunelint.engine.spill import Spill

        if self._spill is None:
            self._spill = Spill()
        for code, rows in self.detach().items():
            self._spill.put(code, rows)

    def report(self, crashes: Crashes) -> Iterator[Finding]:
        """Yield what the rules say of the whole file. Rows on disk are taken back rule by rule, and let go with its report."""
        if self._spill is None:
            return reported(self._plan, self._bags, self._columns, crashes)
        for code, columns in self._columns.items():
            self._spill.put(code, columns.detach())
        return reported(self._plan, self._bags, _Spilled(self._columns, self._spill), crashes)

    def close(self) -> None:
        """Remove what was written to disk; nothing can be reported of it any more."""
        if self._spill is not None:
            self._spill.close()


class _Spilled(Mapping[str, Columns]):
    """The rows of group rules as far as they are in a group, read back from disk each time they are asked for."""

    def __init__(self, counts: Mapping[str, Columns], spill: "Spill") -> None:
        """Take what knows how many records of each rule took part, and holds no rows."""
        self._counts = counts
        self._spill = spill

    def __getitem__(self, code: str) -> Columns:
        counts = self._counts[code]
        rows = self._spill.take(code, counts.width)
        rows.merge(counts)
        return rows

    def __contains__(self, code: object) -> bool:
        return code in self._counts

    def __iter__(self) -> Iterator[str]:
        return iter(self._counts)

    def __len__(self) -> int:
        return len(self._counts)


def reported(plan: Plan, bags: Mapping[str, Bag], groups: Mapping[str, Groups], crashes: Crashes) -> Iterator[Finding]:
    """Yield what tally and group rules say of a whole file, from what they remember of it; only of `groups` that are given."""
    for rule in plan.tallies:
        with crashes.guard(rule.code):
            yield from rule.report(bags[rule.code], plan.context)
    for group in plan.groups:
        if group.code in groups:
            with crashes.guard(group.code):
                yield from group.report(groups[group.code], plan.context)


def seen_by(rule: TallyRule, records: Sequence[Record], plan: Plan) -> Sequence[Record]:
    """Return those of `records` that a tally rule is to observe."""
    mask = plan.tally_masks[rule.code]
    if isinstance(records, PlainBlock):
        return records if mask & Wake.ALWAYS else records.woken(mask)
    if not mask & Wake.ALWAYS:
        records = [record for record in records if record.flags & mask]
    if rule.stage == "meaning":
        records = _with_meaning(records)
    elif rule.stage == "shape":
        records = [record for record in records if record.row is not None or isinstance(record.value, dict)]
    return records


def _with_meaning(records: Sequence[Record]) -> Sequence[Record]:
    """Return the records that have an example: all of a plain block have."""
    return records if isinstance(records, PlainBlock) else [record for record in records if record.row is not None]
