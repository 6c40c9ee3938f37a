"""Finds in raw JSON text the pieces that could make a text rule fire, so that clean records never meet those rules."""

import functools
import re
import sys
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import accumulate
from operator import or_
from typing import TYPE_CHECKING, Final, NamedTuple

from tunelint.rules.base import Trigger
from tunelint.text.literals import patterns_of, pivot_of

if TYPE_CHECKING:
    from tunelint.engine.sieve import Sieve

__all__ = ["WINDOW", "Search", "Triggers", "spellings", "starts_of_rows"]

_SHORT_ESCAPES: Final = {
    '"': rb"\"",
    "\\": rb"\\",
    "/": rb"\/",
    "\b": rb"\b",
    "\f": rb"\f",
    "\n": rb"\n",
    "\r": rb"\r",
    "\t": rb"\t",
}
_ESCAPED_ASCII: Final = rb"\\u00[2-7]"
"""Some writers escape characters that need no escape, ``<`` above all. A line that has such an escape wakes every text rule."""

_RARE: Final = frozenset(b"<[{|\\`~^@#$%&*")
"""Bytes so rare in JSON that a search for patterns that begin with one runs at memory speed."""

_FEW: Final = 3
"""Where fewer than one row of so many goes beyond ASCII, what does so is looked for in these rows alone."""

_MANY: Final = 4
"""With more alternatives than this the byte that comes next is looked at first."""

_HOPS: Final = 16
_APART: Final = 256
"""A search hops from one first byte to the next, which costs a call each, but is 20 times quicker between them than a regular
expression. Where so many hops show that they stand closer than so many bytes on average, the expression goes on.
"""

_BACKSLASH: Final = ord("\\")

_SCANS: Final = 5
"""Up to so many scans take no more time than a sieve."""

WINDOW: Final = 3
"""Bytes of a piece that a sieve looks at."""


class Search(NamedTuple):
    """One scan: `find` returns the offset of the first of its patterns at or behind a place, -1 if there is none.

    `bits` are those of the rules that the patterns are of. In every text with one of the patterns stands one of the `pieces`, of
    two bytes or more; no pieces where that is not known.
    """

    find: Callable[[bytes, int], int]
    ascii: bool
    bits: int
    pieces: frozenset[bytes]


def spellings(character: str) -> list[bytes]:
    """Return the ways in which a JSON string may hold `character`, as regular expressions over UTF-8; ASCII as itself only."""
    found = []
    if character in _SHORT_ESCAPES:
        found.append(re.escape(_SHORT_ESCAPES[character]))
    if character not in '"\\' and character >= " ":
        found.append(re.escape(character.encode("utf-8", "surrogatepass")))
    if not " " <= character <= "~":
        units = character.encode("utf-16-be", "surrogatepass")
        pairs = [units[index : index + 2].hex() for index in range(0, len(units), 2)]
        found.append(b"".join(rb"\\u" + _any_case(pair) for pair in pairs))
    return found


def _any_case(digits: str) -> bytes:
    return b"".join(f"[{digit}{digit.upper()}]".encode() if digit.isalpha() else digit.encode() for digit in digits)


def _alternatives(options: list[bytes]) -> bytes:
    return options[0] if len(options) == 1 else b"(?:" + b"|".join(options) + b")"


def _pattern(literal: Trigger) -> bytes:
    if not isinstance(literal, str):
        return b"(?:" + (literal if isinstance(literal, bytes) else literal.pattern) + b")"
    return b"".join(_alternatives(spellings(character)) for character in literal)


class Triggers:
    """The triggers of several rules compiled into few scans of a line or of a block of lines.

    Patterns are grouped by their first byte where that is a rare one, other literals by an uncommon byte within them, and those
    that have none are looked for as they are: all run at memory speed. Only a line with a hit is then asked which rule it was.
    Where numpy is loaded, a `Sieve` says first which rows of a block a scan may find anything in.
    """

    def __init__(self, wanted: Iterable[tuple[int, Sequence[Trigger]]]) -> None:
        """Take pairs of a rule's bit and its triggers."""
        self._own: list[tuple[int, Callable[[bytes], object]]] = []
        grouped: dict[bytes, dict[bytes, int]] = {}
        pieces: dict[bytes, set[bytes]] = {}
        plain: dict[bytes, int] = {}
        pivoted: dict[bytes, int] = {}
        everything = 0
        for bit, literals in wanted:
            everything |= bit
            self._own.append((bit, re.compile(b"|".join(map(_pattern, literals))).search))
            for literal in literals:
                if not isinstance(literal, str):
                    pattern = literal if isinstance(literal, bytes) else literal.pattern
                    first = _first_byte(pattern)
                    _note(grouped.setdefault(first, {}), pattern, bit)
                    known = [_escape(pattern)] if isinstance(literal, bytes) else literal.pieces
                    pieces.setdefault(first, set()).update(known)
                    continue
                for start in spellings(literal[0]):
                    pattern = start + b"".join(_alternatives(spellings(character)) for character in literal[1:])
                    first = start[1:2] if start.startswith(b"\\") else start[:1]
                    simple = first[0] < 0x80 and first[0] not in _RARE and literal.isascii()
                    if not simple or pattern != re.escape(literal.encode()):
                        _note(grouped.setdefault(first, {}), pattern, bit)
                        pieces.setdefault(first, set()).update([_escape(pattern)] if first == b"\\" else _openings(literal))
                    elif pivot_of(literal.encode()) >= 0:
                        _note(pivoted, literal.encode(), bit)
                    else:
                        _note(plain, literal.encode(), bit)
        for middle, patterns in patterns_of(pivoted).items():
            bits = functools.reduce(or_, (bit for literal, bit in pivoted.items() if middle in literal))
            for pattern in patterns:
                _note(grouped.setdefault(middle, {}), pattern, bits)
            pieces.setdefault(middle, set()).update(_around(literal) for literal in pivoted if middle in literal)
        self.searches: list[Search] = []
        if self._own:
            grouped.setdefault(b"\\", {})[_ESCAPED_ASCII] = everything
            pieces.setdefault(b"\\", set()).add(_escape(_ESCAPED_ASCII))
        for literal_bytes, bit in sorted(plain.items()):
            self.searches.append(Search(_finding(literal_bytes), True, bit, _usable({literal_bytes[-WINDOW:]})))
        for first, those in sorted(grouped.items()):
            bits = functools.reduce(or_, those.values())
            scan = _compile(first, sorted(those))
            find = _searching_escape(scan) if first == b"\\" else _searching(first, scan)
            self.searches.append(Search(find, first < b"\x80", bits, _usable(pieces.get(first, set()))))
        self._escaped = re.compile(_ESCAPED_ASCII).search
        self.everything = everything
        """The bits of a row in which a character is escaped that need not be; 0 where nothing is looked for."""

    @functools.cached_property
    def _sieved(self) -> list[Search]:
        """The scans that a sieve stands for, in the order of its groups."""
        return [search for search in self.searches if search.pieces]

    @functools.cached_property
    def _sieve(self) -> "Sieve | None":
        from tunelint.engine.sieve import GROUPS, Sieve

        groups = [search.pieces for search in self._sieved]
        return Sieve(groups) if _SCANS < len(groups) <= GROUPS else None

    def rows(self, block: bytes, rows: Sequence[bytes], *, arrays: bool | None = None) -> dict[int, int]:
        """Return the bits of those rows that may concern a rule; `block` is their text in one piece, line ends included.

        All rows are JSON objects. `arrays` says whether to use numpy, which is quicker; None for where it is loaded.
        """
        sieve = self._sieve if arrays or (arrays is None and "numpy" in sys.modules) else None
        others = () if block.isascii() else [row for row, raw in enumerate(rows) if not raw.isascii()]
        few = len(others) * _FEW < len(rows)
        hit: dict[int, int] = {}
        starts: list[int] = []
        for find, ascii_only, bits, pieces in self.searches:
            if sieve is not None and pieces:
                continue
            if not ascii_only and few:
                for row in others:
                    if find(rows[row], 0) >= 0:
                        hit[row] = hit.get(row, 0) | bits
                continue
            place = find(block, 0)
            if place >= 0 and not starts:
                starts = starts_of_rows(block, rows)
            while place >= 0:
                row = bisect_right(starts, place) - 1
                hit[row] = hit.get(row, 0) | bits
                if row + 1 == len(rows):
                    break
                place = find(block, starts[row + 1])
        if sieve is not None:
            for row, groups in sieve.rows(block, starts or starts_of_rows(block, rows)):
                for number, search in enumerate(self._sieved):
                    if groups >> number & 1 and search.find(rows[row], 0) >= 0:
                        hit[row] = hit.get(row, 0) | search.bits
        return {row: bits for row, may in hit.items() if (bits := self._which(rows[row], may))}

    def find(self, raw: bytes) -> int:
        """Return the bits of the rules that a line may concern; 0 for nearly every clean line."""
        plain = raw.isascii()
        may = 0
        for find, ascii_only, bits, _ in self.searches:
            if not (plain and not ascii_only) and bits & ~may and find(raw, 0) >= 0:
                may |= bits
        return self._which(raw, may) if may else 0

    def _which(self, raw: bytes, may: int) -> int:
        """Return the bits of the rules that a line concerns, of those that it `may` concern."""
        if may == self.everything and self._escaped(raw) is not None:
            return self.everything
        bits = 0
        for bit, search in self._own:
            if bit & may and search(raw) is not None:
                bits |= bit
        return bits


def starts_of_rows(block: bytes, rows: Sequence[bytes]) -> list[int]:
    """Return the offsets at which rows begin in their block."""
    if b"\r" not in block:
        return [0, *accumulate([len(raw) + 1 for raw in rows[:-1]])]
    starts, place = [], 0
    for raw in rows:
        place = block.index(raw, place)
        starts.append(place)
        place += len(raw)
    return starts


def _first_byte(pattern: bytes) -> bytes:
    """Return the byte that a pattern begins with, which may be escaped."""
    return pattern[1:2] if pattern.startswith(b"\\") else pattern[:1]


def _escape(pattern: bytes) -> bytes:
    """Return what a pattern for an escape begins with, nothing for any other pattern."""
    return pattern[1:3] if pattern.startswith(rb"\\") and pattern[2:3].isalnum() else b""


def _openings(literal: str) -> list[bytes]:
    """Return what a literal begins with in all ways in which JSON spells it; nothing where that is not all within ASCII."""
    if not all(" " <= character <= "~" and character not in '"\\' for character in literal[:WINDOW]):
        return [b""]
    found = [b""]
    for character in literal[:WINDOW]:
        found = [one + option for one in found for option in ((b"/", rb"\/") if character == "/" else (character.encode(),))]
    return [one[:WINDOW] for one in found]


def _around(literal: bytes) -> bytes:
    """Return the piece of a literal that begins at its uncommon byte or, where too little follows that, ends there."""
    pivot = pivot_of(literal)
    return literal[pivot:][:WINDOW] if pivot + WINDOW <= len(literal) else literal[max(pivot + 1 - WINDOW, 0) : pivot + 1]


def _usable(pieces: Collection[bytes]) -> frozenset[bytes]:
    """Return pieces that can be looked for; none where one of them is too short for that."""
    return frozenset(pieces) if all(len(piece) > 1 for piece in pieces) else frozenset()


def _note(bits: dict[bytes, int], literal: bytes, bit: int) -> None:
    bits[literal] = bits.get(literal, 0) | bit


def _finding(literal: bytes) -> Callable[[bytes, int], int]:
    return lambda text, start: text.find(literal, start)


def _searching(first: bytes, pattern: re.Pattern[bytes]) -> Callable[[bytes, int], int]:
    """Search for a pattern, all of whose alternatives begin with the byte `first`."""
    search, fits = pattern.search, pattern.match

    def find(text: bytes, start: int) -> int:
        hops = 0
        place = text.find(first, start)
        while place >= 0:
            if fits(text, place) is not None:
                return place
            hops += 1
            if hops == _HOPS:
                if place - start < _HOPS * _APART:
                    match = search(text, place + 1)
                    return match.start() if match is not None else -1
                start, hops = place, 0
            place = text.find(first, place + 1)
        return -1

    return find


def _searching_escape(pattern: re.Pattern[bytes]) -> Callable[[bytes, int], int]:
    """Search for escapes, which begin with a backslash that no other one escapes."""
    search = pattern.search

    def find(text: bytes, start: int) -> int:
        match = search(text, start)
        while match is not None:
            place = match.start()
            before = place
            while before > 0 and text[before - 1] == _BACKSLASH:
                before -= 1
            if (place - before) % 2 == 0:
                return place
            match = search(text, place + 1)
        return -1

    return find


def _compile(first: bytes, patterns: list[bytes]) -> re.Pattern[bytes]:
    """Compile alternatives that begin with the same byte so that the byte itself leads the pattern.

    Where many follow it, the next byte is looked at before they are tried one by one.
    """
    head = re.escape(first)
    tails = [pattern[len(head) :] for pattern in patterns if pattern.startswith(head)]
    if len(tails) < len(patterns):
        return re.compile(b"|".join(patterns))
    nexts = {tail[:1] for tail in tails}
    ahead = b"(?=[" + b"".join(sorted(nexts)) + b"])" if len(tails) > _MANY and all(map(bytes.isalnum, nexts)) else b""
    return re.compile(head + ahead + _alternatives(tails))
