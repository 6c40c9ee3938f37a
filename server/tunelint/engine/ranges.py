"""Ranges of bytes of a large file, and how what was found in them is joined: what a pool of processes and a cluster share.

Only JSON Lines on disk are cut into ranges. A range counts its lines from its own start; they are counted through when all are
joined.
"""

import importlib
from typing import Final

import msgspec

from tunelint.core.dataset import FileFacts, TokenTotals
from tunelint.engine.collector import Collector
from tunelint.engine.ledger import Ledger
from tunelint.engine.linter import Linter
from tunelint.engine.parts import Part, check_part
from tunelint.engine.sources.base import PARALLEL_FROM
from tunelint.engine.sources.jsonlines import JsonLines, Start
from tunelint.tokens import counter_for

__all__ = ["Range", "RangeResult", "check_range", "cut", "empty_result", "join", "prepare"]

_PART: Final = 8 << 20
_MOST_PARTS: Final = 1 << 10
_BATCHES: Final = 1 << 20
"""More than the batches of any part: numbers of batches go up in the order of the file."""


class Range(msgspec.Struct, frozen=True):
    """A part of a file, by the bytes from `start` to `end` and its place among the parts."""

    index: int
    start: int
    end: int

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return self.end - self.start

    def __str__(self) -> str:
        return f"bytes {self.start:,} to {self.end:,}"


class RangeResult(msgspec.Struct):
    """What was found in ranges, where their batches begin (lines counted from the start of each range), and their line ends."""

    part: Part
    starts: dict[int, Start]
    facts: FileFacts

    def merge(self, other: "RangeResult") -> None:
        """Add what was found in ranges further down the file."""
        self.part.merge(other.part)
        self.starts |= other.starts
        self.facts.lf += other.facts.lf
        self.facts.crlf += other.facts.crlf
        self.facts.cr += other.facts.cr
        self.facts.lines += other.facts.lines
        self.facts.final_newline = self.facts.final_newline and other.facts.final_newline


def cut(linter: Linter) -> list[Range]:
    """Return the ranges that a linter's file is to be read in; none where it is small or cannot be cut."""
    source = linter.source
    size = source.facts.size or 0
    if not isinstance(source, JsonLines) or size < PARALLEL_FROM:
        return []
    parts = source.cut(max(_PART, size // _MOST_PARTS))
    return [Range(index, start, end) for index, (start, end) in enumerate(parts)]


def prepare(linter: Linter) -> None:
    """Load what every process needs, so that forked ones share it."""
    if linter.plan.arrays:
        counter_for(linter.context.encoding).hasten()
        importlib.import_module("numpy")
        importlib.import_module("tunelint.tokens.blocks")


def check_range(linter: Linter, one: Range) -> RangeResult:
    """Check one part of a linter's file."""
    source = linter.source
    assert isinstance(source, JsonLines)
    source.starts.clear()
    facts = msgspec.structs.replace(source.facts)
    batches = source.part(one.start, one.end, one.index * _BATCHES, facts)
    part = check_part(batches, linter.plan, source.facts.name)
    return RangeResult(part, dict(source.starts), facts)


def empty_result(linter: Linter) -> RangeResult:
    """Return what was found in no range at all, for others to be merged into in the order of the file."""
    plan, facts = linter.plan, linter.source.facts
    tokens = TokenTotals(0, 0, counter_for(linter.context.encoding).encoding) if plan.needs_tokens else None
    part = Part({}, 0, Ledger(plan, linter.request.memory), Collector(plan, facts.name), tokens)
    return RangeResult(part, {}, msgspec.structs.replace(facts, lf=0, crlf=0, cr=0, lines=0, final_newline=True))


def join(linter: Linter, whole: RangeResult) -> None:
    """Give a linter what was found in all ranges of its file, as if it had read the file itself."""
    source, part = linter.source, whole.part
    assert isinstance(source, JsonLines)
    before = part.count_through()
    linter.ledger, linter.collector, linter.context.tokens = part.ledger, part.collector, part.tokens
    source.starts = {number: start._replace(line=before[number] + 1) for number, start in whole.starts.items()}
    facts, seen = source.facts, whole.facts
    facts.records = part.records
    facts.lf, facts.crlf, facts.cr, facts.lines = seen.lf, seen.crlf, seen.cr, seen.lines
    facts.final_newline = seen.final_newline
