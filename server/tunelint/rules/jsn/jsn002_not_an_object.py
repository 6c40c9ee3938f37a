"""JSN002: see the class."""

from collections.abc import Iterator
from typing import Any

from tunelint.core.finding import Edit, Finding, Fix, Place, Severity
from tunelint.core.record import ABSENT, Record
from tunelint.formats.shape import kind_of, read_json
from tunelint.rules.base import Context, RecordRule, Wake


class NotAnObject(RecordRule):
    r"""A record is valid JSON, but no object.

    ## Why

    A record names its parts. "Line 1 is not a dictionary" is what OpenAI says to a list or a string.

    ## What to do

    Write each record as an object with the keys of its format.

    ## Fix

    A record that was encoded twice, as an export by two libraries in turn does, is decoded once. A bare list of messages is put under
    `messages`.

    ## Examples

    ```jsonl good
    {"text": "1"}
    {"text": "2"}
    ```

    ```jsonl bad 2: also=FMT001
    {"text": "1"}
    ["1", "2"]
    ```

    ```jsonl bad 1: 2:
    "{\"prompt\": \"1 + 1 =\", \"completion\": \"2\"}"
    [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "No."}]
    ```

    ```jsonl fixed
    {"prompt": "1 + 1 =", "completion": "2"}
    {"messages": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "No."}]}
    ```

    Sources: OpenAI, "Expected file to have JSONL format, where every line is a JSON dictionary".
    """

    code = "JSN002"
    name = "not-an-object"
    severity = Severity.ERROR
    fix = "safe"
    wakes = Wake.UNREADABLE
    stage = "line"
    unless = frozenset({"FIL001", "FIL003", "FIL008", "FIL012", "FIL015", "JSN001"})

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield a finding for any other value."""
        value = record.value
        if value is ABSENT or isinstance(value, dict):
            return
        start = len(record.text) - len(record.text.lstrip())
        chars = (start, len(record.text.rstrip()))
        inner = read_json(value) if isinstance(value, str) else None
        message, fix = f"the record is {kind_of(value)}, not an object", None
        if isinstance(inner, dict):
            message = "the record is JSON text in a string: it was encoded twice"
            decoded = value.strip().replace("\r", " ").replace("\n", " ")  # line ends of JSON text stand between its parts only
            fix = Fix("write the record that the text holds", "safe", (Edit("raw", new=decoded, chars=chars),))
        elif _are_messages(value):
            message = "the record is a list of messages, not an object"
            wrapped = f'{{"messages": {record.text[slice(*chars)]}}}'
            fix = Fix("put the list under 'messages'", "safe", (Edit("raw", new=wrapped, chars=chars),))
        yield self.finding(
            message,
            Place(raw=(start, start + 1)),
            help="write each record as an object: every consumer refuses anything else",
            fix=fix,
        )


def _are_messages(value: Any) -> bool:
    """Tell whether a value is a conversation without the object around it."""
    return (
        isinstance(value, list)
        and len(value) > 1
        and all(isinstance(one, dict) and {"role", "content"} <= one.keys() for one in value)
    )
