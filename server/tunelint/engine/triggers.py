"""Finds in raw JSON text the pieces that could make a text rule fire, so that clean records never meet those rules."""

import re
from collections.abc import Callable, Iterable
from typing import Final

__all__ = ["Triggers", "spellings"]

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
_ESCAPED_ASCII: Final = re.compile(rb"\\u00[2-7]")
"""Some writers escape characters that need no escape, ``<`` above all. A line that has such an escape wakes every text rule."""


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


def _pattern(literal: str) -> bytes:
    return b"".join(
        options[0] if len(options) == 1 else b"(?:" + b"|".join(options) + b")" for options in map(spellings, literal)
    )


class Triggers:
    """The triggers of several rules compiled into few scans of a line.

    Patterns are grouped by their first byte, because a search for one fixed byte runs at memory speed. Only a line with a hit
    is then asked which rule it was.
    """

    def __init__(self, wanted: Iterable[tuple[int, tuple[str, ...]]]) -> None:
        """Take pairs of a rule's bit and its literals."""
        self._own: list[tuple[int, Callable[[bytes], object]]] = []
        by_first: dict[bytes, set[bytes]] = {}
        everything = 0
        for bit, literals in wanted:
            everything |= bit
            patterns = [_pattern(literal) for literal in literals]
            self._own.append((bit, re.compile(b"|".join(patterns)).search))
            for literal in literals:
                rest = b"".join(
                    options[0] if len(options) == 1 else b"(?:" + b"|".join(options) + b")"
                    for options in map(spellings, literal[1:])
                )
                for start in spellings(literal[0]):
                    first = start[1:2] if start.startswith(b"\\") else start[:1]
                    by_first.setdefault(first, set()).add(start + rest)
        if everything:
            by_first.setdefault(b"\\", set()).add(_ESCAPED_ASCII.pattern)
        self._everything = everything
        self._ascii: list[Callable[[bytes], object]] = []
        self._other: list[Callable[[bytes], object]] = []
        for first, patterns_ in sorted(by_first.items()):
            search = _compile(first, sorted(patterns_))
            (self._ascii if first < b"\x80" else self._other).append(search)

    def find(self, raw: bytes) -> int:
        """Return the bits of the rules that a line may concern; 0 for nearly every clean line."""
        for search in self._ascii:
            if search(raw) is not None:
                return self._which(raw)
        if self._other and not raw.isascii():
            for search in self._other:
                if search(raw) is not None:
                    return self._which(raw)
        return 0

    def _which(self, raw: bytes) -> int:
        if _ESCAPED_ASCII.search(raw) is not None:
            return self._everything
        bits = 0
        for bit, search in self._own:
            if search(raw) is not None:
                bits |= bit
        return bits


def _compile(first: bytes, patterns: list[bytes]) -> Callable[[bytes], object]:
    """Compile alternatives that begin with the same byte so that the byte itself leads the pattern."""
    head = re.escape(first)
    tails = [pattern[len(head) :] if pattern.startswith(head) else None for pattern in patterns]
    if None in tails:
        return re.compile(b"|".join(patterns)).search
    return re.compile(head + b"(?:" + b"|".join(tail for tail in tails if tail is not None) + b")").search
