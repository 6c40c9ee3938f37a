"""Whether requests are bare names, and whether these are everyday words or names that a model has hardly ever seen.

How well a language model knows a fact follows how often its training data spoke of it (Kandpal et al., Large language models
struggle to learn long-tail knowledge, 2023). A tokenizer's table is the list of the 200,000 commonest pieces of such text: a word
that needs several pieces is a rare one.
"""

from statistics import median
from typing import Final, NamedTuple

from tunelint.advice.study import Study
from tunelint.advice.task import word_count
from tunelint.tokens import counter_for

__all__ = ["Names", "names_of"]

_ENCODING: Final = "o200k_base"
_BARE_WORDS: Final = 5
"""A request of at most so many words is a name or a word and no sentence."""


class Names(NamedTuple):
    """`words` in the median request; the shares of requests with a `rare` word, and with a rare word in capitals: a `name`."""

    words: float
    rare: float
    named: float
    examples: tuple[int, ...]
    """Indices of rows asked whose requests hold rare names."""

    @property
    def bare(self) -> bool:
        """Whether requests are a name or a word, and no sentence."""
        return self.words <= _BARE_WORDS


def names_of(study: Study) -> Names:
    """Look at the requests asked."""
    ids = counter_for(_ENCODING).ids
    rare = 0
    named = []
    for index in study.asked:
        unusual = [word for word in study.cores[index].split() if not word[0].isdigit() and len(ids(f" {word}")) > 1]
        rare += bool(unusual)
        if any(letter.isupper() for word in unusual for letter in word):
            named.append(index)
    count = max(1, len(study.asked))
    words = median(word_count(study.cores[index]) for index in study.asked) if study.asked else 0.0
    return Names(words, rare / count, len(named) / count, tuple(named))
