"""JSON Lines, and plain text with one document a line: a record a line."""

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final

import msgspec

from tunelint.core.dataset import FileFacts
from tunelint.engine.locate import Origin
from tunelint.engine.sources.base import CHUNK, MAX_RECORD, ROW_BITS, Batch, SourceError, pick
from tunelint.engine.sources.streams import ByteStream

__all__ = ["BOM", "JsonLines", "TextLines", "split_block"]

BOM: Final = b"\xef\xbb\xbf"
_LINE_END: Final = re.compile(rb"\r\n|\n|\r")


class JsonLines:
    """Reads whole lines in blocks of about a mebibyte, so that memory does not depend on the size of the file."""

    def __init__(self, stream: ByteStream, facts: FileFacts) -> None:
        self.facts = facts
        self._stream = stream
        self._starts: list[tuple[int, int]] = []  # offset and first line of each batch
        self._complete = False

    def batches(self) -> Iterator[Batch]:
        """Yield the lines; the first reading also fills the facts."""
        first_reading = not self._complete
        facts = self.facts if first_reading else msgspec.structs.replace(self.facts)
        if first_reading:
            facts.lf = facts.crlf = facts.cr = facts.lines = 0
            facts.final_newline = True
            self._starts.clear()
        with self._stream.open() as file:
            line = 1
            for number, (offset, rows, oversized, block) in enumerate(self._blocks(file, facts)):
                if first_reading:
                    self._starts.append((offset, line))
                records = self._records(rows)
                yield Batch(number, line, records, None, oversized, block=block if records is rows else None)
                line += len(rows)
        if first_reading:
            facts.lines = line - 1
            self._complete = True

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
                offset, line = self._starts[number]
                stop = self._starts[number + 1][0] if number + 1 < len(self._starts) else None
                file.seek(offset)
                data = file.read() if stop is None else _read_exactly(file, stop - offset)
                rows = self._records(split_block(data)[0])
                for handle in wanted[number]:
                    index = handle & ((1 << ROW_BITS) - 1)
                    found[handle] = rows[index], Origin(line + index)
        return found

    def lines_with_ends(self) -> Iterator[tuple[int, bytes, bytes]]:
        """Yield handle, text and line end of each line, for `engine.fixes`."""
        with self._stream.open() as file:
            for number, (offset, rows, oversized, _) in enumerate(self._blocks(file, msgspec.structs.replace(self.facts))):
                if oversized:
                    raise SourceError(f"{self.facts.name}: has a line of {oversized[0]:,} bytes, too long to be fixed")
                ends = self._ends(offset, rows)
                for index, row in enumerate(rows):
                    yield (number << ROW_BITS) | index, row, ends[index]

    def _ends(self, offset: int, rows: list[bytes]) -> list[bytes]:
        """Return the line end of each row of the block at `offset`."""
        with self._stream.open() as file:
            file.seek(offset)
            block = _read_exactly(file, sum(map(len, rows)) + 2 * len(rows))
        ends: list[bytes] = []
        position = 0
        for row in rows:
            position += len(row)
            match = _LINE_END.match(block, position)
            ends.append(match[0] if match is not None else b"")
            position += len(ends[-1])
        return ends

    def _records(self, rows: list[bytes]) -> list[bytes]:
        return rows

    def _blocks(self, file: BinaryIO, facts: FileFacts) -> Iterator[tuple[int, list[bytes], dict[int, int], bytes]]:
        """Yield offset, lines, oversized lines and text of each block of whole lines."""
        offset = len(BOM) if facts.bom else 0
        file.read(offset)
        pieces: list[bytes] = []  # the beginning of a line that is longer than a chunk
        held = 0
        while data := file.read(CHUNK):
            cut = _last_line_end(data)
            if cut == 0:
                pieces.append(data)
                held += len(data)
                if held > MAX_RECORD:
                    size = held + _skip_line(file, facts, data)
                    yield offset, [b""], {0: size}, b""
                    offset += size
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

    def lines_with_ends(self) -> Iterator[tuple[int, bytes, bytes]]:
        """Yield handle, text and line end of each line, for `engine.fixes`."""
        with self._stream.open() as file:
            for number, (offset, rows, oversized, _) in enumerate(self._blocks(file, msgspec.structs.replace(self.facts))):
                if oversized:
                    raise SourceError(f"{self.facts.name}: has a line of {oversized[0]:,} bytes, too long to be fixed")
                ends = self._ends(offset, rows)
                for index, row in enumerate(rows):
                    yield (number << ROW_BITS) | index, row, ends[index]

    def _ends(self, offset: int, rows: list[bytes]) -> list[bytes]:
        """Return the line end of each row of the block at `offset`."""
        with self._stream.open() as file:
            file.seek(offset)
            block = _read_exactly(file, sum(map(len, rows)) + 2 * len(rows))
        ends: list[bytes] = []
        position = 0
        for row in rows:
            position += len(row)
            match = _LINE_END.match(block, position)
            ends.append(match[0] if match is not None else b"")
            position += len(ends[-1])
        return ends

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


def _read_exactly(file: BinaryIO, size: int) -> bytes:
    pieces = []
    while size > 0 and (data := file.read(size)):
        pieces.append(data)
        size -= len(data)
    return b"".join(pieces)
