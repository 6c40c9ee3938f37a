"""What rules about labels share: when answers are labels, and which spellings are one label."""

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

from tunelint.core.bag import Bag
from tunelint.core.block import answers
from tunelint.core.finding import Handle
from tunelint.core.record import Record
from tunelint.text.distance import within

__all__ = ["LABELS", "families_of", "labels_of", "observed", "slips"]

LABELS: Final = 500
"""Different spellings of labels at most: with more of them answers are no labels."""

_LABEL_CHARACTERS: Final = 60
_MIN_RECORDS: Final = 20
_RECORDS_A_LABEL: Final = 4
"""Answers are labels when they are short and each stands for four records or more on average."""

_MISSPELT_SHARE: Final = 0.1
"""A spelling is a slip of another one when it has at most this share of the other's records."""

_MISSPELT_LENGTH: Final = 5
"""Shorter labels that differ in a letter are mostly different labels (``cat``, ``car``)."""


def observed(records: Sequence[Record]) -> list[tuple[str, Handle]]:
    """Return the answer of each record; a long one stands for itself by its beginning and ends the search for labels soon."""
    return [(answer[: _LABEL_CHARACTERS + 1], handle) for answer, handle in answers(records) if answer is not None]


def labels_of(bag: Bag) -> dict[str, int]:
    """Return how many records each spelling of a label has; nothing where answers are no labels."""
    counts = {item: count for item, count in bag.counts.items() if isinstance(item, str)}
    total = sum(counts.values())
    if bag.overflown or total < _MIN_RECORDS or any(len(item) > _LABEL_CHARACTERS for item in counts):
        return {}
    return counts if len({_folded(label) for label in counts}) * _RECORDS_A_LABEL <= total else {}


def families_of(counts: dict[str, int]) -> dict[str, list[str]]:
    """Return the spellings of each label, the commonest first; labels in the order of their commonest spelling."""
    families: dict[str, list[str]] = {}
    for label in sorted(counts, key=lambda one: (-counts[one], one)):
        families.setdefault(_folded(label), []).append(label)
    return families


def _folded(label: str) -> str:
    """Return a label without what people vary by accident: case, white space, a full stop or quotes around it."""
    text = unicodedata.normalize("NFKC", label).casefold()
    return " ".join(text.replace("_", " ").replace("-", " ").split()).strip(" .\"'") or text


def _is_slip(rare: str, frequent: str) -> bool:
    """Tell whether a folded label may be a misspelling of another one; labels with digits never are."""
    if min(len(rare), len(frequent)) < _MISSPELT_LENGTH or any(character.isdigit() for character in rare + frequent):
        return False
    return within(rare, frequent, 1)


def slips(sizes: dict[str, int]) -> Iterator[tuple[str, str]]:
    """Yield folded labels that are probably misspelt, with the one that was meant; `sizes` are the records of each label."""
    for key, size in sizes.items():
        near = [other for other in sizes if size <= _MISSPELT_SHARE * sizes[other] and _is_slip(key, other)]
        if near:
            yield key, max(near, key=lambda other: sizes[other])
