"""FMT005: see the class."""

from collections.abc import Iterator
from typing import Any, Final

from tunelint.core.finding import Edit, Finding, Fix, Severity
from tunelint.core.record import Record
from tunelint.formats.shape import read_json
from tunelint.rules.base import Context, RecordRule, Wake
from tunelint.rules.fmt._faults import faults_to_report, place_of_fault, where
from tunelint.text.parse import Path

_WORDS: Final = 50
_TEXTS: Final[frozenset[Path]] = frozenset({("messages",), ("conversations",)})
"""Where some trainers decode a string of JSON themselves."""


class WrongType(RecordRule):
    r"""A value is not of the type that the format wants.

    ## Why

    A number where text is wanted, or text where a list is wanted, ends the run with an error about something else ("'str' object
    has no attribute 'get'"), or becomes something else on the way.

    ## What to do

    Write the value as the format wants it. The fix turns text into what it says, where it says just that: "true" or "1".

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

    ```jsonl bad messages target=together
    {"messages": "[{\"role\": \"user\", \"content\": \"Hi\"}, {\"role\": \"assistant\", \"content\": \"Hello\"}]"}
    ```

    ```jsonl fixed
    {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}
    ```

    ```jsonl good target=trl
    {"messages": "[{\"role\": \"user\", \"content\": \"Hi\"}, {\"role\": \"assistant\", \"content\": \"Hello\"}]"}
    ```

    Sources: community.openai.com, topic 1151915; huggingface/datasets issue 7322.
    """

    code = "FMT005"
    name = "wrong-type"
    severity = Severity.ERROR
    fix = "safe"
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
            yield self.finding(message, place_of_fault(fault), help=f"the format wants {fault.expected} here", fix=fix)

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


def _short(words: str) -> str:
    """Cut a long list of choices where a choice ends."""
    return words if len(words) <= _WORDS else words[:_WORDS].rpartition(" or ")[0] + " or others"
