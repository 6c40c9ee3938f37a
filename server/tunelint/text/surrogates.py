"""Halves of surrogate pairs in JSON text: an escape can write one, no encoding can hold it."""

import re
from collections.abc import Iterator

__all__ = ["lone_surrogates"]

_ESCAPES = re.compile(r"\\(?:u[dD](?:(?P<high>[89abAB])|(?P<low>[c-fC-F]))[0-9a-fA-F]{2}|.)", re.DOTALL)
_LOW = re.compile(r"\\u[dD][c-fC-F][0-9a-fA-F]{2}")


def lone_surrogates(text: str) -> Iterator[tuple[int, int]]:
    """Yield the raw offsets of each escape that is half a pair."""
    paired_until = -1
    for escape in _ESCAPES.finditer(text):
        if escape["high"] is not None and _LOW.match(text, escape.end()):
            paired_until = escape.end()
        elif escape["high"] is not None or (escape["low"] is not None and escape.start() != paired_until):
            yield escape.span()
