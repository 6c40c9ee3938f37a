"""What the rules about equal records share."""

from tunelint.core.finding import Handle, Related
from tunelint.core.record import Record
from tunelint.rules.base import Context

__all__ = ["answered", "first_at", "takes_part"]


def takes_part(record: Record) -> bool:
    """Tell whether a record has a value to compare: an example or, in no known format, an object."""
    return record.row is not None or isinstance(record.value, dict)


def answered(record: Record, context: Context) -> bool:
    """Tell whether a record is one prompt with one answer: not so in preference, reinforcement and plain text data."""
    return context.method == "sft" and record.answer is not None


def first_at(handle: Handle, words: str) -> tuple[Related]:
    """Point to the record that came first."""
    return (Related(words, handle),)
