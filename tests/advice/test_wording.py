"""Words are found in any script, with the marks that belong to their letters."""

import pytest

from tunelint.advice.mechanical import has_word
from tunelint.advice.names import has_rare_word
from tunelint.advice.task import word_count
from tunelint.advice.wording import MARKS, tokens


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("नेशनल हिन्दी", ["नेशनल", "हिन्दी"]),
        ("একটুখানি", ["একটুখানি"]),
        ("பள்ளி, வீடு।", ["பள்ளி", "வீடு"]),
        ("cafe\u0301 noir", ["cafe\u0301", "noir"]),
        ("كِتَاب", ["كِتَاب"]),
    ],
)
def test_a_word_holds_its_vowel_signs_and_accents(text: str, words: list[str]) -> None:
    assert tokens(text) == words
    assert word_count(text) == len(words)
    assert has_word(text)


def test_no_mark_is_a_letter_or_a_figure() -> None:
    assert MARKS
    assert not any(map(str.isalnum, MARKS))


def test_figures_of_india_are_no_words() -> None:
    assert not has_word("१२३ ৪৫৬")


@pytest.mark.parametrize("ending", ["1", "।", "=", "/1"])
def test_a_long_run_that_is_no_word_after_all_is_read_in_one_way(ending: str) -> None:
    assert not has_word("कमल" * 100 + ending)  # read in more ways than one, this would not end
    has_rare_word("कमल" * 1_000 + ending)
