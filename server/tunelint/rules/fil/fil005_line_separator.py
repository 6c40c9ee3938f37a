"""FIL005: see the class."""

import re
from collections.abc import Iterator
from typing import Final

from tunelint.core.finding import Edit, Finding, Fix, Severity
from tunelint.core.record import Record
from tunelint.rules._places import place_of
from tunelint.rules.base import Context, RecordRule, Wake

_SEPARATORS: Final = re.compile("[\u2028\u2029\u0085]")


class LineSeparator(RecordRule):
    r"""A string holds a raw line separator of Unicode, at which many readers split the line.

    ## Why

    U+2028, U+2029 and U+0085 may stand raw in a JSON string, but `str.splitlines` of Python, `readline` of Node and others take
    them for line ends: the record falls into two pieces, and both are no JSON. Scraped text is full of them.

    ## What to do

    Escape them (`\u2028`), as `json.dumps` does by default, or replace them by a line feed.

    ## Examples

    ```jsonl good
    {"text": "one\u2028two"}
    ```

    ```jsonl bad text escaped
    {"text": "one\u2028two"}
    ```

    ```jsonl fixed
    {"text": "one\u2028two"}
    ```

    Sources: datalad issue 3523; huggingface/tau issue 354; volcengine/OpenViking issue 3984.
    """

    code = "FIL005"
    name = "line-separator"
    severity = Severity.WARNING
    fix = "safe"
    wakes = Wake.TRIGGER
    triggers = ("\u2028", "\u2029", "\u0085")
    stage = "line"
    unless = frozenset({"FIL001", "JSN001"})

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield the first separator of a record; the fix escapes all."""
        found = list(_SEPARATORS.finditer(record.text))
        if not found:
            return
        edits = tuple(Edit("raw", new=f"\\u{ord(one[0]):04x}", chars=one.span()) for one in found)
        code = f"U+{ord(found[0][0]):04X}"
        more = f" ({len(found)} in this record)" if len(found) > 1 else ""
        yield self.finding(
            f"raw {code}, at which many readers split the line{more}",
            place_of(record, *found[0].span()),
            help=f"write it as \\u{ord(found[0][0]):04x}",
            fix=Fix("escape the line separators", "safe", edits),
        )
