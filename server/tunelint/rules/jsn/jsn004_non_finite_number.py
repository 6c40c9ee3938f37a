"""JSN004: see the class."""

from collections.abc import Iterator

from tunelint.core.finding import Finding, Place, Severity
from tunelint.core.record import Record
from tunelint.rules.base import Context, RecordRule, Wake


class NonFiniteNumber(RecordRule):
    r"""A number is `NaN`, infinite, or too large for any reader.

    ## Why

    Python writes and reads `NaN`, which is no JSON: other readers refuse the whole file. It mostly comes from an empty cell of a
    table, so that the training would learn the word "nan".

    ## What to do

    Leave the key out, or write `null` or an empty string, whichever the format has for "nothing". With pandas, use
    `frame.dropna()` or `frame.fillna("")` before writing.

    ## Examples

    ```jsonl good
    {"prompt": "1 + 1 =", "completion": " 2"}
    ```

    ```jsonl bad completion also=FMT005
    {"prompt": "1 + 1 =", "completion": NaN}
    ```

    Sources: RFC 8259, section 6.
    """

    code = "JSN004"
    name = "non-finite-number"
    severity = Severity.ERROR
    wakes = Wake.UNREADABLE
    stage = "line"
    unless = frozenset({"FIL001", "FIL008", "FIL012", "FIL015", "JSN001"})

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield a finding for each such number."""
        for path, node in record.parsed.non_finite:
            written = record.text[node.start : node.end]
            who = context.target.title if context.target is not None else "every reader but Python's"
            yield self.finding(
                f"{written[:20]} is no number of JSON; {who} refuses it",
                Place(path),
                severity=Severity.ERROR if context.target is not None else Severity.WARNING,
                help="leave the key out or write null; look for the empty cell that it comes from",
            )
