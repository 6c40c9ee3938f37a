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

    Where a record declares no tools at all, they may be described in its system prompt: it is a finding only for a target whose
    guide declares them.

    ## What to do

    Declare the tool under `tools`, or correct the name.

    ## Examples

    ```jsonl good
    {"messages": [{"role": "user", "content": "Weather in Bonn?"}, {"role": "assistant", "tool_calls": [{"id": "call00001", "type": "function", "function": {"name": "get_weather", "arguments": "{\"city\": \"Bonn\"}"}}]}], "tools": [{"type": "function", "function": {"name": "get_weather"}}]}
    ```

    ```jsonl bad messages[1].tool_calls[0].function.name
    {"messages": [{"role": "user", "content": "Weather in Bonn?"}, {"role": "assistant", "tool_calls": [{"id": "call00001", "type": "function", "function": {"name": "weather", "arguments": "{\"city\": \"Bonn\"}"}}]}], "tools": [{"type": "function", "function": {"name": "get_weather"}}]}
    ```

    ```jsonl good
    {"messages": [{"role": "user", "content": "Weather in Bonn?"}, {"role": "assistant", "tool_calls": [{"id": "call00001", "type": "function", "function": {"name": "weather", "arguments": "{\"city\": \"Bonn\"}"}}]}]}
    ```

    ```jsonl bad messages[1].tool_calls[0].function.name target=openai also=ADV001
    {"messages": [{"role": "user", "content": "Weather in Bonn?"}, {"role": "assistant", "tool_calls": [{"id": "call00001", "type": "function", "function": {"name": "weather", "arguments": "{\"city\": \"Bonn\"}"}}]}]}
    ```

    Sources: OpenAI's and Azure's guides to fine-tuning with tools, whose examples declare what they call (Azure speaks of leaving
    out the full definition when the model is used, not in training); Patil et al., Gorilla, 2305.15334, for hallucinated calls.
    """

    code = "TOL005"
    name = "undeclared-tool"
    severity = Severity.WARNING
    wakes = Wake.TOOLS
    unless = frozenset({"TOL007"})

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield a finding for each call of a tool that is not declared."""
        example = record.example
        assert example is not None
        declared = {tool.name for tool in example.tools or ()}
        guided = context.dialect is not None and context.dialect.declared
        if not declared and not guided:
            return
        for _, call in calls_of(example):
            if not call.name.strip() or call.name in declared:
                continue
            meant = closest(call.name, sorted(declared)) if declared else None
            if declared:
                message = f"{call.name[:50]!r} is called but not declared" + (f"; {meant[:50]!r} is" if meant else "")
                why = "the model learns to invent names"
            else:
                message = f"{call.name[:50]!r} is called, and the record declares no tools"
                why = f"the guide of {context.consumer} declares each tool that is called"
            yield self.finding(message, call_places(record, call)[0], help=f"declare the tool or correct the name: {why}")
