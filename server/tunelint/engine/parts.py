"""A file checked in parts: any partition, merged in any order, gives what one pass over the file gives."""

from collections.abc import Iterable

import msgspec

from tunelint.core.dataset import TokenTotals
from tunelint.engine.batch import check_batch
from tunelint.engine.collector import Collector
from tunelint.engine.ledger import Ledger
from tunelint.engine.plan import Plan
from tunelint.engine.sources.base import ROW_BITS, Batch
from tunelint.tokens import counter_for

__all__ = ["Part", "check_part"]


class Part(msgspec.Struct):
    """What was found in some batches of a file. Lines in it are counted from the start of each batch until `count_through`.

    A part can be pickled, and is the same wherever it was made.
    """

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

    def count_through(self) -> dict[int, int]:
        """Turn the lines of findings into those of the file; return how many lines stand before each batch."""
        before: dict[int, int] = {}
        line = 0
        for number in sorted(self.lines):
            before[number] = line
            line += self.lines[number]
        self.collector.shift(lambda rank: before[rank >> ROW_BITS])
        return before


def check_part(batches: Iterable[Batch], plan: Plan, path: str) -> Part:
    """Check some batches of a file."""
    counter = counter_for(plan.context.encoding) if plan.needs_tokens else None
    tokens = TokenTotals(0, 0, counter.encoding) if counter is not None else None
    part = Part({}, 0, Ledger(plan), Collector(plan, path), tokens)
    for batch in batches:
        checked = check_batch(msgspec.structs.replace(batch, first_line=1), plan, part.ledger, part.collector, counter)
        part.lines[batch.number] = len(batch.rows)
        part.records += checked.records
        if tokens is not None:
            tokens.total += checked.total
            tokens.trained += checked.trained
    return part
