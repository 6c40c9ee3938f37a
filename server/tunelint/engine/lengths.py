"""Counts the tokens of each record of a file, and nothing else."""

from array import array
from collections.abc import Callable

import msgspec

from tunelint.engine.batch import count_tokens
from tunelint.engine.linter import Linter
from tunelint.tokens import counter_for

__all__ = ["FileLengths", "read_lengths"]


class FileLengths(msgspec.Struct):
    """What was counted: `totals` of each record whose shape stands, `longest` sequence, all `trained` tokens, lines read."""

    totals: "array[int]"
    sequences: "array[int]"
    trained: int
    records: int


def read_lengths(linter: Linter, progress: Callable[[int], None] | None = None) -> FileLengths:
    """Read a file from start to end and count its tokens. `records` counts all that are not blank, read or not."""
    plan, context = linter.plan, linter.context
    counter = counter_for(context.encoding)
    found = FileLengths(array("q"), array("q"), 0, 0)
    for batch in linter.source.batches():
        for record in plan.reader.read_block(batch.rows, batch.handle(0), batch.block):
            if record.raw and not record.raw.isspace():
                found.records += 1
            if record.row is not None:
                lengths = count_tokens(record, counter, context)
                found.totals.append(lengths.total)
                found.sequences.append(lengths.sequence)
                found.trained += lengths.trained
        if progress is not None:
            progress(sum(map(len, batch.rows)))
    return found
