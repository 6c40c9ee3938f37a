"""Rows of text whose fields are separated: CSV, where one quote too many or too few damages one row not the file."""

import csv
import re
from collections import deque
from collections.abc import Iterator
from itertools import accumulate, islice
from typing import Final, NamedTuple

__all__ = ["QuoteFault", "Row", "Rows", "quote_fault"]

_QUOTED: Final = re.compile(r'"(?:[^"]++|"")*+("?)')
_DELIMITERS: Final = ",;\t|"
_LOOKAHEAD: Final = 50
"""Lines that a row may span which is looked for behind a broken one."""

_SEARCHED: Final = 1_000
"""Lines behind a broken row in which the next sound one is looked for; with none there all of them belong to the broken one."""


class QuoteFault(NamedTuple):
    """What is wrong with the quotes of a row: the character where its quoted field begins and, where it ends too early, that."""

    opened: int
    closed: int | None = None


class Row(NamedTuple):
    """A row as it is written, line ends included, and the line that it begins on, from 1; without `fields` it is broken."""

    line: int
    text: str
    fields: list[str] | None


class _Shape(NamedTuple):
    """How many fields a row has, what is wrong with its quotes, and where its first field of several lines begins, else -1."""

    fields: int
    fault: QuoteFault | None
    spanning: int = -1


def _shape(text: str, delimiter: str) -> _Shape:
    """Look at the first row of a text."""
    plain = re.compile(f"[^{re.escape(delimiter)}\r\n]*+")
    start, fields, spanning = 0, 1, -1
    while True:
        quoted = _QUOTED.match(text, start)
        if quoted is not None and not quoted[1]:
            return _Shape(fields, QuoteFault(start), spanning)
        found = quoted or plain.match(text, start)
        assert found is not None  # an empty field matches
        if spanning < 0 and quoted is not None and ("\n" in quoted[0] or "\r" in quoted[0]):
            spanning = start
        sign = text[found.end() : found.end() + 1]
        if sign in {"", "\r", "\n"}:
            return _Shape(fields, None, spanning)
        if sign != delimiter:
            return _Shape(fields, QuoteFault(start, found.end() - 1), spanning)
        start, fields = found.end() + 1, fields + 1


def quote_fault(text: str, delimiter: str) -> QuoteFault | None:
    """Return what is wrong with the quotes of the row that a text begins with."""
    return _shape(text, delimiter).fault


class Rows:
    """Yields the rows of lines that keep their ends; a broken row is one of them.

    A field in quotes may span lines. Where its quote is never closed, or text stands behind the closing one, the row is broken:
    it ends before the next line at which a row begins that has as many fields as the first one, the header. So does a row of
    more fields than the header which swallowed lines that are such rows.
    """

    def __init__(self, lines: Iterator[str]) -> None:
        self.width = 0
        self._source = lines
        self._ahead: deque[str] = deque()
        for line in lines:
            self._ahead.append(line)
            if not line.isspace():
                break
        self.delimiter = max(_DELIMITERS, key=self._ahead[-1].count) if self._ahead else _DELIMITERS[0]
        self._taken: list[str] = []
        self.line = 1
        """The line behind all rows that were yielded."""

    def __iter__(self) -> Iterator[Row]:
        """Yield the rows; blank lines are rows without a field."""
        while True:
            reader = csv.reader(self._lines(), delimiter=self.delimiter, strict=True)
            try:
                for fields in reader:
                    if self.width and len(fields) > self.width and len(self._taken) > 1 and self._swallowed():
                        break
                    self.width = self.width or len(fields)
                    yield self._row(len(self._taken), fields)
                else:
                    return
            except csv.Error:
                pass
            yield self._broken()

    def _lines(self) -> Iterator[str]:
        while True:
            line = self._ahead.popleft() if self._ahead else next(self._source, None)
            if line is None:
                return
            self._taken.append(line)
            yield line

    def _broken(self) -> Row:
        """Return the broken row that the taken lines begin with, and put back those that are not of it."""
        last = self._sound_from(self._behind_opening())
        self._ahead.extendleft(reversed(self._taken[last:]))
        self.width = self.width or self._taken[0].count(self.delimiter) + 1
        return self._row(last, None)

    def _row(self, lines: int, fields: list[str] | None) -> Row:
        """Return the row that so many of the taken lines are, and go on behind it."""
        row = Row(self.line, "".join(self._taken[:lines]), fields)
        self.line += lines
        self._taken = []
        return row

    def _behind_opening(self) -> int:
        """Return the first of the taken lines behind the one where the field begins that broke the row or swallowed others."""
        shape = _shape("".join(self._taken), self.delimiter)
        offset = shape.fault.opened if shape.fault is not None else shape.spanning
        if offset < 0:
            return len(self._taken)
        return next(number for number, end in enumerate(accumulate(map(len, self._taken)), start=1) if end > offset)

    def _sound_from(self, first: int) -> int:
        """Return the first of the taken lines from `first` on at which a sound row begins; more lines are taken for that."""
        for index in range(first, first + _SEARCHED):
            self._take(index + 1)
            if index >= len(self._taken) or self._fits(index):
                return index
        return first + _SEARCHED

    def _take(self, count: int) -> None:
        deque(islice(self._lines(), max(count - len(self._taken), 0)), maxlen=0)

    def _fits(self, index: int) -> bool:
        """Tell whether a row begins at a taken line that has as many fields as the header."""
        if self._taken[index].isspace():
            return False
        shape = _shape(self._taken[index], self.delimiter)
        if shape.fault is not None and shape.fault.closed is None and shape.fields <= self.width:
            self._take(index + _LOOKAHEAD)
            shape = _shape("".join(self._taken[index : index + _LOOKAHEAD]), self.delimiter)
        return shape.fault is None and self.width in {0, shape.fields}

    def _swallowed(self) -> bool:
        """Tell whether the taken row, whose quotes are in order, holds a line that is a sound row of its own."""
        first = self._behind_opening()
        return self.width > 1 and first < len(self._taken) and self._fits(first)
