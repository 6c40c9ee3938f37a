"""The records that a finding about a config points at."""

from tunelint.core.dataset import DatasetSummary
from tunelint.core.finding import Related

__all__ = ["first_records"]


def first_records(summary: DatasetSummary, words: str) -> tuple[Related, ...]:
    """Return the places of the first records of a dataset's files, each with the same words."""
    return tuple(Related(words, file=one.file, line=one.line) for one in summary.heads)
