"""FIL003: see the class."""

from collections.abc import Iterator

from tunelint.core.finding import Edit, Finding, Fix, Place, Severity
from tunelint.core.record import Record
from tunelint.rules.base import Context, RecordRule, Wake


class BlankLine(RecordRule):
    r"""A line between the records is empty.

    ## Why

    JSON Lines has a value on every line. Some readers skip an empty one, some stop there, and some refuse the file.

    ## What to do

    Remove the line.

    ## Examples

    ```jsonl good
    {"text": "1"}
    {"text": "2"}
    ```

    ```jsonl bad 2:
    {"text": "1"}

    {"text": "2"}
    ```

    ```jsonl fixed
    {"text": "1"}
    {"text": "2"}
    ```

    Sources: jsonlines.org; OpenAI, "Expected file to have JSONL format, where every line is a JSON dictionary".
    """

    code = "FIL003"
    name = "blank-line"
    severity = Severity.WARNING
    fix = "safe"
    wakes = Wake.UNREADABLE
    stage = "line"

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield a finding for an empty line."""
        if context.file.container == "jsonl" and not record.flags & Wake.OVERSIZED and not record.raw.strip():
            yield self.finding(
                "the line is empty",
                Place(raw=(0, 0)),
                help="remove it: some readers stop at an empty line",
                fix=Fix("remove the empty line", "safe", (Edit("drop"),)),
            )
