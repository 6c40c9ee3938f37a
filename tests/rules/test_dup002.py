"""Edge cases of DUP002, beyond its docstring."""

import json

from tests.linting import lint

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
