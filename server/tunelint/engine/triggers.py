"""Finds in raw JSON text the pieces that could make a text rule fire, so that clean records never meet those rules."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

__all__ = ["Search", "Triggers", "spellings"]

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

_RARE: Final = frozenset(b"<[|\\`~^@#$%&*")
"""Bytes so rare in JSON that a search for patterns that begin with one runs at memory speed."""


class Search(NamedTuple):
    """One scan: `test` tells whether any of its patterns is there, `bits` are the rules that they concern."""

    test: Callable[[bytes], object]
    bits: int
    ascii: bool


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


def _pattern(literal: str) -> bytes:
    return b"".join(_alternatives(spellings(character)) for character in literal)


class Triggers:
    """The triggers of several rules compiled into few scans of a line or of a block of lines.

    Patterns are grouped by their first byte where that is a rare one, and literals that begin with a common letter are looked
    for as they are: both run at memory speed. Only a line with a hit is then asked which rule it was.
    """

    def __init__(self, wanted: Iterable[tuple[int, tuple[str, ...]]]) -> None:
        """Take pairs of a rule's bit and its literals."""
        self._own: list[tuple[int, Callable[[bytes], object]]] = []
        grouped: dict[bytes, tuple[set[bytes], int]] = {}
        plain: dict[bytes, int] = {}
        everything = 0
        for bit, literals in wanted:
            everything |= bit
            self._own.append((bit, re.compile(b"|".join(map(_pattern, literals))).search))
            for literal in literals:
                for start in spellings(literal[0]):
                    pattern = start + b"".join(_alternatives(spellings(character)) for character in literal[1:])
                    first = start[1:2] if start.startswith(b"\\") else start[:1]
                    if first[0] < 0x80 and first[0] not in _RARE and literal.isascii() and pattern == re.escape(literal.encode()):
                        plain[literal.encode()] = plain.get(literal.encode(), 0) | bit
                    else:
                        patterns, bits = grouped.get(first, (set(), 0))
                        grouped[first] = (patterns | {pattern}, bits | bit)
        self.searches: list[Search] = []
        if everything:
            self.searches.append(Search(re.compile(_ESCAPED_ASCII).search, everything, ascii=True))
        for literal_bytes, bits in sorted(plain.items()):
            self.searches.append(Search(_contains(literal_bytes), bits, ascii=True))
        for first, (patterns, bits) in sorted(grouped.items()):
            self.searches.append(Search(_compile(first, sorted(patterns)), bits, ascii=first < b"\x80"))
        self._escaped = re.compile(_ESCAPED_ASCII).search
        self._everything = everything

    def suspects(self, block: bytes) -> Sequence[Search]:
        """Return the searches that hit somewhere in a block of lines: its lines need no other."""
        plain = block.isascii()
        return [search for search in self.searches if (search.ascii or not plain) and search.test(block)]

    def find(self, raw: bytes, searches: Sequence[Search] | None = None) -> int:
        """Return the bits of the rules that a line may concern; 0 for nearly every clean line."""
        for search in self.searches if searches is None else searches:
            if (search.ascii or not raw.isascii()) and search.test(raw):
                return self._which(raw)
        return 0

    def _which(self, raw: bytes) -> int:
        if self._escaped(raw) is not None:
            return self._everything
        bits = 0
        for bit, search in self._own:
            if search(raw) is not None:
                bits |= bit
        return bits


def _contains(literal: bytes) -> Callable[[bytes], bool]:
    return lambda raw: literal in raw


def _compile(first: bytes, patterns: list[bytes]) -> Callable[[bytes], object]:
    """Compile alternatives that begin with the same byte so that the byte itself leads the pattern."""
    head = re.escape(first)
    tails = [pattern[len(head) :] for pattern in patterns if pattern.startswith(head)]
    if len(tails) < len(patterns):
        return re.compile(b"|".join(patterns)).search
    return re.compile(head + _alternatives(tails)).search
