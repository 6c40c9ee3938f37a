"""TOL003: see the class."""

from collections.abc import Iterator

from tunelint.core.finding import Edit, Finding, Fix, Severity
from tunelint.core.record import Record
from tunelint.rules._places import value_at
from tunelint.rules.base import Context, RecordRule, Wake
from tunelint.rules.tol._calls import arguments_of, call_places, calls_of


class DoubleEncodedArguments(RecordRule):
    r"""The arguments of a tool call were encoded as JSON twice.

    ## Why

    Decoding them gives a text and no object, so the model learns to write arguments full of backslashes, which no program that
    runs the tool can read. It happens when a text that is JSON already goes through `json.dumps`.

    ## What to do

    Encode once: `"{\"city\": \"Bonn\"}"`.

    ## Fix

    The fix takes the outer encodings off.

    ## Examples

    ```jsonl good
    {"messages": [{"role": "user", "content": "Weather in Bonn?"}, {"role": "assistant", "tool_calls": [{"id": "call00001", "type": "function", "function": {"name": "get_weather", "arguments": "{\"query\": \"{\\\"city\\\": 1}\"}"}}]}], "tools": [{"type": "function", "function": {"name": "get_weather"}}]}
    ```

    ```jsonl bad messages[1].tool_calls[0].function.arguments
    {"messages": [{"role": "user", "content": "Weather in Bonn?"}, {"role": "assistant", "tool_calls": [{"id": "call00001", "type": "function", "function": {"name": "get_weather", "arguments": "\"{\\\"city\\\": \\\"Bonn\\\"}\""}}]}], "tools": [{"type": "function", "function": {"name": "get_weather"}}]}
    ```

    ```jsonl fixed
    {"messages": [{"role": "user", "content": "Weather in Bonn?"}, {"role": "assistant", "tool_calls": [{"id": "call00001", "type": "function", "function": {"name": "get_weather", "arguments": "{\"city\": \"Bonn\"}"}}]}], "tools": [{"type": "function", "function": {"name": "get_weather"}}]}
    ```

    Sources: openai-cookbook, ``examples/data/drone_training.jsonl``, whose third record has such arguments.
    """

    code = "TOL003"
    name = "double-encoded-arguments"
    severity = Severity.ERROR
    fix = "safe"
    wakes = Wake.TOOLS

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield a finding for each call whose arguments decode to JSON text again."""
        example = record.example
        assert example is not None
        for _, call in calls_of(example):
            arguments = arguments_of(call)
            if arguments.encodings < 2 or arguments.value is None:
                continue
            at = call_places(record, call)[1]
            written = value_at(record, at) == call.arguments
            yield self.finding(
                f"the arguments of {call.name[:40] or 'the call'} were encoded as JSON more than once",
                at,
                help="take the outer encoding off: a model that learns this writes arguments that cannot be read",
                fix=Fix("encode the arguments once", "safe", (Edit("replace", at, arguments.text),)) if written else None,
            )
