"""One JSON array, or JSON values one after the other, each over as many lines as it likes: a record a value.

The text is only cut at its outermost commas and brackets here, at a speed and in a memory that do not depend on the size of the
file; whether a piece is sound JSON is for the reader to say.
"""

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final

import msgspec

from tunelint.core.dataset import FileFacts
from tunelint.engine.locate import Origin
from tunelint.engine.sources.base import CHUNK, MAX_RECORD, Batch, pick
from tunelint.engine.sources.jsonlines import BOM
from tunelint.engine.sources.streams import ByteStream

__all__ = ["JsonValues"]

_PIECE: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+"|["{}\[\],]', re.DOTALL)
_BLANK: Final = b" \t\r\n"
_BATCH_BYTES: Final = CHUNK
_WHOLE: Final = 32 << 20
"""Bytes of the largest file that is parsed as a whole to find the exact place of a fault between its records."""


class JsonValues:
    """Yields the items of an array or the values of a stream of values."""

    def __init__(self, stream: ByteStream, facts: FileFacts) -> None:
        self.facts = facts
        self._stream = stream
        self._complete = False

    def batches(self) -> Iterator[Batch]:
        """Yield the records with the place where each begins."""
        facts = self.facts if not self._complete else msgspec.structs.replace(self.facts)
        if not self._complete:
            facts.lf = facts.crlf = facts.cr = facts.lines = 0
        with self._stream.open() as file:
            cutter = _Cutter(file, facts)
            number = 0
            rows: list[bytes] = []
            origins: list[Origin] = []
            offsets: list[int] = []
            oversized: dict[int, int] = {}
            size = 0
            for raw, origin, offset in cutter.values():
                if len(raw) > MAX_RECORD:
                    oversized[len(rows)] = len(raw)
                    raw = b""  # noqa: PLW2901
                rows.append(raw)
                origins.append(origin)
                offsets.append(offset)
                size += len(raw)
                if size >= _BATCH_BYTES:
                    yield Batch(number, origins[0].line, rows, origins, oversized, offsets=offsets)
                    number, rows, origins, offsets, oversized, size = number + 1, [], [], [], {}, 0
            broken: frozenset[int] = frozenset()
            if cutter.fault is not None:
                broken = frozenset({len(rows)})
                rows.append(self._faulty(cutter.fault[0]))
                origins.append(Origin(1) if rows[-1] else cutter.fault[1])
            if rows:
                yield Batch(number, origins[0].line, rows, origins, oversized, broken, offsets)
            facts.lines = cutter.line
        self._complete = True

    def fetch(self, handles: Iterable[int]) -> dict[int, tuple[bytes, Origin]]:
        """Read some records again."""
        return pick(self.batches(), handles)

    def read_all(self) -> bytes:
        """Return the whole text."""
        with self._stream.open() as file:
            return file.read()

    def _faulty(self, rest: bytes) -> bytes:
        """Return the whole text, so that the parser finds the exact place of the fault; of a huge file only the rest."""
        if self._stream.size is not None and self._stream.size <= _WHOLE:
            with self._stream.open() as file:
                return file.read().removeprefix(BOM)
        return rest[:CHUNK]


class _Cutter:
    """Cuts a stream of bytes into JSON values and keeps count of lines and columns."""

    def __init__(self, file: BinaryIO, facts: FileFacts) -> None:
        self.facts = facts
        self.line = 1
        self.column = 1
        self.fault: tuple[bytes, Origin] | None = None
        self._file = file
        self._buffer = b""
        self._start = 0  # offset in the buffer of what is not yet accounted for
        self._before = len(BOM) if facts.bom else 0  # bytes of the file before the buffer
        self._ended = False
        self._after_cr = False
        file.read(self._before)

    def values(self) -> Iterator[tuple[bytes, Origin, int]]:
        """Yield each value with its place and the bytes before it; `fault` is set when something between values is wrong."""
        first = self._peek()
        in_array = first == b"[" and self.facts.container == "json"
        if in_array:
            self._advance(self._start + 1)
        empty = True
        while True:
            sign = self._peek()
            if not sign:
                if in_array:
                    self._fail()
                return
            if in_array and sign == b"]" and empty:
                break
            end = self._value_end(in_array)
            raw = self._buffer[self._start : end].rstrip(_BLANK)
            origin, offset = Origin(self.line, self.column), self._before + self._start
            if not raw:
                self._fail()
                return
            self._advance(end)
            yield raw, origin, offset
            empty = False
            if in_array:
                sign = self._peek()
                if sign == b"]":
                    break
                if sign != b",":
                    self._fail()
                    return
                self._advance(self._start + 1)
                if self._peek() == b"]":
                    self._fail()
                    return
        self._advance(self._start + 1)
        if self._peek():
            self._fail()

    def _fail(self) -> None:
        self.fault = self._buffer[self._start :], Origin(self.line, self.column)
        while self._more():
            self._advance(len(self._buffer))
        self._advance(len(self._buffer))

    def _more(self) -> bool:
        """Read on; the buffer grows by at least its own length, so that rescanning a long value stays linear."""
        if self._ended:
            return False
        data = self._file.read(max(CHUNK, len(self._buffer) - self._start))
        if not data:
            self._ended = True
            return False
        self._before += self._start
        self._buffer = self._buffer[self._start :] + data
        self._start = 0
        return True

    def _peek(self) -> bytes:
        """Skip white space and return the next byte, none at the end."""
        while True:
            rest = self._buffer[self._start : self._start + 64].lstrip(_BLANK)
            if rest:
                blank = min(64, len(self._buffer) - self._start) - len(rest)
                self._advance(self._start + blank)
                return rest[:1]
            if self._start + 64 < len(self._buffer):
                self._advance(self._start + 64)
            else:
                self._advance(len(self._buffer))
                if not self._more():
                    return b""

    def _value_end(self, in_array: bool) -> int:
        """Return the offset behind the value that begins here."""
        while True:
            end = self._scan(in_array)
            if end >= 0:
                return end
            if not self._more():
                return len(self._buffer)

    def _scan(self, in_array: bool) -> int:
        """Look for the end of the value in the buffer; -1 when more of the file is needed to tell."""
        depth = 0
        buffer = self._buffer
        if not in_array and buffer[self._start : self._start + 1] not in (b"{", b"["):
            return self._scan_scalar()
        for piece in _PIECE.finditer(buffer, self._start):
            sign = piece[0]
            if sign in (b"{", b"["):
                depth += 1
            elif sign in (b"}", b"]"):
                if depth == 0:
                    return piece.start()
                depth -= 1
                if depth == 0 and not in_array:
                    return piece.end()
            elif sign == b"," and depth == 0:
                return piece.start()
            elif sign == b'"':
                return -1  # the string goes on behind the buffer
        return len(buffer) if self._ended else -1

    def _scan_scalar(self) -> int:
        """Look for the end of a value of a stream that is no object and no array: it ends with its line."""
        end = self._buffer.find(b"\n", self._start)
        return end if end >= 0 else len(self._buffer) if self._ended else -1

    def _advance(self, offset: int) -> None:
        """Move on to an offset of the buffer, counting lines and characters."""
        passed = self._buffer[self._start : offset]
        self._start = offset
        if passed and self._after_cr:
            self._after_cr = False
            if passed[:1] == b"\n":  # the other half of a line end that was cut in two
                self.facts.cr -= 1
                self.facts.crlf += 1
                passed = passed[1:]
        if b"\n" in passed or b"\r" in passed:
            both, lf, cr = passed.count(b"\r\n"), passed.count(b"\n"), passed.count(b"\r")
            self.facts.crlf += both
            self.facts.lf += lf - both
            self.facts.cr += cr - both
            self.line += lf + cr - both
            self._after_cr = passed.endswith(b"\r")
            passed = passed[max(passed.rfind(b"\n"), passed.rfind(b"\r")) + 1 :]
            self.column = 1
        self.column += len(passed) if passed.isascii() else _characters(passed)
        self.facts.final_newline = offset > 0 and self._buffer[offset - 1 : offset] in (b"\n", b"\r")


def _characters(data: bytes) -> int:
    return len(data.decode("utf-8", "replace"))
