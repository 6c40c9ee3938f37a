"""Places of raw characters, for rules about text as it is written."""

from collections.abc import Iterator
from re import Pattern
from typing import Any

from tunelint.core.finding import Place
from tunelint.core.record import ABSENT, Record, leaves
from tunelint.text.parse import Path
from tunelint.text.spans import path_at

__all__ = ["answer_text", "place_of", "string_matches", "value_at"]


def place_of(record: Record, start: int, end: int) -> Place:
    """Return the place of raw characters: symbolic where the record has a tree that holds them."""
    if record.parsed.root is None or record.parsed.fault is not None:
        return Place(raw=(start, end))
    path, part, chars = path_at(record.text, record.parsed, start)
    return Place(path, part, chars) if path else Place(raw=(start, end))


def answer_text(record: Record) -> Place:
    """Return the place of the text of the last turn: the answer of a prompt with one."""
    example = record.example
    return Place(example.turns[-1].text_at) if example is not None and example.turns else Place()


def value_at(record: Record, path: Path) -> Any:
    """Return the decoded value at `path`, None where there is none."""
    value = record.value
    for step in path:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def string_matches(record: Record, pattern: Pattern[str]) -> Iterator[tuple[Place, str]]:
    """Yield what a pattern finds in the string values of a record, in the order of the text."""
    if record.value is ABSENT:
        return
    for path, text in leaves(record.value):
        for match in pattern.finditer(text):
            yield Place(path, chars=match.span()), match[0]
