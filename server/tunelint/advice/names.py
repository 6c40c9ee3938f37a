"""Whether requests are bare names, and whether these are everyday words or names that a model has hardly ever seen.

How well a language model knows a fact follows how often its training data spoke of it (Kandpal et al., Large language models
struggle to learn long-tail knowledge, 2023). A tokenizer's table is the list of the 200,000 commonest pieces of such text: a word
that needs several pieces is a rare one.
"""

import re
from collections.abc import Callable, Sequence
from statistics import median
from typing import Final, NamedTuple

from tunelint.advice.study import Study
from tunelint.advice.task import word_count
from tunelint.advice.wording import FIRST_UNSPACED, LETTER
from tunelint.tokens import counter_for

__all__ = ["Names", "has_rare_word", "names_of", "rare_names_in"]

_ENCODING: Final = "o200k_base"
_BARE_WORDS: Final = 5
"""A request of at most so many words is a name or a word and no sentence."""

_WORDLIKE: Final = 0.5
_WORD: Final = re.compile(rf"[(\"'«„“]?{LETTER}+(?:[-'’.&/]{LETTER}*)*[)\"'»“”.,!?:;]*")
"""Letters, with what joins and ends words: formulas, codes and faces made of symbols are no names."""

_MARKS: Final = "\"'()[]«»„“”.,:;!?"
_UPPER: Final = 0.05
"""Share of the requests with a capital below which capitals tell nothing."""

_FULL_WORDS: Final = range(2, 5)
_PARTICLE: Final = 3
_INITIAL: Final = 2
"""Words of a name, letters at most of one that is written small, "van" or "of", and signs at most of an initial."""

_NAME_CHARACTERS: Final = range(2, 8)
"""Characters of a name in a script without spaces."""


class Names(NamedTuple):
    """`words` in the median request; the shares of requests with a `rare` word, and with a rare word in capitals: a `name`.

    `wordlike` is the share of requests that are written in words, and `lettered` of those with any letter or digit, which emoji
    have not. `unspaced` and `small` tell that names cannot be told by their
    capitals: in a script without spaces, or in Latin, Greek or Cyrillic script with hardly a capital.
    """

    words: float
    rare: float
    named: float
    wordlike: float
    lettered: float
    unspaced: bool
    small: bool
    full: tuple[int, ...]
    """Indices of rows asked whose requests are two to four words in capitals, with small ones between them: names of persons,
    places, works or products. Each word may be common; who bears the name is not told by them."""

    examples: tuple[int, ...]
    """Indices of rows asked whose requests hold rare names; rare words where names cannot be told by their capitals."""

    @property
    def bare(self) -> bool:
        """Whether requests are a name or a word, and no sentence."""
        return self.words <= _BARE_WORDS and self.wordlike >= _WORDLIKE


def names_of(study: Study) -> Names:
    """Look at the requests asked."""
    ids = counter_for(_ENCODING).ids
    rare: list[int] = []
    named: list[int] = []
    full: list[int] = []
    wordlike = with_letters = capitals = small = unspaced = 0
    for index in study.asked:
        words = study.cores[index].split()
        lettered = [word for word in words if _WORD.fullmatch(word)]
        wordlike += len(lettered) == len(words)
        with_letters += any(map(str.isalnum, study.cores[index]))
        capitals += any(letter.isupper() for letter in study.cores[index])
        small += any(letter.islower() for letter in study.cores[index])
        unspaced += any(word[0] >= FIRST_UNSPACED for word in lettered)
        if _is_full(words, lettered):
            full.append(index)
        unusual = [word for word in lettered if _is_rare(word, ids)]
        if unusual:
            rare.append(index)
        if any(letter.isupper() for word in unusual for letter in word):
            named.append(index)
    count = max(1, len(study.asked))
    length = median(word_count(study.cores[index]) for index in study.asked) if study.asked else 0.0
    caseless = capitals <= _UPPER * count
    return Names(
        words=length,
        rare=len(rare) / count,
        named=len(named) / count,
        wordlike=wordlike / count,
        lettered=with_letters / count,
        unspaced=caseless and 2 * unspaced > count,
        small=caseless and 2 * small > count,
        full=tuple(full),
        examples=tuple(rare if caseless else named),
    )


def rare_names_in(text: str) -> list[str]:
    """Return the rare words with a capital in a text, but for the first of each line."""
    ids = counter_for(_ENCODING).ids
    words = [word.strip(_MARKS) for line in text.splitlines() for word in re.split(r"[\s-]+", line.strip())[1:]]
    return [word for word in words if word[:1].isupper() and word.isalpha() and _is_rare(word, ids)]


def has_rare_word(text: str) -> bool:
    """Tell whether a tokenizer needs several pieces for a word of a text."""
    ids = counter_for(_ENCODING).ids
    return any(_WORD.fullmatch(word) and _is_rare(word, ids) for word in text.split())


def _is_full(words: Sequence[str], lettered: Sequence[str]) -> bool:
    """Tell whether words are a name of several: each with a capital first and not all in capitals, but for what is short."""
    if len(words) not in _FULL_WORDS or len(lettered) < len(words):
        return False
    titled = [word[0].isupper() and (len(word) <= _INITIAL or any(map(str.islower, word))) for word in words]
    between = all(word.islower() and len(word) <= _PARTICLE for word, title in zip(words, titled, strict=True) if not title)
    return titled[0] and titled[-1] and between


def _is_rare(word: str, ids: Callable[[str], Sequence[int]]) -> bool:
    """Tell whether a tokenizer needs several pieces for a word; in a script without spaces one for each character."""
    if word[0] >= FIRST_UNSPACED:
        return len(word) in _NAME_CHARACTERS and len(ids(word)) >= len(word)
    return len(ids(f" {word.strip(_MARKS)}")) > 1
