"""TOL004: see the class."""

import re
from collections.abc import Iterator, Sequence

import msgspec

from tunelint.core.example import ToolCall, Turn
from tunelint.core.finding import Finding, Place, Severity
from tunelint.core.record import Record
from tunelint.rules._places import value_at
from tunelint.rules.base import Context, RecordRule, Wake, role_path
from tunelint.rules.tol._calls import calls_of

_ID_KEY = "tool_call_id"


class _Open(msgspec.Struct):
    """A call that waits for its answer."""

    call: ToolCall
    answered: bool = False


class ToolCallUnanswered(RecordRule):
    r"""Tool calls and tool messages do not belong together.

    ## Why

    Every call has to be followed by the tool's message, and every tool message has to name the call that it answers. Where they
    do not, chat APIs and strict trainers refuse the record, and others teach the model to go on without the tool's answer, or to
    make one up.

    A conversation may end with calls: they are what is learnt. Parallel calls may be answered in any order. Ids may come again
    once they were answered. Messages without an id (TRL, ShareGPT) answer the calls before them.

    ## What to do

    Add the missing tool message or remove the call; make `tool_call_id` the id of the call. Mistral wants ids of exactly nine
    letters and digits.

    ## Examples

    ```jsonl good
    {"messages": [{"role": "user", "content": "Weather in Bonn and Rome?"}, {"role": "assistant", "tool_calls": [{"id": "call00001", "type": "function", "function": {"name": "get_weather", "arguments": "{\"city\": \"Bonn\"}"}}, {"id": "call00002", "type": "function", "function": {"name": "get_weather", "arguments": "{\"city\": \"Rome\"}"}}]}, {"role": "tool", "tool_call_id": "call00002", "content": "sunny"}, {"role": "tool", "tool_call_id": "call00001", "content": "rain"}, {"role": "assistant", "content": "Rain in Bonn, sun in Rome."}], "tools": [{"type": "function", "function": {"name": "get_weather"}}]}
    ```

    ```jsonl good
    {"messages": [{"role": "user", "content": "Weather in Bonn?"}, {"role": "assistant", "tool_calls": [{"id": "call00001", "type": "function", "function": {"name": "get_weather", "arguments": "{\"city\": \"Bonn\"}"}}]}], "tools": [{"type": "function", "function": {"name": "get_weather"}}]}
    ```

    ```jsonl bad messages[1].tool_calls[0]
    {"messages": [{"role": "user", "content": "Weather in Bonn?"}, {"role": "assistant", "tool_calls": [{"id": "call00001", "type": "function", "function": {"name": "get_weather", "arguments": "{\"city\": \"Bonn\"}"}}]}, {"role": "user", "content": "Well?"}, {"role": "assistant", "content": "Rain."}], "tools": [{"type": "function", "function": {"name": "get_weather"}}]}
    ```

    ```jsonl bad messages[2].content[1].toolResult.toolUseId
    {"schemaVersion": "bedrock-conversation-2024", "messages": [{"role": "user", "content": [{"text": "Bonn and Ulm?"}]}, {"role": "assistant", "content": [{"toolUse": {"toolUseId": "a1", "name": "weather", "input": {"city": "Bonn"}}}, {"toolUse": {"toolUseId": "a2", "name": "weather", "input": {"city": "Ulm"}}}]}, {"role": "user", "content": [{"toolResult": {"toolUseId": "a1", "content": [{"text": "rain"}]}}, {"toolResult": {"toolUseId": "a3", "content": [{"text": "sun"}]}}]}, {"role": "assistant", "content": [{"text": "Rain and sun."}]}]}
    ```

    ```jsonl bad messages[2].tool_call_id
    {"messages": [{"role": "user", "content": "Weather in Bonn?"}, {"role": "assistant", "tool_calls": [{"id": "call00001", "type": "function", "function": {"name": "get_weather", "arguments": "{\"city\": \"Bonn\"}"}}]}, {"role": "tool", "tool_call_id": "call00007", "content": "rain"}, {"role": "assistant", "content": "Rain."}], "tools": [{"type": "function", "function": {"name": "get_weather"}}]}
    ```

    Sources: OpenAI's error "tool messages must be a response to a preceding message with tool_calls"; mistral-common,
    ``validator.py`` (ids, order, every call answered); langchain issue 24668.
    """

    code = "TOL004"
    name = "tool-call-unanswered"
    severity = Severity.ERROR
    wakes = Wake.TOOLS
    unless = frozenset({"CHT001"})

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield the faults of pairing along each way through the record, then those of ids."""
        example = record.example
        assert example is not None
        refusal = context.refusal(lambda dialect: dialect.answered)
        severity = refusal.severity if refusal is not None else Severity.WARNING
        by = f"; {refusal.says('refuse')} such a record" if refusal is not None else ""
        found: dict[tuple[str, Place], Finding] = {}
        for answer in (example.chosen or [], example.rejected) if example.rejected is not None else (example.chosen or [],):
            for message, place in _walk(record, [*example.turns, *answer]):
                help_line = f"every call is answered by a tool message that bears its id{by}"
                found.setdefault((message, place), self.finding(message, place, severity=severity, help=help_line))
        yield from found.values()
        if context.target is not None:
            yield from self._ids(record, context)

    def _ids(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield the ids that the chosen target does not take."""
        example = record.example
        assert example is not None
        title = context.consumer
        pattern = next((dialect.call_id_pattern for _, dialect in context.dialects), None)
        required = context.refusal(lambda dialect: dialect.call_ids == "required") is not None
        for _, call in calls_of(example):
            written = value_at(record, call.at)
            if not isinstance(written, dict) or "function" not in written:
                continue
            if call.call_id is None:
                if required:
                    yield self.finding("the call has no id", call.at, help=f"{title} wants an id for each call")
            elif pattern is not None and not re.fullmatch(pattern, call.call_id):
                yield self.finding(
                    f"the id {call.call_id[:40]!r} is not of the form {pattern}",
                    (*call.at, "id"),
                    help=f"{title} refuses it: rename the id here and in the tool message",
                )
        for turn in example.all_turns if required else ():
            if turn.speaker == "tool" and turn.call_id is None and value_at(record, (*turn.at, "role")) == "tool":
                help_line = f"{title} wants its {_ID_KEY}"
                yield self.finding("the tool message names no call", role_path(record, turn.at), help=help_line)


def _walk(record: Record, turns: Sequence[Turn]) -> Iterator[tuple[str, Place]]:
    """Yield what is wrong with calls and answers along a conversation."""
    waiting: list[_Open] = []
    before: Turn | None = None
    for turn in turns:
        if turn.role == "tool" and not turn.calls:
            yield from _answer(record, turn, waiting, before)
            continue
        yield from _unanswered(waiting)
        waiting = [_Open(call) for call in turn.calls]
        yield from _repeated(turn.calls)
        before = turn
    if turns and turns[-1].role == "tool":
        return
    answered = {one.answered for one in waiting}
    if len(answered) > 1:
        yield from _unanswered(waiting)


def _unanswered(waiting: Sequence[_Open]) -> Iterator[tuple[str, Place]]:
    for one in waiting:
        if not one.answered:
            yield f"the call of {one.call.name[:60]} is never answered", Place(one.call.at)


def _repeated(calls: Sequence[ToolCall]) -> Iterator[tuple[str, Place]]:
    seen: set[str] = set()
    for call in calls:
        if call.call_id is not None and call.call_id in seen:
            yield f"two calls of one turn have the id {call.call_id[:40]!r}", Place((*call.at, "id"))
        if call.call_id is not None:
            seen.add(call.call_id)


def _answer(record: Record, turn: Turn, waiting: Sequence[_Open], before: Turn | None) -> Iterator[tuple[str, Place]]:
    """Note the answer of a tool message and yield what is wrong with it."""
    in_text = before is not None and before.role == "assistant" and not before.calls and bool(before.text)
    if in_text:
        return  # the call may be written in the assistant's text
    if turn.answers and waiting:
        for call_id, at in turn.answers:
            yield from _match(call_id, Place(at), waiting)
        return
    written = value_at(record, turn.at)
    named = isinstance(written, dict) and isinstance(written.get(_ID_KEY), str) and bool(written[_ID_KEY])
    if not waiting:
        place = Place((*turn.at, _ID_KEY)) if named else Place(role_path(record, turn.at))
        yield "the tool answers, but nothing was called", place
        return
    if not named or all(one.call.call_id is None for one in waiting):
        # without ids one message may answer all calls of a turn, or each call has its own
        for one in waiting:
            one.answered = True
        return
    yield from _match(str(turn.call_id), Place((*turn.at, _ID_KEY)), waiting)


def _match(call_id: str, place: Place, waiting: Sequence[_Open]) -> Iterator[tuple[str, Place]]:
    """Note the call that an id names as answered, and yield what is wrong with that."""
    matching = [one for one in waiting if one.call.call_id == call_id]
    left = [one for one in waiting if not one.answered]
    if not matching:
        meant = f"; the call that waits is {left[0].call.call_id[:40]!r}" if len(left) == 1 and left[0].call.call_id else ""
        yield f"no call has the id {call_id[:40]!r}{meant}", place
        if left:
            left[0].answered = True
    elif all(one.answered for one in matching):
        yield f"the call {call_id[:40]!r} is answered twice", place
    else:
        next(one for one in matching if not one.answered).answered = True
