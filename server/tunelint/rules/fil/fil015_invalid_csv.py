"""FIL015: see the class."""

from collections.abc import Iterator

from tunelint.core.finding import Finding, Place, Severity
from tunelint.core.record import Record
from tunelint.rules.base import Context, RecordRule, Wake
from tunelint.text.separated import quote_fault


class InvalidCsv(RecordRule):
    r"""A quote in a CSV file is never closed, or stands inside a text as if it closed it.

    ## Why

    A field that begins with a quote goes on, over line ends too, until the next quote. One that is missing makes the rows below a part of
    the text: pandas, and with it the CSV loader of Hugging Face's datasets, stops at the end of the file ("EOF inside string starting at
    row 3") or, where the next quote happens to close it, loads fewer rows with other people's answers in them.

    ## What to do

    Write CSV with a library, which writes a quote inside a text twice (`""`). TuneLint leaves the row out and goes on at the next line
    that is a row of the file; the finding says how many lines that are.

    ## Examples

    ```csv good name=train.csv
    prompt,completion
    "1 + 1, in words?","two
    or ""2"", in digits"
    What is 5" in cm?,12.7
    ```

    ```csv bad 2: name=train.csv
    prompt,completion
    1 + 1 =,"2
    1 + 2 =,3
    1 + 3 =,"4"
    ```

    ```csv bad 2: name=train.csv
    prompt,completion
    Who spoke?,"She said "yes" to it."
    1 + 2 =,3
    ```

    ```csv bad 2: name=train.csv
    prompt,completion
    1 + 1 =,"2
    1 + 2 =,", in words: three"
    1 + 3 =,4
    ```

    Sources: RFC 4180, section 2; pandas, ``read_csv`` ("EOF inside string starting at row").
    """

    code = "FIL015"
    name = "invalid-csv"
    severity = Severity.ERROR
    wakes = Wake.UNREADABLE
    stage = "line"
    unless = frozenset({"FIL001"})
    early = True

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield the fault of a row that could not be read."""
        if context.file.container != "csv" or not record.raw:
            return
        fault = quote_fault(record.text, context.file.delimiter)
        lines = len(record.text.splitlines())
        left_out = f"these {lines:,} lines are left out" if lines > 1 else "the row is left out"
        if fault is None:
            yield self.finding(f"the row cannot be read; {left_out}", Place(raw=(0, 1)), help="write CSV with a library")
        elif fault.closed is None:
            yield self.finding(
                f"this quote is never closed; {left_out}",
                Place(raw=(fault.opened, fault.opened + 1)),
                help="close it, or readers take the rows below for a part of this text",
            )
        else:
            yield self.finding(
                f"this quote ends the text, and more stands behind it; {left_out}",
                Place(raw=(fault.closed, fault.closed + 1)),
                help='write a quote inside a text twice (""), as CSV libraries do',
            )
