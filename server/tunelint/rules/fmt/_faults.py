"""What the rules about shape share: they put into words what the format's types found."""

from collections.abc import Iterator
from typing import Final

from tunelint.core.fault import Fault
from tunelint.core.finding import Place
from tunelint.core.record import Record
from tunelint.formats.detect import other_format
from tunelint.rules.base import Context
from tunelint.text.spans import format_path

__all__ = ["READ_WITH_DATASETS", "SYNONYMS", "faults_to_report", "is_of_another_format", "place_of_fault", "where"]


def place_of_fault(fault: Fault) -> Place:
    """Return where a fault is shown."""
    return Place(fault.path, fault.part)


READ_WITH_DATASETS: Final = frozenset({"trl", "axolotl", "llama-factory", "ms-swift", "unsloth", "torchtune", "oumi"})
"""Trainers that read files with Hugging Face datasets."""

SYNONYMS: Final = {"completion": frozenset({"response"})}
"""Other names that a format has for a key."""

_CALLS = frozenset({"tool_calls", "function_call"})


def faults_to_report(record: Record, context: Context) -> Iterator[Fault]:
    """Yield the faults of a record that rules about shape report.

    Those inside a tool call are TOL001's, and a record of another format is FMT002's.
    """
    if context.format is None or is_of_another_format(record, context):
        return
    yield from (fault for fault in record.faults if _CALLS.isdisjoint(fault.path))


def is_of_another_format(record: Record, context: Context) -> bool:
    """Tell whether a record is of another known format than its file."""
    form = context.format
    return (
        form is not None
        and record.row is None
        and isinstance(record.value, dict)
        and other_format(record.value, form) is not None
    )


def where(fault: Fault) -> str:
    """Name the object that a fault is in."""
    return format_path(fault.path) or "the record"
