"""Draws the sample of a file for the commands that make something of its examples, with what the rules say of them."""

from collections.abc import Callable
from typing import NamedTuple

from tunelint.advice.measured import content_key
from tunelint.advice.sample import Drawn, Sample
from tunelint.core.finding import Handle, Severity
from tunelint.engine.advising import draw
from tunelint.engine.linter import Linter

__all__ = ["Drawing", "draw_examples"]


class Drawing(NamedTuple):
    """The sample, the handles of all records with a warning or an error, how many fit the format, and the sample's key."""

    drawn: list[Drawn]
    flagged: frozenset[Handle]
    records: int
    content: str


def draw_examples(linter: Linter, progress: Callable[[int], None] | None = None) -> Drawing:
    """Read a file twice: once for the sample and once for the findings, of which the linter must keep all.

    `progress` is told of the bytes of each batch of the first reading; the linter has its own for the second.
    """
    sample = Sample()
    records = 0
    for batch in linter.source.batches():
        for record in linter.plan.reader.read_block(batch.rows, batch.handle(0), batch.block, everything=True):
            if record.row is not None:
                sample.add(record.identity, record.handle)
                records += 1
        if progress is not None:
            progress(sum(map(len, batch.rows)))
    linter.read()
    linter.report()
    drawn = draw(sample.items(), linter.fetch)
    return Drawing(
        drawn,
        frozenset(linter.collector.flagged(Severity.WARNING)),
        records,
        content_key(identity for identity, _ in sample.items()),
    )
