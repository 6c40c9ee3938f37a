"""Languages are told by several of their words, and questions by what asks."""

import pytest

from tests.advice.examples import chat, drawn_of
from tunelint.advice.language import language_of, names_language
from tunelint.advice.signals import Signals
from tunelint.advice.study import Study


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The house that is for us was not there, and you have it.", "en"),
        ("How do I make a pie? What can I do if my dough is dry?", "en"),
        ("Das ist nicht der Hund von dem Mann, und sie sind mit ihm auf dem Weg.", "de"),
        ("Nie jest to dla nas, ale przez to co się stało.", "pl"),
        ("O carro que não foi para os outros é de um homem.", "pt"),
        ("/(?:a|i|z|v)?s[aiou]k (?i)o u [a-z]+ i z/", ""),
        ("BlueAnt Co, Core Digital Co, Ltd, Actiontec Co", ""),
    ],
)
def test_a_language_is_told_by_several_of_its_words(text: str, language: str) -> None:
    assert language_of([text] * 40) == language


def test_a_language_at_the_end_of_a_few_words_asks_for_a_translation() -> None:
    assert names_language("Cyprus in Korean")
    assert names_language("put this into French?")
    assert not names_language("She wrote her thesis in French literature")
    assert not names_language("in German")


@pytest.mark.parametrize(
    ("request_text", "asks"),
    [
        ("Where is the station?", True),
        ('He said: "Are you there?" Reply.', True),
        ("これは何ですか？", True),
        ("Text: the shop was shut.\nWhat was shut", True),
        ("Match /ab(?:c)?d(?=e)/i please", False),
        ("Open https://example.org/a?b=c now", False),
        ("Check: storage.\nWhat is checked: that keys expire.", False),
    ],
)
def test_a_question_is_what_asks(request_text: str, asks: bool) -> None:
    drawn = drawn_of([chat(f"{request_text} {'x' * number}", f"answer {number}") for number in range(60)])
    share = Signals(Study(drawn, len(drawn))).grounding.question
    assert share == (1.0 if asks else 0.0)
