r"""Lines as editors and trainers count them: only ``\n``, ``\r\n`` and ``\r`` end a line.

``str.splitlines`` also splits at U+2028, U+2029, U+0085 and other characters that may stand raw inside a JSON string, so
it must never be used on a dataset.
"""

import re
from typing import Literal, NamedTuple

__all__ = [
    "ColumnUnit",
    "LineStore",
    "Position",
    "Splice",
    "from_code_points",
    "line_body",
    "split_lines",
    "to_code_points",
]

ColumnUnit = Literal["utf-8", "utf-16", "utf-32"]
"""What one step of a column is: a byte, a UTF-16 code unit or a code point."""

_LINE_END = re.compile(r"\r\n|\n|\r")
_CONTINUATION_MASK, _CONTINUATION = 0xC0, 0x80


class Position(NamedTuple):
    """A place between two characters: line and column start at 0, the column counts code points."""

    line: int
    column: int


class Splice(NamedTuple):
    """What an edit did to a ``LineStore``: `removed` lines from `first` on were replaced by `inserted` lines."""

    first: int
    removed: int
    inserted: int


def split_lines(text: str) -> list[str]:
    """Split `text` into lines that keep their line ends; the last line has none and may be empty."""
    if "\r" not in text:
        pieces = text.split("\n")
        last = pieces.pop()
        lines = [piece + "\n" for piece in pieces]
        lines.append(last)
        return lines
    lines = []
    start = 0
    for match in _LINE_END.finditer(text):
        lines.append(text[start : match.end()])
        start = match.end()
    lines.append(text[start:])
    return lines


def line_body(line: str) -> str:
    """Return `line` without its line end."""
    if line.endswith("\r\n"):
        return line[:-2]
    return line[:-1] if line.endswith(("\n", "\r")) else line


def to_code_points(line: str, column: int, unit: ColumnUnit) -> int:
    """Turn a column in `unit` into one in code points.

    A column past the end of the line is its end; one inside a character is the start of that character.
    """
    body = line_body(line)
    if column <= 0:
        return 0
    if unit == "utf-32" or body.isascii():
        return min(column, len(body))
    if unit == "utf-16":
        units = body.encode("utf-16-le", "surrogatepass")
        if column * 2 >= len(units):
            return len(body)
        head = units[: column * 2]
        inside_pair = 0xD8 <= head[-1] <= 0xDB and 0xDC <= units[column * 2 + 1] <= 0xDF
        return len((head[:-2] if inside_pair else head).decode("utf-16-le", "surrogatepass"))
    encoded = body.encode("utf-8", "surrogatepass")
    if column >= len(encoded):
        return len(body)
    starts = sum(byte & _CONTINUATION_MASK != _CONTINUATION for byte in encoded[:column])
    return starts - (encoded[column] & _CONTINUATION_MASK == _CONTINUATION)


def from_code_points(line: str, column: int, unit: ColumnUnit) -> int:
    """Turn a column in code points into one in `unit`; a column past the end of the line is its end."""
    head = line_body(line)[: max(column, 0)]
    if unit == "utf-32" or head.isascii():
        return len(head)
    if unit == "utf-16":
        return len(head.encode("utf-16-le", "surrogatepass")) // 2
    return len(head.encode("utf-8", "surrogatepass"))


class LineStore:
    """The lines of one document, spliced by edits in time that depends on the edit and not on the document.

    Joined together the lines are the text, to the character. A line never contains a line end but at its end, and every
    line but the last has one.
    """

    __slots__ = ("lines",)

    def __init__(self, text: str) -> None:
        self.lines = split_lines(text)

    def __len__(self) -> int:
        return len(self.lines)

    @property
    def text(self) -> str:
        """The whole text: O(document), never needed for an edit."""
        return "".join(self.lines)

    def clamp(self, position: Position) -> Position:
        """Return the nearest place inside the document: line ends are not inside a line."""
        if position.line < 0:
            return Position(0, 0)
        if position.line >= len(self.lines):
            return Position(len(self.lines) - 1, len(self.lines[-1]))
        return Position(position.line, min(max(position.column, 0), len(line_body(self.lines[position.line]))))

    def splice(self, start: Position, end: Position, text: str) -> Splice:
        """Replace the characters from `start` to `end` by `text`; places outside the document are moved inside."""
        start, end = self.clamp(start), self.clamp(end)
        if end < start:
            start, end = end, start
        first, stop = start.line, end.line + 1
        changed = self.lines[first][: start.column] + text + self.lines[end.line][end.column :]
        if first > 0 and changed.startswith("\n") and self.lines[first - 1].endswith("\r"):
            first -= 1
            changed = self.lines[first] + changed
        pieces = split_lines(changed)
        if stop < len(self.lines):
            pieces.pop()
        self.lines[first:stop] = pieces
        return Splice(first, stop - first, len(pieces))
