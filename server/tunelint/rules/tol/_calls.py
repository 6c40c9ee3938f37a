"""Where calls and their parts stand in a record, whatever its format, and what their arguments say."""

import json
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from tunelint.core.example import Example, ToolCall, Turn
from tunelint.core.fault import Fault
from tunelint.core.finding import Place
from tunelint.core.record import Record
from tunelint.rules._places import value_at
from tunelint.text.parse import Path, parse

__all__ = ["Arguments", "arguments_of", "call_places", "calls_of", "in_call", "inside"]

_CALL_KEYS: Final = frozenset({"tool_calls", "function_call"})
_ARGUMENT_KEYS: Final = ("arguments", "args", "input", "parameters")
_MAX_ENCODINGS: Final = 5


def in_call(fault: Fault) -> bool:
    """Tell whether a fault of shape is inside a tool call, so that the rules about tools name it."""
    return not _CALL_KEYS.isdisjoint(fault.path)


def calls_of(example: Example) -> Iterator[tuple[Turn, ToolCall]]:
    """Yield every tool call with the turn that makes it."""
    for turn in example.all_turns:
        for call in turn.calls:
            yield turn, call


def call_places(record: Record, call: ToolCall) -> tuple[Path, Path]:
    """Return where a call's name and where its arguments stand. A call that is written as text has one place for both."""
    value = value_at(record, call.at)
    at = call.at
    if isinstance(value, dict) and isinstance(value.get("function"), dict):
        value, at = value["function"], (*at, "function")
    if not isinstance(value, dict):
        return at, at
    key = next((key for key in _ARGUMENT_KEYS if key in value), "arguments")
    return (*at, "name"), (*at, key)


def inside(record: Record, at: Path, inner: Path) -> Place:
    """Return the place of what stands at `inner` in the value at `at`, which may be JSON text in a string."""
    value = value_at(record, at)
    if not isinstance(value, str):
        return Place((*at, *inner))
    parsed = parse(value)
    node = parsed.find(inner)
    if node is None or parsed.fault is not None or not inner:
        return Place(at)
    return Place(at, chars=(node.start, node.end))


class Arguments(NamedTuple):
    """What the arguments of a call come to.

    `value` is the object they hold, None when they hold none. `encodings` counts how many times it is wrapped as JSON text: 0 for
    an object, 1 for the usual text. `decoded` is what the outermost text holds, `text` the innermost one.
    """

    value: dict[str, Any] | None
    encodings: int
    decoded: Any
    text: str


def arguments_of(call: ToolCall) -> Arguments:
    """Read the arguments of a call."""
    value = decoded = call.arguments
    encodings = 0
    text = ""
    while isinstance(value, str) and encodings < _MAX_ENCODINGS:
        try:
            value, text = json.loads(value), value
        except (ValueError, RecursionError):
            break
        encodings += 1
        if encodings == 1:
            decoded = value
    return Arguments(value if isinstance(value, dict) else None, encodings, decoded, text)
