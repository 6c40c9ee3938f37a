"""Words of a text, for comparing texts; scripts that are written without spaces give a word a character."""

import re
from collections.abc import Sequence
from typing import Final

__all__ = ["SHINGLE", "shingles_in", "shingles_of", "words"]

SHINGLE: Final = 3
"""Words of a shingle."""

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
"""Thai, Lao, Burmese, Khmer, Japanese kana, Chinese characters."""

_WORD = re.compile(rf"[{_UNSPACED}]|[^\s{_UNSPACED}]+")


def words(text: str) -> list[str]:
    """Return the words of a text as they are written, punctuation and all."""
    return text.split() if text.isascii() else _WORD.findall(text)


def shingles_of(text: str) -> frozenset[Sequence[str]]:
    """Return the different sequences of `SHINGLE` words in a text; a shorter text is one sequence."""
    return shingles_in(words(text))


def shingles_in(found: list[str]) -> frozenset[Sequence[str]]:
    """Return the different sequences of `SHINGLE` words; fewer words are one sequence."""
    if len(found) <= SHINGLE:
        return frozenset([tuple(found)])
    return frozenset(zip(*(found[offset:] for offset in range(SHINGLE)), strict=False))
