"""A file checked in parts: any partition, merged in any order, gives what one pass over the file gives."""

from collections.abc import Mapping

import msgspec

from tunelint.core.dataset import FileFacts, TokenTotals
from tunelint.engine.batch import check_batch
from tunelint.engine.collector import Collector
from tunelint.engine.ledger import Ledger
from tunelint.engine.plan import Plan
from tunelint.engine.sources.base import ROW_BITS, Batch
from tunelint.tokens import counter_for

__all__ = ["Part", "check_part"]


class Part(msgspec.Struct):
    """What was found in some batches of a file. Lines in it are counted from the start of each batch until `finish`."""

    lines: dict[int, int]
    """How many lines each batch has, by its number."""
    records: int
    ledger: Ledger
    collector: Collector
    tokens: TokenTotals | None

    def merge(self, other: "Part") -> None:
        """Add another part of the same file."""
        self.lines |= other.lines
        self.records += other.records
        self.ledger.merge(other.ledger)
        self.collector.merge(other.collector)
        if self.tokens is not None and other.tokens is not None:
            self.tokens.total += other.tokens.total
            self.tokens.trained += other.tokens.trained

    def finish(self, facts: FileFacts) -> Mapping[int, int]:
        """Count lines through; return how many stand before each batch."""
        before: dict[int, int] = {}
        line = 0
        for number in sorted(self.lines):
            before[number] = line
            line += self.lines[number]
        self.collector.shift(lambda rank: before[rank >> ROW_BITS])
        facts.records, facts.lines = self.records, line
        return before


def check_part(batch: Batch, plan: Plan, path: str) -> Part:
    """Check one batch, whose first line is taken to be line 1."""
    collector, ledger = Collector(plan, path), Ledger(plan)
    counter = counter_for(plan.context.encoding) if plan.needs_tokens else None
    checked = check_batch(msgspec.structs.replace(batch, first_line=1), plan, ledger, collector, counter)
    tokens = TokenTotals(checked.total, checked.trained, counter.encoding) if counter is not None else None
    return Part({batch.number: len(batch.rows)}, checked.records, ledger, collector, tokens)
