"""TOL006: see the class."""

from collections.abc import Iterator

from tunelint.core.finding import Finding, Severity
from tunelint.core.record import Record
from tunelint.rules._places import value_at
from tunelint.rules.base import Context, RecordRule, Wake
from tunelint.rules.tol._calls import arguments_of, call_places, calls_of, inside
from tunelint.rules.tol._schema import misfits
from tunelint.text.spans import format_path


class ArgumentsAgainstSchema(RecordRule):
    r"""The arguments of a call do not fit the parameters that the tool declares.

    ## Why

    A model that learns such calls writes them: a required argument is missing, a number stands in a string, a value is none of the
    declared ones, and the program that runs the tool rejects the call. Arguments that are null although nobody wrote them come
    from a loader that gave all tools the arguments of each other.

    Keywords of JSON Schema that only validators know (`pattern`, `format`) are not checked.

    ## What to do

    Correct the arguments, or the declaration.

    ## Examples

    ```jsonl good
    {"messages": [{"role": "user", "content": "Weather in Bonn?"}, {"role": "assistant", "tool_calls": [{"id": "call00001", "type": "function", "function": {"name": "get_weather", "arguments": "{\"city\": \"Bonn\", \"days\": 2}"}}]}], "tools": [{"type": "function", "function": {"name": "get_weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}, "days": {"type": "integer"}}, "required": ["city"]}}}]}
    ```

    ```jsonl bad messages[1].tool_calls[0].function.arguments
    {"messages": [{"role": "user", "content": "Weather in Bonn?"}, {"role": "assistant", "tool_calls": [{"id": "call00001", "type": "function", "function": {"name": "get_weather", "arguments": "{\"town\": \"Bonn\"}"}}]}], "tools": [{"type": "function", "function": {"name": "get_weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}}]}
    ```

    ```jsonl bad messages[1].tool_calls[0].function.arguments.days
    {"messages": [{"role": "user", "content": "Weather in Bonn?"}, {"role": "assistant", "tool_calls": [{"function": {"name": "get_weather", "arguments": {"city": "Bonn", "days": "two"}}}]}], "tools": [{"type": "function", "function": {"name": "get_weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}, "days": {"type": "integer"}}}}}]}
    ```

    Sources: JSON Schema 2020-12; axolotl issue 2909, ms-swift issue 10110 and TRL issue 5307 for arguments that loaders add.
    """

    code = "TOL006"
    name = "arguments-against-schema"
    severity = Severity.WARNING
    wakes = Wake.TOOLS
    unless = frozenset({"TOL003"})

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield where the arguments of calls do not fit."""
        example = record.example
        assert example is not None
        schemas = {tool.name: tool.parameters for tool in example.tools or ()}
        for _, call in calls_of(example):
            schema = schemas.get(call.name)
            arguments = arguments_of(call).value
            if not isinstance(schema, dict) or arguments is None:
                continue
            at = call_places(record, call)[1]
            in_text = isinstance(value_at(record, at), str)
            whole_call = in_text and value_at(record, at) != call.arguments
            for path, problem in misfits(arguments, schema):
                where = f"argument {format_path(path)[:40]}" if path else f"the call of {call.name[:40]}"
                inner = (*_key_in_text(record, at), *path) if whole_call else path
                yield self.finding(
                    f"{where} {problem}",
                    inside(record, at, inner),
                    help=f"correct the call, or what {call.name[:60]} declares",
                )


def _key_in_text(record: Record, at: tuple[str | int, ...]) -> tuple[str, ...]:
    """Return the key under which a call that is written as text holds its arguments."""
    return ("parameters",) if '"arguments"' not in str(value_at(record, at)) else ("arguments",)
