"""Hashed TF-IDF of texts: words, pairs of words and pieces of words, as rows of length 1.

Document frequencies are of the features themselves, before hashing. The hash is CRC-32, so the same texts give the same rows on
every machine. With 4,096 columns a nearest neighbour is as good as with exact features to within 1 to 3 points.
"""

import functools
import math
import re
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from tunelint.advice.wording import tokens
from tunelint.core.pulse import pulsed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

__all__ = ["COLUMNS", "features", "tf_idf"]

COLUMNS: Final = 4_096
_CHARACTERS: Final = 1_200
"""As much of a text is looked at, half from its beginning and half from its end."""

_PIECE: Final = 4
_SIGN_BIT: Final = 1 << 31
_MARK: Final = re.compile(r"[^\w\s]")
_BLOCK: Final = 128
_PULSE: Final = 64
_NAMES: Final = 1 << 14
"""Rows, texts and names between two pulses: some milliseconds of work."""


def features(text: str) -> Counter[str]:
    """Return how often a text has each word, each pair of neighbouring words, each mark, and which pieces its words have."""
    if len(text) > _CHARACTERS:
        text = f"{text[: _CHARACTERS // 2]} {text[-_CHARACTERS // 2 :]}"
    words = tokens(text)
    found = Counter(words)
    found.update(map(" ".join, pairwise(words)))
    found.update(_MARK.findall(text))
    found.update(chain.from_iterable(map(_pieces, dict.fromkeys(words))))
    return found


@functools.lru_cache(maxsize=1 << 14)  # few words make most of a text
def _pieces(word: str) -> list[str]:
    """Return the runs of four characters of a word of four or more, with a mark at its beginning and end."""
    padded = f"#{word}#"
    return [padded[at : at + _PIECE] for at in range(len(padded) - _PIECE + 1)] if len(word) >= _PIECE else []


def tf_idf(texts: Sequence[str], columns: int = COLUMNS, pulse: Callable[[], None] = lambda: None) -> "Matrix":
    """Return a row for each text; `pulse` is called between blocks of them."""
    counts = [features(text) for text in pulsed(texts, _PULSE, pulse)]
    frequency: Counter[str] = Counter()
    for one in pulsed(counts, _PULSE, pulse):
        frequency.update(one.keys())
    names = {name: number for number, name in enumerate(frequency)}
    numbers = (zlib.crc32(name.encode("utf-8", "surrogatepass")) for name in pulsed(names, _NAMES, pulse))
    hashes = np.fromiter(numbers, np.int64, len(names))
    idf = 1 + math.log1p(len(texts)) - np.log1p(np.fromiter(frequency.values(), np.float64, len(names)))
    signed = np.where(hashes & _SIGN_BIT, -idf, idf)
    column = hashes % columns
    matrix = np.zeros((len(texts), columns), np.float32)
    for start in range(0, len(texts), _BLOCK):
        pulse()
        block = counts[start : start + _BLOCK]
        rows = np.repeat(np.arange(len(block)), [len(one) for one in block])
        ids = np.fromiter(map(names.__getitem__, chain.from_iterable(block)), np.int64, len(rows))
        times = np.fromiter(chain.from_iterable(map(dict.values, block)), np.float64, len(rows))
        weights = signed[ids] * (1 + np.log(times))
        summed = np.bincount(rows * columns + column[ids], weights, len(block) * columns)
        matrix[start : start + len(block)] = summed.reshape(len(block), columns)
    norms = np.linalg.norm(matrix, axis=1, keepdims=True)
    norms[norms == 0] = 1
    matrix /= norms
    return matrix
