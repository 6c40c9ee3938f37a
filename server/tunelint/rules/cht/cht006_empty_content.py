"""CHT006: see the class."""

from collections.abc import Iterator
from typing import Final

from tunelint.core.example import Turn
from tunelint.core.finding import Edit, Finding, Fix, Place, Severity
from tunelint.core.record import Record
from tunelint.rules.base import Context, RecordRule, Wake

_NEEDS_TEXT: Final = frozenset({"user", "assistant", "text"})


class EmptyContent(RecordRule):
    """A turn that should say something is empty.

    ## Why

    An empty answer teaches the model to stop at once, and an empty request to answer nothing in particular. Mostly a column was
    empty, or a generation failed and was written all the same.

    ## What to do

    Fill it or drop the record. A turn that only calls tools may be empty, and so may a system turn or a tool's answer.

    ## Fix

    The unsafe fix drops the record.

    ## Examples

    ```jsonl good
    {"messages": [{"role": "system", "content": ""}, {"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "No."}]}
    ```

    ```jsonl bad messages[1].content
    {"messages": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": " "}]}
    ```

    ```jsonl fixed
    ```

    ```jsonl bad 2:output
    {"instruction": "Name a colour.", "input": "", "output": "Blue."}
    {"instruction": "Name a fruit.", "input": "", "output": ""}
    ```

    Sources: openai-cookbook (missing_content); cleanllm, datacrux (empty assistant).
    """

    code = "CHT006"
    name = "empty-content"
    severity = Severity.ERROR
    fix = "unsafe"
    wakes = Wake.BLANK
    unless = frozenset({"CHT002"})

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield a finding for each such turn."""
        example = record.example
        assert example is not None
        for turn in example.all_turns:
            if (
                turn.role not in _NEEDS_TEXT
                or turn.text.strip()
                or _says_otherwise(turn)
                or (example.media and turn.role == "user")
            ):
                continue
            what = "null" if self._is_null(record, turn) else "empty" if not turn.text else "nothing but white space"
            yield self.finding(
                f"{_name(turn)} is {what}",
                Place(turn.text_at),
                help="fill it or drop the record: the model learns to say nothing",
                fix=Fix("drop the record", "unsafe", (Edit("drop"),)),
            )

    def _is_null(self, record: Record, turn: Turn) -> bool:
        node = record.parsed.find(turn.text_at)
        return node is not None and node.value is None and node.children is None


def _says_otherwise(turn: Turn) -> bool:
    return bool(turn.calls or turn.media or turn.call_id or turn.answers)


def _name(turn: Turn) -> str:
    if turn.role == "text":
        return "the document"
    return f"the {turn.role}'s turn" if turn.speaker else f"the {'answer' if turn.role == 'assistant' else 'request'}"
