"""FIL006: see the class."""

from collections.abc import Iterator

from tunelint.core.bag import Bag
from tunelint.core.finding import Edit, Finding, Fix, Severity
from tunelint.rules.base import Context, TallyRule


class MissingFinalNewline(TallyRule):
    """The last line has no line end.

    ## Why

    Files are joined with `cat` and grown with `>>`: without a line end the last record and the first of the next file become one
    broken line. It may also mean that writing was cut off.

    ## What to do

    End the file with a line feed.

    ## Examples

    ```jsonl good
    {"text": "1"}
    ```

    ```jsonl bad file unended
    {"text": "1"}
    ```

    ```jsonl fixed
    {"text": "1"}
    ```

    Sources: POSIX, definition of a line; jsonlines.org.
    """

    code = "FIL006"
    name = "missing-final-newline"
    severity = Severity.HINT
    fix = "safe"

    def report(self, bag: Bag, context: Context) -> Iterator[Finding]:
        """Yield one finding for the file."""
        facts = context.file
        if facts.container == "jsonl" and facts.records and not facts.final_newline and not facts.foreign_encoding:
            fix = Fix("end the file with a line feed", "safe", (Edit("file", new="final-newline"),))
            yield self.finding(
                "the last line has no line end", help="end it, so that files can be joined and appended to", fix=fix
            )
