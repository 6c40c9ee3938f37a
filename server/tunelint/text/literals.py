"""Patterns that find one of many literal texts in few scans at memory speed."""

import re
from collections.abc import Iterable
from typing import Final

__all__ = ["patterns_of", "pivot_of"]

_PIVOTS: Final = b"JAS_-"
"""Bytes less common than others in text and code, best first. Literals that hold one are looked for by it, all in one scan."""


def pivot_of(literal: bytes) -> int:
    """Return where the least common byte of a literal stands, -1 if all are common."""
    return next((literal.index(byte) for byte in _PIVOTS if byte in literal), -1)


def patterns_of(literals: Iterable[bytes]) -> dict[bytes, list[bytes]]:
    """Return patterns by the byte that each begins with: what stands before it in a literal is looked back at from there.

    A match of a pattern begins at that byte, inside the literal.
    """
    alike: dict[tuple[int, bytes], set[bytes]] = {}
    for literal in literals:
        pivot = max(pivot_of(literal), 0)
        alike.setdefault((pivot, literal[pivot:]), set()).add(literal[: pivot + 1])
    found: dict[bytes, list[bytes]] = {}
    for (pivot, rest), heads in sorted(alike.items()):
        first = rest[:1]
        if pivot:
            before = b"(?<=" + b"|".join(sorted(map(re.escape, heads))) + b")"
            found.setdefault(first, []).append(re.escape(first) + before + re.escape(rest[1:]))
        else:
            found.setdefault(first, []).append(re.escape(rest))
    return found
