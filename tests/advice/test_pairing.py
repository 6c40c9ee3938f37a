"""Whether answers are tied to their requests is told by the cheap tests alone where these are enough."""

import random

import pytest

from tests.advice.examples import chat, drawn_of
from tunelint.advice.pairing import Pairing
from tunelint.advice.study import Study

_WORDS = [
    "harbour",
    "lantern",
    "granite",
    "willow",
    "saddle",
    "copper",
    "meadow",
    "thunder",
    "velvet",
    "orchard",
    "anchor",
    "pepper",
]


def _pairing(tied: bool) -> Pairing:
    chance = random.Random(3)
    asked = [" ".join(chance.sample(_WORDS, 4)) for _ in range(200)]
    answers = [f"You said {text.split()[0]} and {text.split()[2]} there." for text in asked]
    if not tied:
        chance.shuffle(answers)
    return Pairing(Study(drawn_of([chat(*pair) for pair in zip(asked, answers, strict=True)]), 200))


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("least", [-1.0, 0.5, 2.5, 3.0, 8.0, 1e9])
def test_reaching_a_threshold_is_being_as_strong(tied: bool, least: float) -> None:
    assert _pairing(tied).reaches(least) == (_pairing(tied).strength >= least)


def test_what_is_clearly_tied_needs_no_costly_test() -> None:
    pairing = _pairing(tied=True)
    assert pairing.reaches(3.0)
    assert "kinship" not in vars(pairing)


def test_shuffled_answers_are_not_tied() -> None:
    assert not _pairing(tied=False).reaches(3.0)
