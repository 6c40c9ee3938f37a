"""Edge cases of the rules about preference and reinforcement data, beyond their docstrings."""

import json
import math
import random
import statistics
from typing import Any

import pytest

from tests.linting import lint, places

PREFERENCE = ["PRF001", "PRF002", "PRF003", "PRF004", "PRF005", "PRF006"]


def found(data: str, **options: Any) -> list[tuple[str, int, str]]:
    report = lint(data, PREFERENCE, **options)
    assert not report.skipped
    return places(report.diagnostics)


def lines(*records: Any) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


def say(*turns: str) -> list[dict[str, str]]:
    roles = {"u": "user", "a": "assistant", "s": "system", "t": "tool"}
    return [{"role": roles[turn[0]], "content": turn[1:].strip()} for turn in turns]


def asked(prompt: list[dict[str, str]], chosen: list[dict[str, str]], rejected: list[dict[str, str]]) -> dict[str, Any]:
    return {"input": {"messages": prompt}, "preferred_output": chosen, "non_preferred_output": rejected}


@pytest.mark.parametrize(
    "data",
    [
        lines(asked(say("s Be brief", "u Hi"), say("a Hello"), say("a Hey"))),
        lines({"prompt": say("u Hi"), "chosen": say("a Hello", "u How?", "a Well"), "rejected": say("a Hey", "u How?", "a Bad")}),
        lines({"chosen": "Human: Hi\n\nAssistant: Hello", "rejected": "Human: Hi\n\nAssistant: Hey"}),
        lines({"prompt": "Hi", "chosen": "a b", "rejected": "ab"}),
        lines({"prompt": "Hi", "chosen": "Yes", "rejected": "yes"}),
        lines({"prompt": "Hi", "chosen": "A", "rejected": "B"}, {"prompt": "Hi", "chosen": "A", "rejected": "C"}),
        lines({"prompt": "Hi", "chosen": "A", "rejected": "B"}, {"prompt": "Hi", "chosen": "A", "rejected": "B"}),
        lines({"prompt": "Hi", "chosen": "A", "rejected": "B"}, {"prompt": "Hi", "chosen": "B", "rejected": "C"}),
        lines({"instruction": "Hi", "input": "", "chosen": "A", "rejected": "B"}),
        lines({"question": "Hi", "response_j": "A", "response_k": "B"}),
    ],
)
def test_silence(data: str) -> None:
    assert found(data) == []


@pytest.mark.parametrize(
    ("data", "options", "expected"),
    [
        (lines(asked(say("s Be brief"), say("a Hello"), say("a Hey"))), {}, [("PRF002", 1, "input.messages[0].role")]),
        (
            lines(asked(say("u Hi"), say("a Hello", "u How?"), say("a Hey"))),
            {},
            [("PRF002", 1, "preferred_output[1].role")],
        ),
        (
            lines({"chosen": say("u Hi", "a Hello"), "rejected": say("u Ho", "a Hey")}),
            {},
            [("PRF002", 1, "chosen")],
        ),
        (
            lines({"prompt": "Hi", "chosen": "A", "rejected": "B"}, {"prompt": " Hi", "chosen": "B ", "rejected": "A"}),
            {},
            [("PRF005", 2, "chosen")],
        ),
        (lines({"prompt": "Hi", "chosen": "", "rejected": " "}), {}, [("PRF001", 1, "rejected")]),
    ],
)
def test_findings(data: str, options: dict[str, Any], expected: list[tuple[str, int, str]]) -> None:
    assert found(data, **options) == expected


def _pairs(chosen: list[int], rejected: list[int]) -> str:
    return lines(
        *(
            {"prompt": f"n{n}", "chosen": "c" * one, "rejected": "r" * other}
            for n, (one, other) in enumerate(zip(chosen, rejected, strict=True))
        )
    )


@pytest.mark.parametrize("factor", [0.5, 1.0, 1.2, 2.0, 4.0])
def test_effect_is_that_of_the_lengths_themselves(factor: float) -> None:
    chance = random.Random(7)
    rejected = [max(1, round(math.exp(chance.gauss(5, 0.8)))) for _ in range(400)]
    chosen = [max(1, round(factor * math.exp(chance.gauss(5, 0.8)))) for _ in range(400)]
    pooled = math.sqrt((statistics.variance(chosen) + statistics.variance(rejected)) / 2)
    effect = (statistics.fmean(chosen) - statistics.fmean(rejected)) / pooled
    diagnostics = lint(_pairs(chosen, rejected), ["PRF003"]).diagnostics
    if effect < 0.3:
        assert diagnostics == []
    else:
        assert diagnostics[0].evidence is not None
        assert diagnostics[0].evidence["d"] == pytest.approx(effect, abs=0.02)
        assert diagnostics[0].severity == ("warning" if effect >= 0.8 else "information")


def test_few_pairs_are_not_judged() -> None:
    assert lint(_pairs([200, 210] * 24, [10, 11] * 24), ["PRF003"]).diagnostics == []
    assert len(lint(_pairs([200, 210] * 25, [10, 11] * 25), ["PRF003"]).diagnostics) == 1


@pytest.mark.parametrize(
    ("wanted", "unwanted", "expected"),
    [(10, 1, []), (11, 1, ["warning"]), (1, 11, ["warning"]), (0, 10, ["error"]), (9, 0, []), (100, 50, [])],
)
def test_thumbs(wanted: int, unwanted: int, expected: list[str]) -> None:
    labels = [True] * wanted + [False] * unwanted
    data = lines(*({"prompt": f"p{n}", "completion": "c", "label": label} for n, label in enumerate(labels)))
    assert [one.severity for one in lint(data, ["PRF004"]).diagnostics] == expected


def _graded(*fields: dict[str, Any]) -> str:
    return lines(*({"messages": say("u Hi"), **one} for one in fields))


@pytest.mark.parametrize(
    ("data", "options", "expected"),
    [
        (_graded(*[{}] * 10), {}, [("PRF006", 1, "")]),
        (_graded(*[{}] * 10), {"target": "azure"}, [("PRF006", 1, "")]),
        (_graded(*[{}] * 10), {"target": "ms-swift"}, []),
        (_graded(*[{}] * 9), {}, []),
        (_graded(*[{}] * 9, {"answer": "1"}), {}, []),
        (_graded({"answer": {"value": "1"}}, {"answer": {"value": "2"}}), {"grader": "answer.value"}, []),
        (_graded({"answer": {"value": "1"}}, {"answer": "2"}), {"grader": "answer.value"}, [("PRF006", 2, "")]),
        (_graded({"answer": "1"}, {"answer": "2"}), {"grader": "reference"}, [("PRF006", 1, "")]),
        (_graded({"answer": "1"}, {"answer": "2"}), {"grader": "answer,messages"}, []),
        (_graded({"answer": None}), {"grader": "answer"}, []),
    ],
)
def test_grader_fields(data: str, options: dict[str, Any], expected: list[tuple[str, int, str]]) -> None:
    assert places(lint(data, ["PRF006"], method="reinforcement", **options).diagnostics) == expected
