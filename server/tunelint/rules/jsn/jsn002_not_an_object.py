"""JSN002: see the class."""

from collections.abc import Iterator

from tunelint.core.finding import Finding, Place, Severity
from tunelint.core.record import ABSENT, Record
from tunelint.formats.shape import kind_of
from tunelint.rules.base import Context, RecordRule, Wake


class NotAnObject(RecordRule):
    r"""A record is valid JSON, but no object.

    ## Why

    A record names its parts. "Line 1 is not a dictionary" is what OpenAI says to a list or a string.

    ## What to do

    Write each record as an object with the keys of its format.

    ## Examples

    ```jsonl good
    {"text": "1"}
    {"text": "2"}
    ```

    ```jsonl bad 2: also=FMT001
    {"text": "1"}
    ["1", "2"]
    ```

    Sources: OpenAI, "Expected file to have JSONL format, where every line is a JSON dictionary".
    """

    code = "JSN002"
    name = "not-an-object"
    severity = Severity.ERROR
    wakes = Wake.UNREADABLE
    stage = "line"
    unless = frozenset({"FIL001", "FIL003", "FIL008", "FIL012", "JSN001"})

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield a finding for any other value."""
        value = record.value
        if value is ABSENT or isinstance(value, dict):
            return
        start = len(record.text) - len(record.text.lstrip())
        yield self.finding(
            f"the record is {kind_of(value)}, not an object",
            Place(raw=(start, start + 1)),
            help="write each record as an object: every consumer refuses anything else",
        )
