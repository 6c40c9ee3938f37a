"""Rare names are told from common words, whatever marks stand around them."""

import pytest

from tunelint.advice.names import has_rare_word


@pytest.mark.parametrize("text", ["Who lives in Paris?", "first sunday.", "“the kitchen”", "", "?!"])
def test_common_words_are_common_with_marks_around_them(text: str) -> None:
    assert not has_rare_word(text)


@pytest.mark.parametrize("text", ["Who lives in Zwartkopfstad?", "the Krelbonish"])
def test_names_that_need_several_pieces_are_rare(text: str) -> None:
    assert has_rare_word(text)
