"""FIL012: see the class."""

from collections.abc import Iterator
from typing import Final

from tunelint.core.finding import Finding, Place, Severity
from tunelint.core.record import Record
from tunelint.rules.base import Context, RecordRule, Wake

_MOST: Final = 64
"""Mebibytes of the longest record that is read: `engine.sources.base.MAX_RECORD`."""


class OversizedRecord(RecordRule):
    """A record is far too long to be an example.

    ## Why

    No model is trained on 64 MiB at once. Such a line is a file that lost its line ends, or data that went into the wrong column;
    readers that hold a record in memory may fail on it.

    ## What to do

    Look at how the file was written. The record is not checked any further.

    ## Examples

    ```jsonl good
    {"text": "1"}
    ```

    ```jsonl bad 2: oversized=2
    {"text": "1"}
    {"text": "2"}
    ```
    """

    code = "FIL012"
    name = "oversized-record"
    severity = Severity.ERROR
    wakes = Wake.OVERSIZED
    stage = "line"
    early = True

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield a finding for a record that was not read."""
        if record.flags & Wake.OVERSIZED:
            yield self.finding(
                f"the record is longer than {_MOST} MiB and was not read",
                Place(raw=(0, 0)),
                help="no model is trained on so much at once: look at how the file was written",
            )
