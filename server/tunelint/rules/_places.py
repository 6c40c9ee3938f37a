"""Places of raw characters, for rules about text as it is written."""

from collections.abc import Iterator
from re import Pattern

from tunelint.core.finding import Place
from tunelint.core.record import Record
from tunelint.text.spans import path_at

__all__ = ["place_of", "string_matches"]


def place_of(record: Record, start: int, end: int) -> Place:
    """Return the place of raw characters: symbolic where the record has a tree that holds them."""
    if record.parsed.root is None or record.parsed.fault is not None:
        return Place(raw=(start, end))
    path, part, chars = path_at(record.text, record.parsed, start)
    return Place(path, part, chars) if path else Place(raw=(start, end))


def string_matches(record: Record, pattern: Pattern[str]) -> Iterator[tuple[Place, str]]:
    """Yield what a pattern finds in the string values of a record, in the order of the text."""
    from tunelint.core.record import ABSENT, leaves

    if record.value is ABSENT:
        return
    for path, text in leaves(record.value):
        for match in pattern.finditer(text):
            yield Place(path, chars=match.span()), match[0]
