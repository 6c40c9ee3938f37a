"""What a prompt is made of."""

import json
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.advice.examples import asked, chat, identity_of
from tunelint.advice.contract import contract_of
from tunelint.advice.conversation import Message, case_of
from tunelint.advice.prompt import SLOT, Prompt, material_of, prompt_of
from tunelint.advice.sample import Drawn, is_held_out
from tunelint.advice.schema import induced_schema
from tunelint.advice.task import Pair
from tunelint.core.errors import UserError
from tunelint.core.example import Example, MediaPart, Tool, Turn

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=3),
    max_leaves=8,
)


def words(text: str) -> int:
    return len(text.split())


def drawn(*examples: Example) -> list[Drawn]:
    return [Drawn(identity_of(one), number, one) for number, one in enumerate(examples)]


def made(make: Callable[[int], Example], count: int = 40, **options: Any) -> Prompt:
    return prompt_of(material_of(drawn(*map(make, range(count)))), words, **options)


LABELS = ("order", "praise", "complaint")


def test_labels_and_instructions() -> None:
    prompt = made(lambda index: chat(f"number {index}", LABELS[index % 3], system="You sort letters."), count=60)
    system, *shots, slot = prompt.messages()
    assert system.role == "system"
    assert system.content.startswith("You sort letters.\n\nAnswer with exactly one of these labels and nothing else:\n- ")
    assert all(f"\n- {label}" in system.content for label in LABELS)
    assert slot == Message("user", SLOT)
    assert [message.role for message in shots] == ["user", "assistant"] * len(prompt.shots)
    assert {message.content for message in shots[1::2]} == set(LABELS)


def test_nothing_held_out_is_shown_and_all_tests_are() -> None:
    examples = [chat(f"message {index} of many", LABELS[index % 3]) for index in range(80)]
    prompt = prompt_of(material_of(drawn(*examples)), words, 12)
    shown = {examples[shot.handle].turns[0].text for shot in prompt.shots if isinstance(shot.handle, int)}
    assert len(shown) == 12
    assert not any(is_held_out(chat(text, "x")) for text in shown)
    assert prompt.tests
    assert all(is_held_out(chat(case.pair.request, "x")) for case in prompt.tests)
    assert not shown & {case.pair.request for case in prompt.tests}


def test_only_what_has_no_finding_is_shown() -> None:
    examples = [chat(f"message {index} of many", LABELS[index % 3]) for index in range(60)]
    flagged = frozenset(range(0, 60, 2))
    prompt = prompt_of(material_of(drawn(*examples), flagged), words)
    assert prompt.shots
    assert not {shot.handle for shot in prompt.shots} & flagged
    with pytest.raises(UserError, match="tunelint check"):
        prompt_of(material_of(drawn(*examples), frozenset(range(60))), words)


def test_a_budget_holds_with_all_that_an_example_says() -> None:
    def own_instructions(index: int) -> Example:
        return chat(f"message {index}", LABELS[index % 3], system=f"rules of the house number {index} " + "and more " * 20)

    prompt = made(own_instructions, budget=200)
    shots = prompt.messages()[1:-1]
    assert 0 < len(shots) < 8
    assert sum(words(message.content) + 4 for message in shots) <= 200
    assert "rules of the house" in shots[0].content
    with pytest.raises(UserError, match="--budget"):
        made(own_instructions, budget=20)


def test_no_examples_make_a_zero_shot_prompt() -> None:
    bare = prompt_of(material_of(drawn(*(chat(f"m {index}", "x") for index in range(30)))), words, 0)
    assert [message.role for message in bare.messages()] == ["system", "user"]


@pytest.mark.parametrize(
    ("text", "slot", "moved"),
    [
        ("Sort this letter: {} END OF LETTER", "Sort this letter: {{input}} END OF LETTER", ""),
        ("Sort {}", "{{input}}", ""),
        ("Read the letter below with care, and say what the person who wrote it wants from us.\nLetter: {}", None, "Read the"),
    ],
)
def test_what_all_requests_share_frames_the_slot(text: str, slot: str | None, moved: str) -> None:
    prompt = made(lambda index: chat(text.format(f"word{index * 7919}"), LABELS[index % 3]), count=60)
    *_, last = prompt.messages()
    assert last.content == (slot or "Letter: {{input}}")
    assert moved in prompt.messages()[0].content
    case = prompt.tests[0]
    assert prompt.settled.variable(case) is not None
    assert last.content.replace(SLOT, prompt.settled.variable(case) or "") == prompt.settled.ask(case)[0].content


def test_conversations_are_asked_turn_by_turn() -> None:
    case = case_of(drawn(chat("Hi", "Hello", "Is it raining?", "No."))[0])
    assert case is not None
    assert case.ask == (Message("user", "Hi"), Message("assistant", "Hello"), Message("user", "Is it raining?"))
    assert case.wanted.text == "No."


def test_what_no_endpoint_takes_is_written_out() -> None:
    example = asked("Weather in Rome?", "", ("weather", {"city": "Rome"}))
    turns = [*example.turns, Turn("tool", "sunny", (), ()), Turn("assistant", "It is sunny.", (), ())]
    case = case_of(drawn(Example(turns))[0])
    assert case is not None
    assert case.ask == (
        Message("user", 'User: Weather in Rome?\n\nAssistant: {"name":"weather","arguments":{"city":"Rome"}}\n\nTool: sunny'),
    )


def test_tools_that_all_declare_are_given_beside_the_messages() -> None:
    prompt = made(_with_tools)
    assert prompt.task.kind == "tool"
    assert [tool["function"]["name"] for tool in prompt.tools] == ["weather"]
    assert all("tells the weather" not in message.content for message in prompt.messages())
    calls = [call for message in prompt.messages() for call in message.calls]
    assert [call.name for call in calls] == ["weather"] * len(prompt.shots)


def test_tools_that_not_all_declare_are_said_in_words_once() -> None:
    prompt = made(lambda index: _with_tools(index, declared=index % 9 > 0))
    assert prompt.tools == ()
    system = prompt.messages()[0].content
    assert '{"name":"weather","description":"tells the weather","parameters":{"type":"object"}}' in system
    assert all("tells the weather" not in message.content for message in prompt.messages()[1:])
    assert json.loads(prompt.messages()[2].content) == {"name": "weather", "arguments": {"city": prompt.shots[0].handle}}


def _with_tools(index: int, *, declared: bool = True) -> Example:
    example = asked(f"Weather in city {index}?", "", ("weather", {"city": index}))
    return Example(example.turns, tools=[Tool("weather", {"type": "object"}, (), "tells the weather")] if declared else None)


@pytest.mark.parametrize(
    "example",
    [
        Example([Turn("text", "just a text", (), ())]),
        Example([Turn("user", "a question", (), ())]),
        Example([Turn("user", "see", (), (), media=(MediaPart("image", "a.png", ()),)), Turn("assistant", "a cat", (), ())]),
        Example([Turn("user", "x", (), ()), Turn("assistant", "bad", (), ())], label=False),
    ],
)
def test_what_cannot_be_asked(example: Example) -> None:
    with pytest.raises(UserError, match="request and an answer"):
        material_of(drawn(example))


def test_too_few_to_show_some_and_ask_others() -> None:
    alone = next(example for index in range(99) if is_held_out(example := chat(f"message {index}", "x")))
    with pytest.raises(UserError, match="too few"):
        material_of(drawn(alone))


def test_half_surrogate_pairs_are_replaced() -> None:
    prompt = made(lambda index: chat(f"message \ud83d {index}", "ok \udc00" if index % 2 else "no", system="S\ud83d"))
    for message in prompt.messages():
        message.content.encode()


@pytest.mark.parametrize(
    ("values", "schema"),
    [
        (
            [{"a": 1}, {"a": 2}],
            {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"], "additionalProperties": False},
        ),
        ([1, 2.5], {"type": "number"}),
        ([True, None], {"type": ["boolean", "null"]}),
        ([[], []], {"type": "array"}),
        ([["a"], ["b"]], {"type": "array", "items": {"type": "string"}}),
        (["up", "down"] * 10, {"type": "string", "enum": ["down", "up"]}),
        (["up", "down"], {"type": "string"}),
        ([{str(index): index} for index in range(100)], {"type": "object", "additionalProperties": {"type": "integer"}}),
    ],
)
def test_schemas(values: list[Any], schema: dict[str, Any]) -> None:
    assert induced_schema(values) == schema


@given(st.lists(JSON, min_size=1, max_size=12))
def test_every_value_follows_its_schema_when_no_key_is_a_slip(values: list[Any]) -> None:
    schema = induced_schema(values)
    jsonschema.Draft202012Validator.check_schema(schema)
    for value in values:
        jsonschema.Draft202012Validator(schema).validate(value)


def test_rare_labels_are_slips() -> None:
    pairs = [Pair("", f"m{index}", LABELS[index % 3]) for index in range(120)]
    assert set(contract_of([*pairs, Pair("", "m", "ordr")], "label").labels) == set(LABELS)
    assert "ordr" in contract_of([*pairs[:20], Pair("", "m", "ordr")], "label").labels
