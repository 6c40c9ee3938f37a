"""Prompts whose examples call tools, in each form."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.advice.examples import identity_of
from tests.advice.server import nearest_call, serving
from tests.advice.test_writers import run_script, text_of, words
from tunelint.advice.prompt import SLOT, Prompt, material_of, prompt_of
from tunelint.advice.sample import Drawn
from tunelint.core.example import Example, Tool, ToolCall, Turn, written


def calling(*, shared: bool = True, budget: int = 400, tokens: Callable[[str], int] = words) -> Prompt:
    """Requests answered by calls of two tools, which all records declare, or each the one that it calls."""
    examples = []
    for number in range(80):
        town, name = ("Rome", "Bern", "Oslo {{ x }}", "Kiev")[number % 4], ("weather", "trains")[number // 4 % 2]
        schema = {"type": "object", "properties": {"town": {"type": "string"}}}
        turns = [
            Turn("system", "Help travellers.", (), ()),
            Turn("user", f"{name} in {town}, trip {number}?", (), ()),
            Turn("assistant", "", (), (), calls=(ToolCall(name, {"town": town}, ()),)),
        ]
        tools = [Tool(one, schema, (), f"Tells the {one}") for one in (("weather", "trains") if shared else (name,))]
        examples.append(Example(turns, tools=tools))
    return prompt_of(
        material_of([Drawn(identity_of(one), number, one) for number, one in enumerate(examples)]), tokens, 8, budget
    )


@pytest.mark.parametrize("shared", [True, False])
def test_calls_of_tools_are_messages_that_an_endpoint_takes(*, shared: bool) -> None:
    made = calling(shared=shared)
    body = json.loads(text_of("openai", made))
    assert [one["function"]["name"] for one in body["tools"]] in (["weather", "trains"], ["trains", "weather"])
    assert body["messages"][0] == {"role": "system", "content": "Help travellers."}
    assert body["messages"][-1] == {"role": "user", "content": SLOT}
    waiting: list[str] = []
    called = set()
    for message in body["messages"]:
        if message["role"] == "tool":
            waiting.remove(message["tool_call_id"])
            continue
        assert not waiting  # every call is answered before the next turn
        for call in message.get("tool_calls", ()):
            waiting.append(call["id"])
            called.add(call["function"]["name"])
            assert set(json.loads(call["function"]["arguments"])) == {"town"}
    assert not waiting
    assert called == {"weather", "trains"}


def test_a_budget_pays_for_calls_and_their_tools() -> None:
    shared, own = calling(tokens=len, budget=900), calling(shared=False, tokens=len, budget=900)
    assert len(own.shots) < len(shared.shots)  # each brings its tools with it
    body = json.loads(text_of("openai", shared))
    said = [call["function"]["arguments"] for one in body["messages"] for call in one.get("tool_calls", ())]
    assert shared.tokens > len("".join(said)) + len(written(body["tools"]))


def test_other_forms_of_a_prompt_that_calls_tools() -> None:
    made = calling(shared=False)
    tools = list(made.tools)
    config = yaml.safe_load(text_of("promptfoo", made))
    assert config["providers"][0]["config"]["tools"] == tools
    messages = json.loads(config["prompts"][0]["raw"])
    assert sum(len(one.get("tool_calls", ())) for one in messages) == len(made.shots)
    assert not any("{{ x }}" in json.dumps(one) for one in messages)
    page = text_of("markdown", made)
    assert "## Tools" in page
    assert 'weather({"town":' in page
    assert "Answer in the manner" not in page


def test_the_script_offers_the_tools_and_prints_the_calls(tmp_path: Path) -> None:
    made = calling()
    script = tmp_path / "ask.py"
    script.write_text(text_of("python", made), encoding="utf-8")
    with serving(nearest_call) as double:
        ran = run_script(script, "trains in Bern, trip 900?", OPENAI_BASE_URL=double.base, OPENAI_API_KEY="k")
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["name"] == "trains"
    assert double.bodies[0]["tools"] == list(made.tools)
