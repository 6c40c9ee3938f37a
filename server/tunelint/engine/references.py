"""Reads other files that a dataset is compared with: its validation file, its training file, the evaluations it must not hold."""

import functools
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from tunelint.core.example import Method, is_trained
from tunelint.core.record import ABSENT, Record, leaves
from tunelint.core.reference import (
    LEAST_WORDS,
    Passages,
    Reference,
    ReferenceRole,
    grams_of,
    passage_hash,
    passage_words,
)
from tunelint.engine.linter import Linter, Request
from tunelint.engine.plan import Selection
from tunelint.engine.sources import open_source
from tunelint.engine.sources.base import Source
from tunelint.formats.base import Format, Target

__all__ = ["Reading", "read_reference", "reference_of"]

_COMMON: Final = 5
_COMMON_SHARE: Final = 0.01
"""A prompt that more records than these have is what the task says to everyone, and no example that could have leaked."""

_COMMON_GRAM: Final = 10
"""Passages that may share a sequence of words: what more of them have is the template of the evaluation."""


class Reading(msgspec.Struct, frozen=True):
    """How a file is read: as what is being checked would be read."""

    target: Target | None = None
    method: Method | None = None
    form: Format | None = None


def read_reference(path: Path, name: str, role: ReferenceRole, reading: Reading) -> Reference:
    """Return what a file holds; it is read again only when it has changed. A `SourceError` says why it cannot be read."""
    try:
        status = path.stat()
    except OSError:
        return reference_of(open_source(path, name), role, reading)
    return _read(os.path.abspath(path), name, role, reading, status.st_mtime_ns, status.st_size)  # noqa: PTH100  of a cache


@functools.lru_cache(maxsize=32)
def _read(path: str, name: str, role: ReferenceRole, reading: Reading, changed: int, size: int) -> Reference:
    return reference_of(open_source(Path(path), name), role, reading)


def reference_of(source: Source, role: ReferenceRole, reading: Reading, within: Reference | None = None) -> Reference:
    """Read a source; of one that is compared `within` another file only what both have is kept."""
    request = Request(selection=Selection(frozenset()), target=reading.target, method=reading.method, form=reading.form)
    linter = Linter(source, request)
    examples: dict[int, int] = {}
    prompts: dict[int, int] = {}
    often: Counter[int] = Counter()
    passages: list[tuple[int, list[str]]] = []
    records = 0
    for record, line in _records(linter):
        records += 1
        if within is None or record.identity in within.examples:
            examples.setdefault(record.identity, line)
        if linter.context.method == "sft" and record.answer is not None:
            prompt = record.digests[0]
            if within is None or prompt in within.prompts:
                prompts.setdefault(prompt, line)
                often[prompt] += 1
        if role == "evaluation":
            passages += ((line, words) for text in _asked(record) if len(words := passage_words(text)) >= LEAST_WORDS)
    most = max(_COMMON, _COMMON_SHARE * records)
    prompts = {prompt: line for prompt, line in prompts.items() if often[prompt] <= most}
    return Reference(source.facts.name, role, examples, prompts, _passages(passages))


def _records(linter: Linter) -> Iterator[tuple[Record, int]]:
    """Yield the records that have a value to compare, with their lines."""
    reader = linter.plan.reader
    for batch in linter.source.batches():
        base = batch.handle(0)
        for record in reader.read_block(batch.rows, base, batch.block):
            assert isinstance(record.handle, int)
            index = record.handle - base
            if index in batch.oversized or index in batch.broken or not record.raw.strip():
                continue
            if record.row is not None or isinstance(record.value, dict):
                yield record, batch.origin(index).line


def _asked(record: Record) -> list[str]:
    """Return what an evaluation asks: the turns before the answer or, in no known format, every string."""
    example = record.example
    if example is None:
        return [text for _, text in leaves(record.value)] if record.value is not ABSENT else []
    return [turn.text for turn in example.turns if turn.role in {"user", "text"} or not is_trained(turn)]


def _passages(found: list[tuple[int, list[str]]]) -> Passages:
    """Return the passages by number, without sequences of words that many of them share."""
    whole: dict[int, int] = {}
    holders: dict[int, list[int]] = {}
    for number, (_, words) in enumerate(found):
        whole.setdefault(passage_hash(words), number)
        for gram in grams_of(words):
            holders.setdefault(gram, []).append(number)
    grams = {gram: tuple(numbers) for gram, numbers in holders.items() if len(numbers) <= _COMMON_GRAM}
    sizes = Counter(number for numbers in grams.values() for number in numbers)
    lines = tuple(line for line, _ in found)
    return Passages(lines, tuple(sizes[number] for number in range(len(found))), whole, grams)
