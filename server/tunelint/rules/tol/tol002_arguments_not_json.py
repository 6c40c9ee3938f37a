"""TOL002: see the class."""

import ast
import json
from collections.abc import Iterator
from typing import Any, Final

from tunelint.core.example import ToolCall, Turn
from tunelint.core.finding import Edit, Finding, Fix, Place, Severity
from tunelint.core.record import Record
from tunelint.formats.shape import kind_of
from tunelint.rules._places import value_at
from tunelint.rules.base import Context, RecordRule, Wake
from tunelint.rules.tol._calls import arguments_of, call_places, calls_of, in_call
from tunelint.text.parse import Path, parse

_MAX_LITERAL: Final = 10_000
"""Longer texts are not tried as literals of Python, whose parser takes memory without bound."""

_HELP: Final = "arguments are one JSON object: a model that learns anything else calls tools that cannot be run"


class ArgumentsNotJson(RecordRule):
    r"""The arguments of a tool call are no JSON object, or not written the way the target reads them.

    ## Why

    What the model learns to write here is parsed by a program when it is used. Trainers that decode it stop at the record.

    OpenAI, and who follows it, wants arguments as a string that holds a JSON object; TRL hands an object to the chat template, and
    a string would come out with its quotes escaped. Which of the two is checked only for a chosen target.

    ## What to do

    Write the arguments as one JSON object: `"{\"city\": \"Bonn\"}"`, or `{"city": "Bonn"}` for TRL. A call without arguments
    has `{}`.

    ## Examples

    ```jsonl good
    {"messages": [{"role": "user", "content": "Weather?"}, {"role": "assistant", "tool_calls": [{"id": "call00001", "type": "function", "function": {"name": "get_weather", "arguments": "{}"}}]}], "tools": [{"type": "function", "function": {"name": "get_weather"}}]}
    ```

    ```jsonl good
    {"messages": [{"role": "user", "content": "Weather?"}, {"role": "assistant", "tool_calls": [{"function": {"name": "get_weather", "arguments": {}}}]}], "tools": [{"type": "function", "function": {"name": "get_weather"}}]}
    ```

    ```jsonl bad messages[1].tool_calls[0].function.arguments
    {"messages": [{"role": "user", "content": "Weather?"}, {"role": "assistant", "tool_calls": [{"id": "call00001", "type": "function", "function": {"name": "get_weather", "arguments": "{'city': 'Bonn', 'exact': True}"}}]}], "tools": [{"type": "function", "function": {"name": "get_weather"}}]}
    ```

    ```jsonl fixed
    {"messages": [{"role": "user", "content": "Weather?"}, {"role": "assistant", "tool_calls": [{"id": "call00001", "type": "function", "function": {"name": "get_weather", "arguments": "{\"city\": \"Bonn\", \"exact\": true}"}}]}], "tools": [{"type": "function", "function": {"name": "get_weather"}}]}
    ```

    ```jsonl bad messages[1].tool_calls[0].function.arguments
    {"messages": [{"role": "user", "content": "Weather?"}, {"role": "assistant", "tool_calls": [{"id": "call00001", "type": "function", "function": {"name": "get_weather", "arguments": "[\"Bonn\"]"}}]}], "tools": [{"type": "function", "function": {"name": "get_weather"}}]}
    ```

    Sources: OpenAI, ``openapi.yaml`` (``function.arguments``); TRL, ``dataset_formats.md``; Axolotl and LLaMA-Factory decode the
    text and raise; QwenLM/Qwen3-Coder issue 444.
    """

    code = "TOL002"
    name = "arguments-not-json"
    severity = Severity.ERROR
    fix = "safe"
    wakes = Wake.FAULTY | Wake.TOOLS
    stage = "shape"

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield a finding for each call whose arguments cannot be read."""
        for fault in record.faults:
            if in_call(fault) and (fault.path[-1] == "arguments" or fault.key == "arguments"):
                what = "has no arguments" if fault.kind == "missing-key" else f"has {fault.found} for arguments"
                yield self.finding(f"the call {what}", fault.path, help=_HELP)
        example = record.example
        if example is None:
            return
        for turn in example.all_turns:
            if turn.speaker == "function_call" and not turn.calls and turn.text.strip():
                yield self._unreadable("the call", turn.text, turn.text_at)
        for turn, call in calls_of(example):
            yield from self._of_call(record, turn, call, context)

    def _of_call(self, record: Record, turn: Turn, call: ToolCall, context: Context) -> Iterator[Finding]:
        at = call_places(record, call)[1]
        name = call.name[:40] or "the call"
        arguments = arguments_of(call)
        if isinstance(call.arguments, str):
            if arguments.encodings == 0:
                yield self._unreadable(
                    f"the arguments of {name}", call.arguments, at, mend=value_at(record, at) == call.arguments
                )
            elif arguments.value is None:
                yield self.finding(f"the arguments of {name} are {kind_of(arguments.decoded)}, not an object", at, help=_HELP)
            elif arguments.encodings == 1 and value_at(record, at) == call.arguments:
                yield from self._written(context, "object", at, arguments.value)
        elif isinstance(call.arguments, dict):
            if isinstance(value_at(record, at), dict):
                yield from self._written(context, "string", at, json.dumps(call.arguments, ensure_ascii=False))
        elif call.arguments is not None:
            yield self.finding(f"the arguments of {name} are {kind_of(call.arguments)}, not an object", at, help=_HELP)
        elif context.target is not None and context.refusal(lambda dialect: dialect.arguments == "string"):
            yield self.finding(f"the arguments of {name} are null", at, help="a call without arguments has the text {}")

    def _written(self, context: Context, wanted: str, at: Path, new: Any) -> Iterator[Finding]:
        """Yield a finding where the chosen target reads arguments only in the other way of writing."""
        if context.target is None or not context.refusal(lambda dialect: dialect.arguments == wanted):
            return
        has, lacks = ("a string", "an object") if wanted == "object" else ("an object", "JSON text in a string")
        yield self.finding(
            f"the arguments are {has}, and {context.target.title} reads {lacks}",
            at,
            help="write them the way this target reads them; other consumers want the opposite",
            fix=Fix(
                "decode the arguments" if wanted == "object" else "encode the arguments", "safe", (Edit("replace", at, new),)
            ),
        )

    def _unreadable(self, what: str, text: str, at: Path, *, mend: bool = True) -> Finding:
        """Make the finding for a text that is no JSON, at the character where it stops being it."""
        if not text.strip():
            fix = Fix("write {}", "safe", (Edit("replace", at, "{}"),)) if mend else None
            return self.finding(f"{what} are an empty text", at, help="a call without arguments has the text {}", fix=fix)
        fault = parse(text).fault
        reason = f": {fault.cause.value}" if fault is not None else ""
        place = Place(at, chars=(fault.start, max(fault.end, fault.start + 1))) if fault is not None else Place(at)
        return self.finding(f"{what} {_are(what)} no JSON{reason}", place, help=_HELP, fix=_repaired(text, at) if mend else None)


def _are(what: str) -> str:
    return "are" if "arguments" in what else "is"


def _repaired(text: str, at: Path) -> Fix | None:
    """Write an object of Python as JSON, where it has the same values there."""
    if len(text) > _MAX_LITERAL:
        return None
    try:
        value = ast.literal_eval(text.strip())
        new = json.dumps(value, ensure_ascii=False, allow_nan=False)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None
    if not isinstance(value, dict) or json.loads(new) != value:
        return None
    return Fix("write the arguments as JSON", "safe", (Edit("replace", at, new),))
