"""Edge cases of DUP002, beyond its docstring."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.linting import lint
from tunelint.rules.dup.dup002_near_duplicate import _likeness
from tunelint.text.words import Wording

TEMPLATE = "You plan trips. " + " ".join(f"Rule {number}: never suggest more than {number} stops a day." for number in range(60))
PLACES = [
    "the old harbour",
    "a glacier",
    "three vineyards",
    "the salt mines",
    "some dunes",
    "every chapel",
    "one lighthouse",
    "two caves",
]
WISHES = [
    "by bike in May",
    "with small children",
    "on a budget",
    "after the storm",
    "before noon",
    "without a car",
    "for a week",
    "again",
]


def _lines(count: int) -> str:
    rows = []
    for number in range(count):
        place, wish = PLACES[number % 8], WISHES[number * 3 % 8]
        asked = f"{TEMPLATE} Plan number {number * 37}: show me {place} {wish}, from door {number * 91} on."
        answer = f"Start at gate {number * 13}, see {place}, rest {number} times, then leave {wish} along road {number * 7}."
        rows.append({"messages": [{"role": "user", "content": asked}, {"role": "assistant", "content": answer}]})
    return "".join(json.dumps(row) + "\n" for row in rows)


def test_what_a_template_makes_alike_is_no_duplicate() -> None:
    for count in (8, 15, 60):
        assert lint(_lines(count), ["DUP002"]).diagnostics == []


def test_near_duplicates_are_found_in_spite_of_a_template() -> None:
    data = _lines(40)
    copy = data.splitlines()[7].replace("then leave", "and leave")
    (one,) = lint(f"{data}{copy}\n", ["DUP002"]).diagnostics
    assert (one.line, [place.line for place in one.related]) == (41, [8])
    assert one.message.startswith(("8", "9"))


_WORDS = st.lists(st.sampled_from("abcdefghij"), max_size=24)


@given(one=_WORDS, other=_WORDS, least=st.sampled_from([0.5, 0.7, 0.85, 1.0]))
def test_texts_that_words_tell_apart_are_never_alike(one: list[str], other: list[str], least: float) -> None:
    mine, theirs = (Wording(" ".join(words)) for words in (one, other))
    assert mine.may_be_like(theirs, least) or _likeness(mine.shingles, theirs.shingles) < least


def test_texts_of_other_words_are_told_apart_at_once() -> None:
    mine, theirs = (Wording(text) for text in ("a b c d e f", "g h i j k l"))
    assert not mine.may_be_like(theirs, 0.85)


ASKED = "Write two sentences about how rain forms over the sea and why it falls on the coast."
ANSWERED = "Warm air takes up water from the surface and rises towards the hills of the coast. There the water falls."


@pytest.mark.parametrize(
    ("later", "difference"),
    [
        ([("user", ASKED), ("assistant", ANSWERED.replace(" ", "  ", 3))], "but for white space"),
        ([("system", "Be brief."), ("user", ASKED), ("assistant", ANSWERED)], "but for the system prompt"),
        ([("user", ASKED), ("assistant", f"{ANSWERED} {ANSWERED}")], "% the same"),
        ([("user", ASKED), ("assistant", f"{ANSWERED} Quite so.")], "% the same"),
    ],
)
def test_what_differs_is_said_where_the_words_are_the_same(later: list[tuple[str, str]], difference: str) -> None:
    first = [("user", ASKED), ("assistant", ANSWERED)]
    lines = [json.dumps({"messages": [{"role": role, "content": text} for role, text in turns]}) for turns in (first, later)]
    (one,) = lint("\n".join(lines) + "\n", ["DUP002"]).diagnostics
    assert difference in one.message
    assert "100%" not in one.message
