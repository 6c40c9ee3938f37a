"""Words of a text, for comparing texts; scripts that are written without spaces give a word a character."""

import functools
import re
from collections.abc import Sequence
from typing import Final

__all__ = ["Wording", "words"]

_SHINGLE: Final = 3
"""Words of a shingle."""

_BEGINNING_NONE: Final = 2 * (_SHINGLE - 1)
"""Words of two texts that begin no shingle: the last ones of each."""

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
"""Thai, Lao, Burmese, Khmer, Japanese kana, Chinese characters."""

_WORD = re.compile(rf"[{_UNSPACED}]|[^\s{_UNSPACED}]+")


def words(text: str) -> list[str]:
    """Return the words of a text as they are written, punctuation and all."""
    return text.split() if text.isascii() else _WORD.findall(text)


class Wording:
    """The words of a text, to be compared with those of another one."""

    def __init__(self, text: str) -> None:
        self._words = words(text)
        self._different = frozenset(self._words)

    @functools.cached_property
    def shingles(self) -> frozenset[Sequence[str]]:
        """The different sequences of `_SHINGLE` words; a shorter text is one sequence."""
        found = self._words
        if len(found) <= _SHINGLE:
            return frozenset([tuple(found)])
        return frozenset(zip(*(found[offset:] for offset in range(_SHINGLE)), strict=False))

    def may_be_like(self, other: "Wording", least: float) -> bool:
        """Tell whether the likeness of the shingles can be `least`, from the words alone.

        A word that only one side has begins a shingle that the other side lacks, unless it stands only among the last two words,
        of which there are four on both sides together. In a text that is one shingle it is a third of that at least. Sets of a
        likeness of `least` differ in the share (1 - `least`) / (1 + `least`) of both together, of which there are no more than
        words.
        """
        alone = len(self._different) + len(other._different) - 2 * len(self._different & other._different)
        differing = max(alone - _BEGINNING_NONE, alone / _SHINGLE)
        return differing <= (1 - least) / (1 + least) * (len(self._words) + len(other._words))
