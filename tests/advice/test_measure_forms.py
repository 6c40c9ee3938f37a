"""Measurements of answers with a form: calls of tools by the endpoint's own means, and numbers."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.advice.clocks import TestClock
from tests.advice.examples import chat, identity_of
from tests.advice.server import Double, nearest_call, serving
from tunelint.advice.asking import Asker
from tunelint.advice.endpoint import Endpoint, Policy
from tunelint.advice.journal import Journal
from tunelint.advice.measure import Plan, carry_out, plan_of
from tunelint.advice.measured import Arm
from tunelint.advice.metrics import METRICS, Call, Said, calls_match, final_number, metric_of, number_match, title_of
from tunelint.advice.prompt import Material, material_of, prompt_of
from tunelint.advice.results import arms_of
from tunelint.advice.sample import Drawn
from tunelint.advice.spending import Spending
from tunelint.advice.ways import WAYS, WayName
from tunelint.core.example import Example, Tool, ToolCall, Turn, written

TOWNS = ("Bonn", "Kiel", "Ulm", "Jena", "Trier", "Celle")


def _words(text: str) -> int:
    return len(text.split())


def _tools(*names: str) -> list[Tool]:
    schema = {"type": "object", "properties": {"town": {"type": "string"}}}
    return [Tool(name, schema, (), f"Tells the {name} of a town") for name in names]


def _calling(count: int = 120, *, declared: bool = True, choice: object = None) -> list[Example]:
    """Requests about weather and trains, each answered by the call of one of two tools."""
    made = []
    for number in range(count):
        town, name = TOWNS[number % 6], ("weather", "trains")[number // 6 % 2]
        words = {"weather": "rain or sun", "trains": "rails and platforms"}[name]
        turns = [
            Turn("system", "Help travellers.", (), ()),
            Turn("user", f"{words} in {town}, trip {number}?", (), ()),
            Turn("assistant", "", (), (), calls=(ToolCall(name, {"town": town}, ()),)),
        ]
        fields = {"tool_choice": choice} if choice else None
        made.append(Example(turns, tools=_tools("weather", "trains") if declared else None, fields=fields))
    return made


def _material(examples: Sequence[Example]) -> Material:
    return material_of([Drawn(identity_of(one), number, one) for number, one in enumerate(examples)])


def _plan(found: Material, ways: Sequence[WayName] = WAYS) -> Plan:
    return plan_of(found, prompt_of(found, _words, 12), ways, 20, 2_000, _words)


def _measured(folder: Path, double: Double, found: Material, ways: Sequence[WayName] = WAYS) -> dict[str, Arm]:
    plan = _plan(found, ways)
    metric = metric_of(found.task.kind, [case.wanted for case in found.shown])

    async def run() -> dict[str, Arm]:
        with Journal(folder / "j.jsonl") as journal:
            spending = Spending()
            async with Endpoint(double.base, None, Policy(timeout=30), TestClock()) as endpoint:
                asker = Asker(endpoint, "m", journal, spending, None, _words)
                askers = dict.fromkeys(plan.ways, asker)
                answers, ended = await carry_out(plan, askers, spending, lambda done: None)
        assert not ended
        return {arm.name: arm for arm in arms_of(plan, answers, metric, askers, _words)}

    return asyncio.run(run())


def test_tools_are_sent_by_the_endpoints_own_means_and_calls_are_compared(tmp_path: Path) -> None:
    with serving(nearest_call) as double:
        arms = _measured(tmp_path, double, _material(_calling()), (*WAYS, "tuned"))
    assert arms["zero-shot"].score.value == 0
    assert arms["few-shot"].score.value > 0.5
    assert arms["nearest"].score.value > 0.9
    for body in double.bodies:
        assert [one["function"]["name"] for one in body["tools"]] == ["weather", "trains"]
        assert all(one["type"] == "function" and one["function"]["parameters"]["properties"] for one in body["tools"])
        assert "tool_choice" not in body
        assert "Tools:" not in str(body["messages"])
        _assert_well_formed(body["messages"])


def _assert_well_formed(messages: list[dict[str, Any]]) -> None:
    """Each call is answered by a message of its own before the next turn, as OpenAI wants it."""
    assert messages[0] == {"role": "system", "content": "Help travellers."}
    assert messages[-1]["role"] == "user"
    waiting: list[str] = []
    for message in messages:
        if message["role"] == "tool":
            waiting.remove(message["tool_call_id"])
        else:
            assert not waiting
            waiting = [call["id"] for call in message.get("tool_calls", ())]
            assert all(isinstance(call["function"]["arguments"], str) for call in message.get("tool_calls", ()))


def test_a_choice_of_tools_that_a_record_makes_is_sent(tmp_path: Path) -> None:
    with serving(nearest_call) as double:
        arms = _measured(tmp_path, double, _material(_calling(choice="required")))
    assert len(double.bodies) == 20 * len(WAYS)
    assert {body["tool_choice"] for body in double.bodies} == {"required"}
    assert arms["zero-shot"].score.value < arms["few-shot"].score.value <= arms["nearest"].score.value


def test_tools_in_words_stay_in_words(tmp_path: Path) -> None:
    with serving(nearest_call) as double:
        _measured(tmp_path, double, _material(_calling(declared=False)), ("zero-shot", "few-shot"))
    assert all("tools" not in body for body in double.bodies)
    assert all(set(message) == {"role", "content"} for body in double.bodies for message in body["messages"])


def test_the_tools_are_paid_for() -> None:
    plan = _plan(_material(_calling()))
    question = plan.question(plan.requests[0])
    alone = msgspec.structs.replace(question, tools=None)
    assert question.tools is not None
    assert question.tokens(len) - alone.tokens(len) == len(written(list(question.tools.declared)))
    assert plan.dearest(plan.requests[0], len).prompt > plan.usual(plan.requests[0], len).prompt > alone.tokens(len)


@pytest.mark.parametrize(
    ("given", "score"),
    [
        (Said("", (Call("weather", '{"town": "Bonn"}'),)), 1),
        (Said("I look it up.", (Call("weather", {"town": "bonn "}),)), 1),
        (Said('{"name": "weather", "arguments": {"town": "Bonn"}}'), 1),
        (Said("", (Call("weather", '{"town": "Kiel"}'),)), 0),
        (Said("", (Call("trains", '{"town": "Bonn"}'),)), 0),
        (Said("", (Call("weather", '{"town": "Bonn"}'), Call("trains", "{}"))), 0),
        (Said("It is sunny in Bonn."), 0),
    ],
)
def test_calls_match_by_name_and_arguments(given: Said, score: float) -> None:
    assert calls_match(given, Said("", (Call("weather", {"town": "Bonn"}),))) == score


def test_worked_answers_are_scored_by_the_number_that_they_come_to(tmp_path: Path) -> None:
    examples = [
        chat(
            f"Ann has {one} boxes of {two} eggs, and gives {two} eggs away. How many has she?",
            f"{one} * {two} = {one * two} eggs, less {two} is {one * two - two:,}.\n#### {one * two - two:,}",
        )
        for one in range(2, 32)
        for two in (3, 40, 57)
    ]

    found = _material(examples)
    with serving(_solved) as double:
        arms = _measured(tmp_path, double, found)
    assert {name: arm.score.value for name, arm in arms.items()} == dict.fromkeys(WAYS, 1)
    with serving() as double:  # who copies the nearest example's number is hardly ever right
        (tmp_path / "copied").mkdir()
        arms = _measured(tmp_path / "copied", double, found)
    assert arms["zero-shot"].score.value == 0
    assert arms["few-shot"].score.value < 0.5
    metric = metric_of(found.task.kind, [case.wanted for case in found.shown])
    assert (metric.name, title_of(metric.name)) == ("number", "final number")


def _solved(messages: list[dict[str, Any]]) -> str:
    one, two, *_ = (int(word) for word in messages[-1]["content"].split() if word.isdigit())
    return f"She has {one * two - two} eggs"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("#### 42", "42"),
        ("9 + 1 = 10\n#### 10\n", "10"),
        ("$1,234.50", "1234.5"),
        ("So the answer is 7.", "7"),
        ("\\boxed{-3/4} of 12", "-3/4"),
        ("5 %", "5"),
        ("−3", "-3"),
        ("about 1.0", "1"),
        ("route66", None),
        ("none", None),
        ("", None),
        ("1/0", None),
        ("1" * 5_000, None),
    ],
)
def test_final_numbers(text: str, number: str | None) -> None:
    found = final_number(text)
    assert (str(found) if found is not None else None) == (str(final_number(f"#### {number}")) if number else None)


def test_numbers_are_compared_only_where_the_answers_come_to_some() -> None:
    numbers, words = (
        [Said(f"{n} * 2 = {2 * n}\n#### {2 * n}") for n in range(20)],
        [Said(f"In {n}, kings ruled") for n in range(20)],
    )
    assert metric_of("text", numbers).name == "number"
    assert metric_of("short", [Said(f"${n}.50") for n in range(20)]).name == "number"
    assert metric_of("text", words) is METRICS["text"]
    assert metric_of("label", [Said("1"), Said("2")]) is METRICS["label"]
    assert metric_of("text", []) is METRICS["text"]
    assert number_match(Said("It is 41"), Said("#### 42")) == 0
    assert number_match(Said("no idea"), Said("#### 42")) == 0
    assert number_match(Said("Nobody knows."), Said("nobody knows")) == 1
