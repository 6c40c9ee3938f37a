"""Numbers are written whole, with as many digits as say something."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunelint.text.numbers import plain, significant


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "0"),
        (3, "3"),
        (3.0, "3"),
        (0.05, "0.05"),
        (2e-05, "2e-05"),
        (-1.5, "-1.5"),
        (1_000_000, "1,000,000"),
        (2147483647, "2,147,483,647"),
        (1234567.25, "1,234,567.25"),
        (math.inf, "inf"),
    ],
)
def test_given_numbers_keep_their_digits(value: float, said: str) -> None:
    assert plain(value) == said


@pytest.mark.parametrize(
    ("value", "digits", "said"),
    [
        (0, 2, "0"),
        (0.96, 2, "0.96"),
        (9.96, 2, "10"),
        (150.4, 2, "150"),
        (1498.2, 2, "1,500"),
        (1040.5, 3, "1,040"),
        (70_553.7, 4, "70,550"),
        (8.03, 3, "8.03"),
        (12_345_678, 3, "12,300,000"),
        (0.00001234, 2, "1.2e-05"),
    ],
)
def test_measured_numbers_are_rounded_and_written_whole(value: float, digits: int, said: str) -> None:
    assert significant(value, digits) == said


@given(st.floats(1e-4, 1e15), st.integers(1, 6))
def test_rounding_is_that_of_python_without_its_powers(value: float, digits: int) -> None:
    said = significant(value, digits)
    assert "e" not in said
    assert float(said.replace(",", "")) == pytest.approx(float(f"{value:.{digits}g}"), rel=1.1 * 10 ** (1 - digits))
