"""Words, facts and likeness of texts, in any script."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import Final

__all__ = ["FIRST_UNSPACED", "LETTER", "MARKS", "Grams", "chrf", "grams", "specifics", "tokens", "words_in"]

_UNSPACED: Final = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_MARKED: Final = (range(0x300, 0x370), range(0x64B, 0x660), range(0x900, 0xE00))
"""Where accents, the vowel signs of Arabic, and the scripts of India stand."""

MARKS: Final = "".join(sign for codes in _MARKED for sign in map(chr, codes) if unicodedata.category(sign)[0] == "M")
"""What belongs to a word and is no letter itself. No letter may be among them: patterns take a letter or a mark, one way only."""

LETTER: Final = rf"(?:[^\W\d_]|[{MARKS}])"
_TOKEN: Final = re.compile(rf"[{_UNSPACED}]+|(?:[^\W_{_UNSPACED}]|[{MARKS}])+")
_ASCII_TOKEN: Final = re.compile("[a-z0-9]+")
FIRST_UNSPACED: Final = "\u0e00"

_SPECIFIC: Final = re.compile(
    r"https?://\S+"
    r"|\b\d[\d.,:/%-]*\d\b"
    r"|(?<![.!?:\n•*\"“>)\-]\s)(?<!^)(?<!^[\s\"'*\-])\b[A-ZÄÖÜÉÀÇÑ][\w-]+",
)
"""What carries a fact in running text: addresses, numbers of two digits or more, capitalised words that begin no sentence."""

_ORDER: Final = 6
_BETA: Final = 2
_GRAM_CHARACTERS: Final = 300
"""chrF2: n-grams of 1 to 6 characters and twice the weight on recall (Popović, WMT 2015 and 2016), of the beginnings of texts."""

Grams = tuple[Counter[str], ...]


def tokens(text: str) -> list[str]:
    """Return the words of a text in lower case; of a run in a script without spaces, each pair of neighbouring characters."""
    if text.isascii():
        return _ASCII_TOKEN.findall(text.lower())
    found = _TOKEN.findall(text.lower())
    split: list[str] = []
    for run in found:
        if run[0] >= FIRST_UNSPACED and re.match(f"[{_UNSPACED}]", run):
            split += [run[at : at + 2] for at in range(len(run) - 1)] or [run]
        else:
            split.append(run)
    return split


def stem(word: str) -> str:
    """Return a word without a final s, so that a plural is the same word."""
    return word[:-1] if len(word) > 3 and word[-1] == "s" and word.isascii() else word


def words_in(text: str, stop: AbstractSet[str] = frozenset()) -> set[str]:
    """Return the different stems of the words in a text that are not among the stop words."""
    return {stem(word) for word in tokens(text) if word not in stop}


def specifics(text: str, stop: AbstractSet[str]) -> Iterator[str]:
    """Yield what carries a fact in running text, in lower case."""
    for match in _SPECIFIC.finditer(text):
        word = match[0].lower()
        if word not in stop:
            yield word


def grams(text: str, most: int = _GRAM_CHARACTERS) -> Grams:
    """Return the character n-grams of the beginning of a text, white space left out, of each order from 1 to 6."""
    dense = "".join(text.split())[:most]
    return tuple(Counter(dense[at : at + size] for at in range(len(dense) - size + 1)) for size in range(1, _ORDER + 1))


def chrf(said: Grams, wanted: Grams) -> float:
    """Return the chrF2 of what was said against what was wanted, from 0 to 1, over the orders that both have."""
    precision = recall = 0.0
    orders = 0
    for mine, theirs in zip(said, wanted, strict=True):
        if not mine or not theirs:
            break
        few, many = (mine, theirs) if len(mine) < len(theirs) else (theirs, mine)
        common = sum(min(count, many[gram]) for gram, count in few.items() if gram in many)
        precision += common / mine.total()
        recall += common / theirs.total()
        orders += 1
    if not orders:
        return float(not said[0] and not wanted[0])
    precision, recall = precision / orders, recall / orders
    weight = _BETA * _BETA
    return (1 + weight) * precision * recall / (weight * precision + recall) if precision + recall else 0.0
