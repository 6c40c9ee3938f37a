"""Words are found in any script, with the marks that belong to their letters."""

import pytest

from tunelint.advice.mechanical import has_word
from tunelint.advice.task import word_count
from tunelint.advice.wording import tokens


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
