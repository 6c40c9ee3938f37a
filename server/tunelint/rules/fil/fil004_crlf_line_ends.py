"""FIL004: see the class."""

from collections.abc import Iterator

from tunelint.core.bag import Bag
from tunelint.core.finding import Edit, Finding, Fix, Severity
from tunelint.rules.base import Context, TallyRule


class CrlfLineEnds(TallyRule):
    r"""Lines end in more than one way, or not in a plain line feed.

    ## Why

    A carriage return before the line feed is white space for every JSON reader, but tools that split by hand keep it, and byte
    counts, hashes and diffs differ from the same file written elsewhere. A lone carriage return ends no line for most readers.

    ## What to do

    Write line feeds only (`newline="\n"` in Python), and tell git with `*.jsonl text eol=lf`.

    ## Examples

    ```jsonl good
    {"text": "1"}
    {"text": "2"}
    ```

    ```jsonl bad file escaped
    {"text": "1"}\r
    {"text": "2"}
    ```

    ```jsonl fixed
    {"text": "1"}
    {"text": "2"}
    ```

    Sources: jsonlines.org, "Line Terminator is '\n'".
    """

    code = "FIL004"
    name = "crlf-line-ends"
    severity = Severity.INFORMATION
    recommended = False
    fix = "safe"

    def report(self, bag: Bag, context: Context) -> Iterator[Finding]:
        """Yield one finding for the file."""
        facts = context.file
        if facts.container != "jsonl":
            return
        used = [(count, name) for count, name in ((facts.lf, "LF"), (facts.crlf, "CRLF"), (facts.cr, "CR")) if count]
        fix = Fix("end all lines with a line feed", "safe", (Edit("file", new="lf"),))
        if len(used) > 1:
            counts = " and ".join(f"{count:,} in {name}" for count, name in used)
            message = f"lines end in different ways: {counts}"
            yield self.finding(message, severity=Severity.WARNING, help="end all lines with a line feed", fix=fix)
        elif facts.crlf or facts.cr:
            yield self.finding(f"lines end in {used[0][1]}", help="end all lines with a line feed", fix=fix)
