"""FMT005: see the class."""

import json
from collections.abc import Iterator
from typing import Any, Final

from tunelint.core.fault import Fault
from tunelint.core.finding import Edit, Finding, Fix, Severity
from tunelint.core.record import Record
from tunelint.formats.shape import read_json
from tunelint.rules._places import value_at
from tunelint.rules.base import Context, RecordRule, Wake
from tunelint.rules.fmt._faults import faults_to_report, place_of_fault, where
from tunelint.text.parse import Path

_WORDS: Final = 50
_TEXTS: Final[frozenset[Path]] = frozenset({("messages",), ("conversations",)})
"""Where some trainers decode a string of JSON themselves."""
_RESPONSES: Final = "OpenAI's Responses API"
_ANTHROPIC: Final = "Anthropic's Messages API"
_PARTS: Final = {
    "input_text": _RESPONSES,
    "output_text": _RESPONSES,
    "input_image": _RESPONSES,
    "input_file": _RESPONSES,
    "tool_use": _ANTHROPIC,
    "tool_result": _ANTHROPIC,
    "thinking": _ANTHROPIC,
    "document": _ANTHROPIC,
}
"""Types of parts that other interfaces have, as their references name them in 2026."""

_BOOLEANS: Final = {"true": True, "false": False}


class WrongType(RecordRule):
    r"""A value is not of the type that the format wants.

    ## Why

    A number where text is wanted, or text where a list is wanted, ends the run with an error about something else ("'str' object
    has no attribute 'get'"), or becomes something else on the way.

    ## What to do

    Write the value as the format wants it.

    ## Fix

    The safe fix turns text into what it says, where it says just that: "true" or "1". The unsafe one makes a part of a bare text in a
    list of parts.

    ## Examples

    ```jsonl good
    {"messages": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "No.", "weight": 1}]}
    ```

    ```jsonl bad messages[1].weight
    {"messages": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "No.", "weight": "1"}]}
    ```

    ```jsonl fixed
    {"messages": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "No.", "weight": 1}]}
    ```

    ```jsonl bad messages[1].content
    {"messages": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": 7}]}
    ```

    ```jsonl bad messages[1].content[0]
    {"messages": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": ["No."]}]}
    ```

    ```jsonl fixed
    {"messages": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": [{"type": "text", "text": "No."}]}]}
    ```

    ```jsonl bad messages[0].content[0].type
    {"messages": [{"role": "user", "content": [{"type": "input_text", "text": "Is it raining?"}]}, {"role": "assistant", "content": "No."}]}
    ```

    ```jsonl bad messages target=together
    {"messages": "[{\"role\": \"user\", \"content\": \"Hi\"}, {\"role\": \"assistant\", \"content\": \"Hello\"}]"}
    ```

    ```jsonl fixed
    {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}
    ```

    ```jsonl bad label
    {"prompt": "Is it raining?", "completion": "No.", "label": "true"}
    ```

    ```jsonl fixed
    {"prompt": "Is it raining?", "completion": "No.", "label": true}
    ```

    ```jsonl bad output
    {"instruction": "Give the colour as JSON", "input": "", "output": {"colour": "blue"}}
    ```

    ```jsonl fixed
    {"instruction": "Give the colour as JSON", "input": "", "output": "{\"colour\": \"blue\"}"}
    ```

    ```jsonl good target=trl
    {"messages": "[{\"role\": \"user\", \"content\": \"Hi\"}, {\"role\": \"assistant\", \"content\": \"Hello\"}]"}
    ```

    Sources: community.openai.com, topic 1151915; huggingface/datasets issue 7322.
    """

    code = "FMT005"
    name = "wrong-type"
    severity = Severity.ERROR
    fix = "either"
    wakes = Wake.FAULTY | Wake.RICH
    stage = "shape"
    unless = frozenset({"JSN003", "JSN004", "FMT008", "FMT007"})

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield a finding for each value of the wrong type, or outside the values that there are."""
        if (
            record.row is not None
            and context.format is not None
            and context.format.name == "openai-chat"
            and isinstance(record.value.get("tools"), str)
        ):
            yield from self._json_text(("tools",), read_json(record.value["tools"]), context)
        for fault in faults_to_report(record, context):
            if fault.kind not in {"wrong-type", "wrong-value"} and not (fault.kind == "wrong-length" and fault.found == "0"):
                continue
            if fault.path in _TEXTS and isinstance(record.value[str(fault.path[0])], str) and fault.suggestion is not None:
                yield from self._json_text(fault.path, fault.suggestion, context)
                continue
            at = where(fault)
            fix = None
            if fault.suggestion is not None:
                edit = Edit("replace", fault.path, fault.suggestion)
                fix = Fix(f"write {str(fault.suggestion)[:20]} as the format wants it", "safe", (edit,))
            if fault.kind == "wrong-length":
                message = f"{at} is empty"
            elif fault.kind == "wrong-value":
                message = f"{at} is {fault.found[:30]!r}, not {_short(fault.expected)}"
            else:
                message = f"{at} is {fault.found[:30]}, not {_short(fault.expected)}"
            if _is_bare_part(fault):
                part = {"type": "text", "text": value_at(record, fault.path)}
                fix = Fix("write it as a part of type text", "unsafe", (Edit("replace", fault.path, part),))
                help_line = 'write the text itself for the list, or {"type": "text", "text": …} for each part'
            else:
                help_line = _elsewhere(fault) + f"the format wants {fault.expected} here"
                if fix is None and fault.kind == "wrong-type":
                    fix, help_line = _mended(fault, value_at(record, fault.path), help_line)
            yield self.finding(message, place_of_fault(fault), help=help_line, fix=fix)

    def _json_text(self, path: Path, value: Any, context: Context) -> Iterator[Finding]:
        """Yield a finding for messages or tools that are JSON in a string, where somebody does not decode them."""
        refusal = context.refusal(lambda dialect: not dialect.json_text)
        if refusal is not None:
            key = str(path[0])
            fix = Fix(f"write {key} as a list", "safe", (Edit("replace", path, value),)) if isinstance(value, list) else None
            yield self.finding(
                f"{key} is JSON text in a string, not a list",
                path,
                severity=refusal.severity,
                help=f"some trainers decode it; refused by {refusal.by}",
                fix=fix,
            )


def _mended(fault: Fault, value: Any, help_line: str) -> tuple[Fix | None, str]:
    """Return a fix and the help for a value that can be written in the wanted type, else no fix and the help as it is."""
    if fault.expected == "true or false" and isinstance(value, str) and value.strip().casefold() in _BOOLEANS:
        meant = _BOOLEANS[value.strip().casefold()]
        return Fix(
            f"write {'true' if meant else 'false'}", "safe", (Edit("replace", fault.path, meant),)
        ), "write it without quotes"
    if fault.expected in {"a string", "a string or null"} and isinstance(value, dict):
        text = json.dumps(value, ensure_ascii=False)
        fix = Fix("write it as JSON text", "unsafe", (Edit("replace", fault.path, text),))
        return fix, "write it as JSON text in a string: what is no text is dropped, or ends the run"
    return None, help_line


def _is_bare_part(fault: Fault) -> bool:
    """Tell whether a text stands where a part of a message's content is wanted."""
    return (
        fault.kind == "wrong-type"
        and fault.found == "a string"
        and fault.path[-2:-1] == ("content",)
        and "messages" in fault.path
    )


def _elsewhere(fault: Fault) -> str:
    """Say whose a type of part is that this format does not have."""
    whose = _PARTS.get(fault.found) if fault.path[-1:] == ("type",) else None
    return f"{fault.found!r} is a part of {whose}; " if whose else ""


def _short(words: str) -> str:
    """Cut a long list of choices where a choice ends."""
    return words if len(words) <= _WORDS else words[:_WORDS].rpartition(" or ")[0] + " or others"
