"""Counts the tokens of each record of a file, and nothing else."""

from array import array
from collections.abc import Callable, Sequence

import msgspec

from tunelint.core.block import PlainBlock
from tunelint.core.record import Record
from tunelint.engine.batch import count_tokens
from tunelint.engine.linter import Linter
from tunelint.rules.base import Context
from tunelint.tokens import Counter, counter_for

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
        for records in plan.reader.read_parts(batch.rows, batch.handle(0), batch.block):
            if plan.large and isinstance(records, PlainBlock):
                _add_block(found, records, counter, context)
            else:
                _add_each(found, records, counter, context, arrays=plan.large)
        if progress is not None:
            progress(sum(map(len, batch.rows)))
    return found


def _add_block(found: FileLengths, block: PlainBlock, counter: Counter, context: Context) -> None:
    from tunelint.tokens.blocks import count_block

    counted = count_block(block, counter, chat=context.conversation)
    totals = counted.totals.tobytes()
    found.totals.frombytes(totals)
    found.sequences.frombytes(totals)
    found.trained += int(counted.trained.sum())
    found.records += len(block)


def _add_each(found: FileLengths, records: Sequence[Record], counter: Counter, context: Context, *, arrays: bool) -> None:
    for record in records:
        if record.raw and not record.raw.isspace():
            found.records += 1
        if record.row is not None:
            lengths = count_tokens(record, counter, context, arrays=arrays)
            found.totals.append(lengths.total)
            found.sequences.append(lengths.sequence)
            found.trained += lengths.trained
