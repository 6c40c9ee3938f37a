"""What is known of another file that a dataset is compared with: hashes, and the line on which each was seen first."""

import re
from collections.abc import Iterable, Mapping
from typing import Final, Literal

import msgspec
from xxhash import xxh3_64_intdigest

__all__ = ["GRAM", "LEAST_WORDS", "Passages", "Reference", "ReferenceRole", "grams_of", "passage_hash", "passage_words"]

ReferenceRole = Literal["training", "validation", "evaluation"]

GRAM: Final = 8
"""Words in a row that are compared at once."""

LEAST_WORDS: Final = 4
"""Words of the shortest passage that is compared: shorter ones stand in any text."""

_UNSPACED: Final = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD: Final = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")


class Passages(msgspec.Struct, frozen=True):
    """Texts of an evaluation file. Each has a number, the line it stands on, and how many sequences of words are its own.

    `short` are hashes of whole passages with fewer than `GRAM` words more than a sequence has, `grams` those of sequences with
    the numbers of the passages that hold them.
    """

    lines: tuple[int, ...] = ()
    sizes: tuple[int, ...] = ()
    whole: Mapping[int, int] = {}
    grams: Mapping[int, tuple[int, ...]] = {}


class Reference(msgspec.Struct, frozen=True):
    """Another file: the lines of its examples and of their prompts by hash and, of an evaluation file, its passages."""

    name: str
    role: ReferenceRole
    examples: Mapping[int, int] = {}
    prompts: Mapping[int, int] = {}
    passages: Passages = Passages()


def passage_words(text: str) -> list[str]:
    """Return the words of a text for comparing passages: in one case, without marks; scripts without spaces give characters."""
    return _WORD.findall(text.casefold())


def passage_hash(words: Iterable[str]) -> int:
    """Return a hash of words in a row."""
    return xxh3_64_intdigest(" ".join(words).encode("utf-8", "surrogatepass"))


def grams_of(words: list[str]) -> set[int]:
    """Return the hashes of all sequences of `GRAM` words."""
    return {passage_hash(words[start : start + GRAM]) for start in range(len(words) - GRAM + 1)}
