"""DUP007: labels that their neighbours contradict, whatever the order and the parts; silence where words say little."""

import json
import random

import numpy as np
import pytest

from tests.engine.test_parts import in_parts
from tests.linting import lint, linter, request
from tests.shared_data import shared_data
from tunelint.core.diagnostic import Diagnostic
from tunelint.engine.session import Session
from tunelint.rules.dup._doubts import doubts_of
from tunelint.text.lines import Position

TOPICS = {
    "delivery": ["where is my parcel", "when does the parcel arrive", "track the parcel please", "the courier is late"],
    "refund": ["give me my money back", "i want a refund", "refund the broken lamp", "return it for money"],
    "account": ["change my password", "i cannot log in", "delete my account", "the login mail is missing"],
}
NAMES = ("ada", "bob", "cleo", "dan", "eve", "finn", "gus", "hana", "ivo", "jo", "kim", "lea", "max", "nia", "oz")


def rows() -> list[tuple[str, str]]:
    return [(f"{text} says {name}", label) for label, texts in TOPICS.items() for text in texts for name in NAMES]


def data(pairs: list[tuple[str, str]]) -> str:
    return "".join(json.dumps({"prompt": text, "completion": label}) + "\n" for text, label in pairs)


def doubted(pairs: list[tuple[str, str]]) -> set[str]:
    report = lint(data(pairs), ["DUP007"])
    assert not report.skipped
    assert all(one.at == "completion" for one in report.diagnostics)
    return {pairs[one.line - 1][0] for one in report.diagnostics}


def test_sound_labels_are_not_doubted() -> None:
    assert doubted(rows()) == set()


@pytest.mark.parametrize("seed", range(3))
def test_swapped_labels_are_doubted_in_any_order_and_with_copies(seed: int) -> None:
    chance = random.Random(seed)
    pairs = rows()
    wrong = chance.sample(range(len(pairs)), 6)
    for row in wrong:
        text, label = pairs[row]
        pairs[row] = (text, next(other for other in TOPICS if other != label))
    found = doubted(pairs)
    assert found <= {pairs[row][0] for row in wrong}
    assert len(found) >= 4
    mixed = chance.sample(pairs, len(pairs))
    assert doubted(mixed) == found
    assert doubted([*mixed, *mixed[:20]]) == found


@pytest.mark.parametrize(
    "pairs",
    [
        rows()[:90],
        [(text, random.Random(text).choice(["yes", "no"])) for text, _ in rows()],
        [(text, f"{label} {number}") for number, (text, label) in enumerate(rows())],
        [(text, "yes") for text, _ in rows()],
        [(text, label * 12) for text, label in rows()],
        [(f"{number}", label) for number, (_, label) in enumerate(rows())],
    ],
    ids=["few", "chance", "free answers", "one label", "long answers", "numbers"],
)
def test_silent_where_there_is_nothing_to_learn_from(pairs: list[tuple[str, str]]) -> None:
    assert doubted(pairs) == set()


def test_contradicting_copies_are_another_rules_finding() -> None:
    text, _ = rows()[0]
    assert doubted([*rows(), (text, "refund")]) == set()


def test_parts_give_what_one_pass_gives() -> None:
    pairs = rows()
    pairs[3], pairs[77] = (pairs[3][0], "refund"), (pairs[77][0], "account")
    raw = data(random.Random(1).sample(pairs, len(pairs))).encode()

    def plain(found: list[Diagnostic]) -> list[tuple[int, str]]:
        return [(one.line, one.message) for one in found]

    whole = plain(linter(raw, ["DUP007"]).run().diagnostics)
    assert len(whole) == 2
    assert plain(in_parts(linter(raw, ["DUP007"]), [20, 90, 131], 3)) == whole


def test_editor_shows_it_with_the_advice_and_as_long_as_the_line_stands() -> None:
    pairs = rows()
    pairs[3] = (pairs[3][0], "refund")
    text = data(random.Random(1).sample(pairs, len(pairs)))
    codes = {"DUP007", "ADV002"}
    session = Session("train.jsonl", text, request(codes))

    def shown() -> list[int]:
        return [one.line for one in session.diagnostics() if one.code == "DUP007"]

    while not session.settled:
        session.read()
        session.settle()
    (line,) = [one.line for one in lint(text, codes).diagnostics if one.code == "DUP007"]
    assert shown() == []
    assert session.advise()
    assert shown() == [line]
    session.edit(Position(0, 0), Position(0, 0), "\n")
    assert shown() == [line + 1]
    session.edit(Position(line, 0), Position(line + 1, 0), "")
    assert shown() == []
    session.advise()
    assert shown() == []


def test_work_is_given_up_when_nobody_waits_for_it() -> None:
    matrix = np.eye(300, 40, dtype=np.float32)
    steps: list[None] = []

    def pulse() -> None:
        steps.append(None)
        if len(steps) == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        doubts_of(matrix, np.arange(300) % 3, pulse)


def test_published_labels_with_some_swapped() -> None:
    lines = [json.loads(line) for line in shared_data("advice", "bitext_intent.jsonl").read_text("utf-8").splitlines()]
    kinds = sorted({line["messages"][-1]["content"] for line in lines})
    chance = random.Random(0)
    wrong = set(chance.sample(range(len(lines)), len(lines) // 20))
    for row in wrong:
        last = lines[row]["messages"][-1]
        last["content"] = chance.choice([kind for kind in kinds if kind != last["content"]])
    report = lint("".join(json.dumps(line) + "\n" for line in lines), ["DUP007"], keep_all=True)
    found = {one.line - 1 for one in report.diagnostics}
    assert len(found & wrong) >= 0.9 * len(found)
    assert len(found & wrong) >= 0.7 * len(wrong)
