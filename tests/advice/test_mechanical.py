"""Rules by which a program may answer in place of a model."""

import pytest

from tunelint.advice.mechanical import follows


@pytest.mark.parametrize(
    ("rule", "request_text", "answer"),
    [
        ("the sum of the numbers", "2 3", "5"),
        ("the sum of the numbers", "0.5 0.25", "0.75"),
        ("the product of the numbers", "1234 5678", "7006652"),
        ("the larger number", "1000000 999999", "1000000"),
    ],
)
def test_numbers_are_answered_with_all_their_digits(rule: str, request_text: str, answer: str) -> None:
    assert follows(rule, request_text, answer)
