"""Edge cases of the rules about tools, beyond their docstrings."""

import json
from typing import Any

import pytest

from tests.linting import fix, lint, places

TOOLS = ["TOL001", "TOL002", "TOL003", "TOL004", "TOL005", "TOL006", "TOL007", "TOL008"]
WEATHER = {
    "type": "function",
    "function": {
        "name": "weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}
ASK = {"role": "user", "content": "Weather in Bonn?"}
SAY = {"role": "assistant", "content": "Rain."}


def call(arguments: Any = '{"city": "Bonn"}', id_: str | None = "call00001", name: str = "weather") -> dict[str, Any]:
    one: dict[str, Any] = {"type": "function", "function": {"name": name, "arguments": arguments}}
    return {"id": id_, **one} if id_ is not None else one


def calling(*calls: dict[str, Any]) -> dict[str, Any]:
    return {"role": "assistant", "content": None, "tool_calls": list(calls)}


def answer(id_: str | None = "call00001") -> dict[str, Any]:
    return {"role": "tool", "content": "rain"} | ({"tool_call_id": id_} if id_ is not None else {})


def record(*messages: dict[str, Any], tools: Any = (WEATHER,), **more: Any) -> str:
    return json.dumps({"messages": list(messages), **({"tools": tools} if tools is not None else {}), **more}) + "\n"


def shared(*turns: tuple[str, str], tools: Any = None) -> str:
    value: dict[str, Any] = {"conversations": [{"from": speaker, "value": text} for speaker, text in turns]}
    return json.dumps(value | ({"tools": json.dumps(tools)} if tools is not None else {})) + "\n"


def found(data: str, **options: Any) -> list[tuple[str, str]]:
    report = lint(data, TOOLS, **options)
    assert not report.skipped
    return [(code, at) for code, _, at in places(report.diagnostics)]


SILENT = {
    "an answer": record(ASK, calling(call()), answer(), SAY),
    "calls at the end are learnt": record(ASK, calling(call(), call(id_="call00002"))),
    "one of two calls at the end needs no answer either": record(ASK, calling(call())),
    "an id again after it was answered": record(ASK, calling(call()), answer(), SAY, ASK, calling(call()), answer(), SAY),
    "answers in any order": record(
        ASK, calling(call(), call(id_="call00002")), answer("call00002"), answer("call00001"), SAY
    ),
    "calls one after the other": record(ASK, calling(call()), answer(), calling(call(id_="b")), answer("b"), SAY),
    "TRL: objects and no ids": record(ASK, calling(call({"city": "Bonn"}, None)), answer(None), SAY),
    "TRL: two calls and two answers": record(
        ASK, calling(call({"city": "Bonn"}, None), call({"city": "Rome"}, None)), answer(None), answer(None), SAY
    ),
    "calls in the assistant's text": record(ASK, {"role": "assistant", "content": "<tool_call>…"}, answer("x"), SAY, tools=None),
    "tools as JSON text": record(ASK, calling(call()), answer(), SAY, tools=json.dumps([WEATHER])),
    "empty tools text": record(ASK, SAY, tools=""),
    "no tools": record(ASK, SAY, tools=[]),
    "tools that may be described in words": record(ASK, calling(call()), tools=None),
    "null tools": record(ASK, SAY, tools=None) + record(ASK, SAY, tools=[]),
    "a call and words": record(ASK, {"content": "Let me see.", **calling(call())}, answer(), SAY),
    "ShareGPT": shared(
        ("human", "Weather?"), ("function_call", '{"name": "weather", "arguments": {"city": "Bonn"}}'), ("observation", "rain"),
        ("gpt", "Rain."), tools=[WEATHER["function"]],
    ),
    "ShareGPT: two calls, one observation": shared(
        ("human", "Weather?"),
        ("function_call", '[{"name": "weather", "arguments": {"city": "A"}}, {"name": "weather", "arguments": {"city": "B"}}]'),
        ("observation", "[1, 2]"), ("gpt", "Rain."), tools=[WEATHER["function"]],
    ),
    "ShareGPT: tool turn after a call in words": shared(("human", "Hi"), ("gpt", "<tool_call>{}"), ("tool", "1"), ("gpt", "One")),
    "Gemini": json.dumps(
        {
            "contents": [
                {"role": "user", "parts": [{"text": "Weather?"}]},
                {"role": "model", "parts": [{"functionCall": {"name": "weather", "args": {"city": "Bonn"}}}]},
                {"role": "function", "parts": [{"functionResponse": {"name": "weather", "response": {"sky": "rain"}}}]},
                {"role": "model", "parts": [{"text": "Rain."}]},
            ],
            "tools": [
                {
                    "functionDeclarations": [
                        {"name": "weather", "parameters": {"type": "OBJECT", "properties": {"city": {"type": "STRING"}}}}
                    ]
                }
            ],
        }
    )
    + "\n",
    "preference: both answers call": json.dumps(
        {
            "input": {"messages": [ASK], "tools": [WEATHER]},
            "preferred_output": [calling(call())],
            "non_preferred_output": [calling(call('{"city": "Rome"}'))],
        }
    )
    + "\n",
}  # fmt: skip


@pytest.mark.parametrize("data", [pytest.param(data, id=name) for name, data in SILENT.items()])
def test_silence(data: str) -> None:
    assert found(data) == []


FIRST = "messages[1].tool_calls[0]"
FIRING = {
    "two calls, one answer": (
        record(ASK, calling(call(), call(id_="call00002")), answer(), SAY),
        {},
        [("TOL004", "messages[1].tool_calls[1]")],
    ),
    "an answer to nothing": (record(ASK, answer(), SAY), {}, [("TOL004", "messages[1].tool_call_id")]),
    "a second answer": (record(ASK, calling(call()), answer(), answer(), SAY), {}, [("TOL004", "messages[3].tool_call_id")]),
    "one id twice in a turn": (
        record(ASK, calling(call(), call()), answer(), answer(), SAY),
        {},
        [("TOL004", "messages[1].tool_calls[1].id")],
    ),
    "Mistral's ids": (record(ASK, calling(call(id_="call_1")), answer("call_1"), SAY), {"target": "mistral"}, [("TOL004", f"{FIRST}.id")]),
    "OpenAI wants ids": (
        record(ASK, calling(call(id_=None)), answer(None), SAY),
        {"target": "openai"},
        [("TOL004", FIRST), ("TOL004", "messages[2].role")],
    ),
    "OpenAI wants text": (record(ASK, calling(call({"city": "Bonn"}))), {"target": "openai"}, [("TOL002", f"{FIRST}.function.arguments")]),
    "TRL wants objects": (record(ASK, calling(call())), {"target": "trl"}, [("TOL002", f"{FIRST}.function.arguments")]),
    "an empty text": (record(ASK, calling(call(""))), {}, [("TOL002", f"{FIRST}.function.arguments")]),
    "a number": (record(ASK, calling(call("5"))), {}, [("TOL002", f"{FIRST}.function.arguments")]),
    "a quoted word": (record(ASK, calling(call('"Bonn"'))), {}, [("TOL002", f"{FIRST}.function.arguments")]),
    "cut off": (record(ASK, calling(call('{"city": "Bo'))), {}, [("TOL002", f"{FIRST}.function.arguments")]),
    "a list of the wrong type": (record(ASK, calling(call(["Bonn"]))), {}, [("TOL002", f"{FIRST}.function.arguments")]),
    "encoded three times": (
        record(ASK, calling(call(json.dumps(json.dumps('{"city": "Bonn"}'))))),
        {},
        [("TOL003", f"{FIRST}.function.arguments")],
    ),
    "no name": (record(ASK, calling(call(name=" "))), {}, [("TOL001", f"{FIRST}.function.name")]),
    "a name with a dot": (
        record(ASK, calling(call(name="a.b")), tools=[{"type": "function", "function": {"name": "a.b"}}]),
        {"target": "openai"},
        [("TOL007", "tools[0].function.name"), ("TOL001", f"{FIRST}.function.name")],
    ),
    "another tool": (record(ASK, calling(call(name="wether"))), {}, [("TOL005", f"{FIRST}.function.name")]),
    "no tools, where the guide declares them": (record(ASK, calling(call()), tools=None), {"target": "openai"}, [("TOL005", f"{FIRST}.function.name")]),
    "arguments as text": (record(ASK, calling(call('{"city": 7}'))), {}, [("TOL006", f"{FIRST}.function.arguments")]),
    "a null that a loader added": (
        record(ASK, calling(call({"city": None}, None))),
        {},
        [("TOL006", f"{FIRST}.function.arguments.city")],
    ),
    "blank tools": (record(ASK, SAY, tools=" "), {}, [("TOL007", "tools")]),
    "no schema": (
        record(ASK, SAY, tools=[{"type": "function", "function": {"name": "a", "parameters": "city"}}]),
        {},
        [("TOL007", "tools[0].function.parameters")],
    ),
    "a tool without a name": (
        record(ASK, SAY, tools=[{"type": "function", "function": {"parameters": {"type": "object"}}}]),
        {},
        [("TOL007", "tools[0].function")],
    ),
    "ShareGPT: a call that is no JSON": (
        shared(("human", "Weather?"), ("function_call", "weather(Bonn)"), ("observation", "rain"), ("gpt", "Rain.")),
        {},
        [("TOL002", "conversations[1].value")],
    ),
    "ShareGPT: an observation of nothing": (
        shared(("human", "Weather?"), ("observation", "rain"), ("gpt", "Rain.")),
        {},
        [("TOL004", "conversations[1].from")],
    ),
    "ShareGPT: against the schema": (
        shared(("human", "?"), ("function_call", '{"name": "weather", "arguments": {"city": 1}}'), tools=[WEATHER["function"]]),
        {},
        [("TOL006", "conversations[1].value")],
    ),
    "v1: a call that is no JSON": (
        json.dumps(
            {
                "messages": [
                    {"role": "user", "content": [{"type": "text", "value": "?"}]},
                    {"role": "assistant", "content": [{"type": "tool_call", "value": "weather("}]},
                ]
            }
        )
        + "\n",
        {},
        [("TOL002", "messages[1].content[0].value")],
    ),
    "old keys": (record(ASK, {"role": "assistant", "content": None, "function_call": call()["function"]}, tools=None, functions=[WEATHER["function"]]), {}, [("TOL008", "functions")]),
}  # fmt: skip


@pytest.mark.parametrize(("data", "options", "expected"), [pytest.param(*case, id=name) for name, case in FIRING.items()])
def test_findings(data: str, options: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert sorted(found(data, **options)) == sorted(expected)


def test_a_fault_in_arguments_is_marked_inside_the_text() -> None:
    data = record(ASK, calling(call('{"city": 7}')))
    (one,) = lint(data, ["TOL006"]).diagnostics
    assert data[one.column - 1 : one.end_column - 1] == "7"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("{'city': 'Bonn', 'exact': None}", '{"city": "Bonn", "exact": null}'),
        ("", "{}"),
        (json.dumps(json.dumps('{"city": "Bonn"}')), '{"city": "Bonn"}'),
    ],
)
def test_safe_fixes_of_arguments(arguments: str, expected: str) -> None:
    fixed = json.loads(fix(record(ASK, calling(call(arguments))), TOOLS))
    assert fixed["messages"][1]["tool_calls"][0]["function"]["arguments"] == expected


@pytest.mark.parametrize("arguments", ["{'city': {1, 2}}", "{1: 2}", "{'city': (1, 2)}", "dict(city=1)", "{" * 5000])
def test_arguments_that_python_and_json_read_differently_are_left_alone(arguments: str) -> None:
    data = record(ASK, calling(call(arguments)))
    assert fix(data, TOOLS) == data.encode()
    assert found(data) == [("TOL002", f"{FIRST}.function.arguments")]


@pytest.mark.parametrize("target", ["openai", "trl"])
def test_the_way_of_writing_is_mended_for_the_target(target: str) -> None:
    data = record(ASK, calling(call())) + record(ASK, calling(call({"city": "Bonn"})))
    fixed = fix(data, ["TOL002"], target=target).decode().splitlines()
    written = [json.loads(line)["messages"][1]["tool_calls"][0]["function"]["arguments"] for line in fixed]
    assert written == ([{"city": "Bonn"}] * 2 if target == "trl" else ['{"city": "Bonn"}'] * 2)


def test_old_keys_are_left_alone_where_the_new_ones_stand_beside_them() -> None:
    data = record(ASK, SAY, functions=[{"name": "weather"}])
    assert found(data) == [("TOL008", "functions")]
    assert fix(data, TOOLS) == data.encode()


def test_a_file_of_calls_that_nobody_declares_is_woken_without_rich_keys() -> None:
    rows = shared(("human", "?"), ("function_call", "no JSON")) * 3
    assert found(rows) == [("TOL002", "conversations[1].value")] * 3
