"""TOL005: see the class."""

from collections.abc import Iterator

from tunelint.core.finding import Finding, Severity
from tunelint.core.record import Record
from tunelint.formats.shape import closest
from tunelint.rules.base import Context, RecordRule, Wake
from tunelint.rules.tol._calls import call_places, calls_of


class UndeclaredTool(RecordRule):
    r"""A call names a tool that the record does not declare.

    ## Why

    At inference the model sees the declared tools and should call one of them. From calls to a tool that the prompt does not
    mention it learns to invent names. Mostly a tool was renamed in one place only, or the list of another record was used.

    Where a record declares no tools at all, they may be described in its system prompt: it is a finding only where a consumer is
    known to refuse that.

    ## What to do

    Declare the tool under `tools`, or correct the name.

    ## Examples

    ```jsonl good
    {"messages": [{"role": "user", "content": "Weather in Bonn?"}, {"role": "assistant", "tool_calls": [{"id": "call00001", "type": "function", "function": {"name": "get_weather", "arguments": "{\"city\": \"Bonn\"}"}}]}], "tools": [{"type": "function", "function": {"name": "get_weather"}}]}
    ```

    ```jsonl bad messages[1].tool_calls[0].function.name
    {"messages": [{"role": "user", "content": "Weather in Bonn?"}, {"role": "assistant", "tool_calls": [{"id": "call00001", "type": "function", "function": {"name": "weather", "arguments": "{\"city\": \"Bonn\"}"}}]}], "tools": [{"type": "function", "function": {"name": "get_weather"}}]}
    ```

    Sources: Patil et al., Gorilla, 2305.15334, for hallucinated calls.
    """

    code = "TOL005"
    name = "undeclared-tool"
    severity = Severity.ERROR
    wakes = Wake.TOOLS
    unless = frozenset({"TOL007"})

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield a finding for each call of a tool that is not declared."""
        example = record.example
        assert example is not None
        declared = {tool.name for tool in example.tools or ()}
        refusal = context.refusal(lambda dialect: dialect.declared)
        if refusal is None and not declared:
            return
        for _, call in calls_of(example):
            if not call.name.strip() or call.name in declared:
                continue
            meant = closest(call.name, sorted(declared)) if declared else None
            if declared:
                message = f"{call.name[:50]!r} is called but not declared" + (f"; {meant[:50]!r} is" if meant else "")
            else:
                message = f"{call.name[:50]!r} is called, and the record declares no tools"
            yield self.finding(
                message,
                call_places(record, call)[0],
                severity=refusal.severity if refusal is not None else Severity.WARNING,
                help="declare the tool or correct the name"
                + (f"; {refusal.says('refuse')} such a record" if refusal is not None else ": the model learns to invent names"),
            )
