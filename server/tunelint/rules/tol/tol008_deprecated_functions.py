"""TOL008: see the class."""

import itertools
from collections.abc import Iterator
from typing import Any, Final

from tunelint.core.example import Turn
from tunelint.core.finding import Edit, Finding, Fix, Severity
from tunelint.core.record import Record
from tunelint.rules._places import value_at
from tunelint.rules.base import Context, RecordRule, Wake
from tunelint.text.parse import Path

_CALL: Final = "function_call"
_KEPT: Final = frozenset({"role", "content", "name"})


class DeprecatedFunctions(RecordRule):
    r"""The record uses `functions` and `function_call` instead of `tools` and `tool_calls`.

    ## Why

    OpenAI replaced them in 2023. Newer models and most other consumers do not read them: the call is left out, and the answer that
    rests on it is learnt without it.

    ## What to do

    Write `tools`, `tool_calls` and messages of the role `tool`.

    ## Fix

    The fix rewrites the record: nothing is lost, and calls get ids.

    ## Examples

    ```jsonl good
    {"messages": [{"role": "user", "content": "Weather in Bonn?"}, {"role": "assistant", "content": null, "tool_calls": [{"id": "call00001", "type": "function", "function": {"name": "get_weather", "arguments": "{}"}}]}], "tools": [{"type": "function", "function": {"name": "get_weather"}}]}
    ```

    ```jsonl bad functions
    {"messages": [{"role": "user", "content": "Weather in Bonn?"}, {"role": "assistant", "content": null, "function_call": {"name": "get_weather", "arguments": "{}"}}, {"role": "function", "name": "get_weather", "content": "rain"}, {"role": "assistant", "content": "Rain."}], "functions": [{"name": "get_weather"}]}
    ```

    ```jsonl fixed
    {"messages": [{"role": "user", "content": "Weather in Bonn?"}, {"role": "assistant", "content": null, "tool_calls": [{"id": "call00001", "type": "function", "function": {"name": "get_weather", "arguments": "{}"}}]}, {"role": "tool", "tool_call_id": "call00001", "name": "get_weather", "content": "rain"}, {"role": "assistant", "content": "Rain."}], "tools": [{"type": "function", "function": {"name": "get_weather"}}]}
    ```

    Sources: OpenAI, ``openapi.yaml`` (`functions` and `function_call` are marked deprecated); mistral-finetune,
    ``reformat_data.py``, does the same.
    """

    code = "TOL008"
    name = "deprecated-functions"
    severity = Severity.WARNING
    fix = "safe"
    wakes = Wake.TOOLS

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield one finding for a record that has any of the old keys."""
        example = record.example
        assert example is not None
        old = [turn for turn in example.all_turns if _is_old(value_at(record, turn.at))]
        declares = isinstance(value_at(record, ("functions",)), list)
        if not old and not declares:
            return
        first = old[0] if old else None
        if declares:
            at: Path = ("functions",)
        else:
            assert first is not None
            called = first.speaker != "function"
            at = (*first.at, _CALL if called else "role")
        yield self.finding(
            f"{str(at[-1]) if at[-1] != 'role' else 'the role function'!r} is deprecated",
            at,
            help="write tools and tool_calls: most models and trainers do not read the old keys",
            fix=_fix(record, example.turns, declares=declares) if example.chosen is None else None,
        )


def _is_old(message: Any) -> bool:
    if not isinstance(message, dict) or "parts" in message:  # Google's turns of tools have this role
        return False
    return isinstance(message.get(_CALL), dict) or message.get("role") == "function"


def _fix(record: Record, turns: list[Turn], *, declares: bool) -> Fix | None:
    """Rewrite declarations, calls and answers; None where a call has its new form beside the old one, or no answer fits."""
    edits: list[Edit] = []
    value = record.value
    if declares:
        functions = value["functions"]
        if "tools" in value or not all(isinstance(one, dict) for one in functions):
            return None
        edits += [
            Edit("rename", ("functions",), "tools"),
            Edit("replace", ("functions",), [{"type": "function", "function": one} for one in functions]),
        ]
    numbers = itertools.count(1)
    waiting: tuple[str, str] | None = None
    for turn in turns:
        message = value_at(record, turn.at)
        if not isinstance(message, dict) or not _is_old(message):
            continue
        if isinstance(message.get(_CALL), dict):
            if message.get("tool_calls") is not None or message.get("role") == "function":
                return None
            call = message[_CALL]
            waiting = str(call.get("name")), f"call{next(numbers):05}"
            edits += [
                Edit("rename", (*turn.at, _CALL), "tool_calls"),
                Edit("replace", (*turn.at, _CALL), [{"id": waiting[1], "type": "function", "function": call}]),
            ]
        else:
            if waiting is None or waiting[0] != message.get("name") or not _KEPT.issuperset(message):
                return None
            new = {"role": "tool", "tool_call_id": waiting[1]} | {key: item for key, item in message.items() if key != "role"}
            edits.append(Edit("replace", turn.at, new))
            waiting = None
    return Fix("write tools and tool_calls", "safe", tuple(edits))
