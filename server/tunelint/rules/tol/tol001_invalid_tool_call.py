"""TOL001: see the class."""

from collections.abc import Iterator
from typing import Final

from tunelint.core.fault import Fault
from tunelint.core.finding import Edit, Finding, Fix, Severity
from tunelint.core.record import Record
from tunelint.formats.base import NAME_PATTERN
from tunelint.rules._places import value_at
from tunelint.rules.base import Context, RecordRule, Wake
from tunelint.rules.tol._calls import call_places, calls_of, in_call
from tunelint.text.parse import Path

_ARGUMENTS: Final = "arguments"


class InvalidToolCall(RecordRule):
    r"""A tool call has not the shape of one.

    ## Why

    A call without the name of its function, or with a name that no API takes, cannot be put into the chat template: hosted
    trainers refuse the file, others stop at the record or train on a call that nothing can carry out. Function names are letters,
    digits, `_` and `-`, 64 at most.

    Arguments are the business of TOL002, ids that of TOL004.

    ## What to do

    Write a call as `{"id": …, "type": "function", "function": {"name": …, "arguments": …}}`.

    ## Fix

    The fix gives a misspelt key or type its right name, and adds the type where the target wants it.

    ## Examples

    ```jsonl good
    {"messages": [{"role": "user", "content": "Weather in Bonn?"}, {"role": "assistant", "tool_calls": [{"id": "call00001", "type": "function", "function": {"name": "get_weather", "arguments": "{\"city\": \"Bonn\"}"}}]}], "tools": [{"type": "function", "function": {"name": "get_weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}}]}
    ```

    ```jsonl bad messages[1].tool_calls[0].function
    {"messages": [{"role": "user", "content": "Weather in Bonn?"}, {"role": "assistant", "tool_calls": [{"id": "call00001", "type": "function", "function": {"arguments": "{\"city\": \"Bonn\"}"}}]}]}
    ```

    ```jsonl bad messages[1].tool_calls[0].type
    {"messages": [{"role": "user", "content": "Weather in Bonn?"}, {"role": "assistant", "tool_calls": [{"id": "call00001", "type": "functions", "function": {"name": "get_weather", "arguments": "{\"city\": \"Bonn\"}"}}]}]}
    ```

    ```jsonl fixed
    {"messages": [{"role": "user", "content": "Weather in Bonn?"}, {"role": "assistant", "tool_calls": [{"id": "call00001", "type": "function", "function": {"name": "get_weather", "arguments": "{\"city\": \"Bonn\"}"}}]}]}
    ```

    ```jsonl bad messages[1].tool_calls[0] target=openai also=ADV001
    {"messages": [{"role": "user", "content": "Weather in Bonn?"}, {"role": "assistant", "tool_calls": [{"id": "call00001", "function": {"name": "get_weather", "arguments": "{\"city\": \"Bonn\"}"}}]}], "tools": [{"type": "function", "function": {"name": "get_weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}}]}
    ```

    ```jsonl fixed
    {"messages": [{"role": "user", "content": "Weather in Bonn?"}, {"role": "assistant", "tool_calls": [{"id": "call00001", "function": {"name": "get_weather", "arguments": "{\"city\": \"Bonn\"}"}, "type": "function"}]}], "tools": [{"type": "function", "function": {"name": "get_weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}}]}
    ```

    Sources: OpenAI, ``openapi.yaml`` (ChatCompletionMessageToolCall, FunctionObject.name); mistral-common, ``validator.py``.
    """

    code = "TOL001"
    name = "invalid-tool-call"
    severity = Severity.ERROR
    fix = "safe"
    wakes = Wake.FAULTY | Wake.TOOLS
    stage = "shape"

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield the faults of shape inside calls, and the names that no function can have."""
        for fault in record.faults:
            if in_call(fault) and not (fault.path[-1] == _ARGUMENTS or fault.key == _ARGUMENTS):
                yield self._of_shape(fault)
        example = record.example
        if example is None:
            return
        typed = context.dialect is not None and context.dialect.typed_calls
        for _, call in calls_of(example):
            written = value_at(record, call.at)
            if typed and isinstance(written, dict) and "function" in written and written.get("type") is None:
                yield self._untyped(call.at, context)
            at = call_places(record, call)[0]
            if not call.name.strip():
                if value_at(record, call.at) != call.arguments:  # else it is a text that could not be read: TOL002
                    yield self.finding("the call names no function", at, help="name the tool that is called")
            elif not NAME_PATTERN.fullmatch(call.name):
                refusal = context.refusal(lambda dialect: dialect.valid_tools)
                if refusal is not None:
                    yield self.finding(
                        f"{call.name[:60]!r} is no name that a function can have",
                        at,
                        severity=refusal.severity,
                        help=f"{refusal.says('take')} 1 to 64 letters, digits, _ and -",
                    )

    def _untyped(self, at: Path, context: Context) -> Finding:
        return self.finding(
            "the call has no type",
            at,
            help=f'{context.consumer} wants "type": "function" in each call',
            fix=Fix("add the type", "safe", (Edit("insert", (*at, "type"), "function"),)),
        )

    def _of_shape(self, fault: Fault) -> Finding:
        wanted = fault.expected
        match fault.kind:
            case "missing-key":
                message = f"the call lacks {fault.key!r}" + (f", but has {fault.found!r}" if fault.found else "")
            case "unknown-key":
                message = f"a call has no {fault.key!r}"
            case "wrong-type":
                message = f"{fault.path[-1]!r} of the call is {fault.found}, not {wanted}"
            case _:
                message = f"{fault.path[-1]!r} of the call is {fault.found[:40]!r}, not {wanted}"
        return self.finding(message, fault.path, help="trainers cannot put such a call into the chat template", fix=_fix(fault))


def _fix(fault: Fault) -> Fix | None:
    if fault.suggestion is None:
        return None
    match fault.kind:
        case "missing-key":
            return Fix(
                f"rename {fault.suggestion!r} to {fault.key!r}",
                "safe",
                (Edit("rename", (*fault.path, fault.suggestion), fault.key),),
            )
        case "unknown-key":
            return Fix(f"rename {fault.key!r} to {fault.suggestion!r}", "safe", (Edit("rename", fault.path, fault.suggestion),))
        case _:
            return Fix(f"write {fault.suggestion!r}", "safe", (Edit("replace", fault.path, fault.suggestion),))
