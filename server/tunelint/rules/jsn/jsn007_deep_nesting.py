"""JSN007: see the class."""

from collections.abc import Iterator
from typing import Final

from tunelint.core.finding import Finding, Severity
from tunelint.core.record import Record
from tunelint.rules.base import Context, RecordRule, Wake

_MOST: Final = 64
"""Levels that Arrow's JSON reader takes (its ``kMaxParserNumRows`` aside); other readers take 100 to 1,000."""


class DeepNesting(RecordRule):
    r"""A record is nested more deeply than some readers take.

    ## Why

    Readers stop at a depth of their own, Arrow at 64. No format needs more than ten levels; deep ones come from a value that was
    wrapped again and again.

    ## What to do

    Write the deep part as a JSON text in a string, or flatten it.

    ## Examples

    ```jsonl good
    {"messages": [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}, {"role": "assistant", "content": "Hello"}]}
    ```

    ```jsonl bad 1: also=FMT001
    {"a": [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["b"]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}
    ```

    Sources: apache/arrow, cpp/src/arrow/json.
    """

    code = "JSN007"
    name = "deep-nesting"
    severity = Severity.WARNING
    recommended = False
    wakes = Wake.UNREADABLE | Wake.FAULTY | Wake.RICH | Wake.OTHER
    stage = "shape"

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield a finding for a record that is too deep."""
        if record.parsed.depth > _MOST:
            yield self.finding(
                f"{record.parsed.depth} levels of nesting, and Arrow reads {_MOST}",
                help="write the deep part as a JSON text in a string, or flatten it",
            )
