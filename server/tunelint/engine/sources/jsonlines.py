"""JSON Lines, and plain text with one document a line: a record a line."""

import re
import sys
from array import array
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import BinaryIO, Final, NamedTuple

import msgspec

from tunelint.core.dataset import FileFacts
from tunelint.engine.locate import Origin
from tunelint.engine.sources.base import CHUNK, MAX_RECORD, ROW_BITS, Batch, SourceError, pick
from tunelint.engine.sources.streams import ByteStream

__all__ = ["BOM", "JsonLines", "Start", "TextLines", "split_block"]

BOM: Final = b"\xef\xbb\xbf"
_LAST_PARTS: Final = 8
_SMALLER: Final = 8
"""A part has at most one in `_LAST_PARTS` of the bytes that are left to cut, but is not more than `_SMALLER` times smaller."""

_LINE_END: Final = re.compile(rb"\r\n|\n|\r")


class Start(NamedTuple):
    """Where a batch begins: offset and length in bytes, and its first line.

    `rows` are the offsets of its lines from there, and last that of the line that would come next, where all lines end in one
    line feed: reading one line again then needs no other.
    """

    offset: int
    size: int
    line: int
    rows: "array[int] | None" = None


class JsonLines:
    """Reads whole lines in blocks of about `CHUNK` bytes, so that memory does not depend on the size of the file."""

    def __init__(self, stream: ByteStream, facts: FileFacts) -> None:
        self.facts = facts
        self.starts: dict[int, Start] = {}
        """Where each batch begins, by its number; filled by the first reading."""
        self._stream = stream
        self._complete = False

    def batches(self) -> Iterator[Batch]:
        """Yield the lines; the first reading also fills the facts."""
        facts = self.facts if not self._complete else msgspec.structs.replace(self.facts)
        if not self._complete:
            self.starts.clear()
        yield from self.part(0, None, 0, facts)
        self._complete = True

    def part(self, start: int, end: int | None, number: int, facts: FileFacts) -> Iterator[Batch]:
        """Yield the lines from one offset to another, both at the beginning of a line; batches count from `number`.

        The first line is taken to be line 1. `facts` are filled with what is seen of the part.
        """
        facts.lf = facts.crlf = facts.cr = 0
        facts.final_newline = True
        line = 1
        with self._stream.open() as file:
            for offset, rows, oversized, block in self._blocks(file, facts, start, end):
                if number not in self.starts:
                    begins = array("I", accumulate([len(row) + 1 for row in rows], initial=0)) if b"\r" not in block else None
                    self.starts[number] = Start(offset, oversized.get(0, len(block)), line, begins)
                records = self._records(rows)
                yield Batch(number, line, records, None, oversized, block=block if records is rows else None)
                line += len(rows)
                number += 1
        facts.lines = line - 1

    def cut(self, size: int) -> list[tuple[int, int]]:
        """Cut the file into parts that begin and end where lines do; none where it cannot be sought.

        They are of about `size` bytes, and smaller towards the end of the file, so that who reads the last one is soon through.
        """
        total = self.facts.size
        if not self._stream.seekable or total is None:
            return []
        ends = []
        with self._stream.open() as file:
            end = 0
            while end < total:
                left = total - end
                end += min(max(left // _LAST_PARTS, size // _SMALLER, 1), size, left)
                if end < total:
                    file.seek(end)
                    end += _behind_newline(file)
                ends.append(end)
        return list(zip([0, *ends[:-1]], ends, strict=True))

    def fetch(self, handles: Iterable[int]) -> dict[int, tuple[bytes, Origin]]:
        """Read some lines again, seeking to their blocks where the bytes allow it."""
        if not self._stream.seekable:
            return pick(self.batches(), handles)
        wanted: dict[int, list[int]] = {}
        for handle in handles:
            wanted.setdefault(handle >> ROW_BITS, []).append(handle)
        found: dict[int, tuple[bytes, Origin]] = {}
        with self._stream.open() as file:
            for number in sorted(wanted):
                offset, size, line, begins = self.starts[number]
                if size > MAX_RECORD + CHUNK:  # an oversized line, which has no text to give
                    found.update((handle, (b"", Origin(line))) for handle in wanted[number])
                    continue
                indices = [handle & ((1 << ROW_BITS) - 1) for handle in wanted[number]]
                if begins is not None:
                    rows = [_read_at(file, offset + begins[index], begins[index + 1] - begins[index] - 1) for index in indices]
                else:
                    file.seek(offset)
                    every = split_block(_read_exactly(file, size))[0]
                    rows = [every[index] for index in indices]
                for handle, index, row in zip(wanted[number], indices, self._records(rows), strict=True):
                    found[handle] = row, Origin(line + index)
        return found

    def rows_again(self) -> Iterator[bytes]:
        """Yield the text of each line once more, none of those that are too long, for who may stop before the end."""
        for batch in self.part(0, None, 0, msgspec.structs.replace(self.facts)):
            yield from batch.rows

    def lines_with_ends(self) -> Iterator[tuple[int, bytes, bytes]]:
        """Yield handle, text and line end of each line, for `engine.fixes`."""
        with self._stream.open() as file:
            blocks = self._blocks(file, msgspec.structs.replace(self.facts), 0, None)
            for number, (_, rows, oversized, block) in enumerate(blocks):
                if oversized:
                    raise SourceError(f"{self.facts.name}: has a line of {oversized[0]:,} bytes, too long to be fixed")
                position = 0
                for index, row in enumerate(rows):
                    match = _LINE_END.match(block, position + len(row))
                    end = match[0] if match is not None else b""
                    position += len(row) + len(end)
                    yield (number << ROW_BITS) | index, row, end

    def _records(self, rows: list[bytes]) -> list[bytes]:
        return rows

    def _blocks(
        self, file: BinaryIO, facts: FileFacts, start: int, end: int | None
    ) -> Iterator[tuple[int, list[bytes], dict[int, int], bytes]]:
        """Yield offset, lines, oversized lines and text of each block of whole lines."""
        offset = start or (len(BOM) if facts.bom else 0)
        left = end - offset if end is not None else sys.maxsize
        if start:
            file.seek(start)
        else:
            file.read(offset)
        pieces: list[bytes] = []  # the beginning of a line that is longer than a chunk
        held = 0
        while left > 0 and (data := file.read(min(CHUNK, left))):
            left -= len(data)
            cut = _last_line_end(data)
            if cut == 0:
                pieces.append(data)
                held += len(data)
                if held > MAX_RECORD:
                    skipped = _skip_line(file, facts, data)
                    left -= skipped
                    yield offset, [b""], {0: held + skipped}, b""
                    offset += held + skipped
                    pieces, held = [], 0
                continue
            block = b"".join([*pieces, data[:cut]]) if pieces else data[:cut]
            rows, ends = split_block(block)
            _count(facts, *ends)
            yield offset, rows, {}, block
            offset += len(block)
            pieces, held = ([data[cut:]], len(data) - cut) if cut < len(data) else ([], 0)
        if pieces:
            block = b"".join(pieces)
            rows, ends = split_block(block)
            _count(facts, *ends)
            facts.final_newline = block.endswith((b"\n", b"\r"))
            yield offset, rows, {}, block


class TextLines(JsonLines):
    """A plain text file, each line a document."""

    def _records(self, rows: list[bytes]) -> list[bytes]:
        return [msgspec.json.encode({"text": row.decode("utf-8", "replace")}) if row.strip() else b"" for row in rows]


def _last_line_end(data: bytes) -> int:
    """Return the offset behind the last line end of `data` that is surely whole, 0 if there is none."""
    cut = data.rfind(b"\n") + 1
    if cut == 0:
        cut = data.rfind(b"\r", 0, len(data) - 1) + 1
    return cut


def split_block(block: bytes) -> tuple[list[bytes], tuple[int, int, int]]:
    r"""Split a block into lines without their ends; return them and how many ended in ``\n``, ``\r\n`` and ``\r``."""
    if b"\r" not in block:
        rows = block.split(b"\n")
        ends = (len(rows) - 1, 0, 0)
    else:
        rows = _LINE_END.split(block)
        both = block.count(b"\r\n")
        ends = (block.count(b"\n") - both, both, block.count(b"\r") - both)
    if not rows[-1]:
        rows.pop()
    return rows, ends


def _count(facts: FileFacts, lf: int, crlf: int, cr: int) -> None:
    facts.lf += lf
    facts.crlf += crlf
    facts.cr += cr


def _skip_line(file: BinaryIO, facts: FileFacts, last: bytes) -> int:
    """Read on to the end of a line that is too long to be kept, and return how many bytes that were."""
    skipped = 0
    while data := file.readline(CHUNK):
        skipped += len(data)
        last = data
        if data.endswith(b"\n"):
            facts.lf += 1
            return skipped
    facts.final_newline = last.endswith((b"\n", b"\r"))
    return skipped


def _behind_newline(file: BinaryIO) -> int:
    """Return how many bytes there are up to the end of the line, its line end included."""
    passed = 0
    while data := file.read(CHUNK):
        place = data.find(b"\n")
        if place >= 0:
            return passed + place + 1
        passed += len(data)
    return passed


def _read_at(file: BinaryIO, offset: int, size: int) -> bytes:
    file.seek(offset)
    return _read_exactly(file, size)


def _read_exactly(file: BinaryIO, size: int) -> bytes:
    pieces = []
    while size > 0 and (data := file.read(size)):
        pieces.append(data)
        size -= len(data)
    return b"".join(pieces)
