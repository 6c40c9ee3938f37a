"""JSN005: see the class."""

from collections.abc import Iterator

from tunelint.core.finding import Edit, Finding, Fix, Severity
from tunelint.core.record import Record
from tunelint.rules._places import place_of
from tunelint.rules.base import Context, RecordRule, Wake
from tunelint.text.surrogates import lone_surrogates


class LoneSurrogate(RecordRule):
    r"""An escape writes half of a character.

    ## Why

    Characters beyond U+FFFF are written as two escapes. Half of such a pair is no character: it cannot be encoded as UTF-8, so
    tokenizers and uploads fail on it, or it becomes U+FFFD. Mostly a text was cut in the middle of an emoji.

    ## What to do

    Cut texts between characters, not between code units.

    ## Fix

    The unsafe fix writes the replacement character U+FFFD instead.

    ## Examples

    ```jsonl good
    {"text": "yes \ud83d\ude00"}
    ```

    ```jsonl bad text
    {"text": "yes \ud83d"}
    ```

    ```jsonl fixed
    {"text": "yes \ufffd"}
    ```

    Sources: RFC 8259, section 8.2.
    """

    code = "JSN005"
    name = "lone-surrogate"
    severity = Severity.ERROR
    fix = "unsafe"
    wakes = Wake.UNREADABLE
    stage = "line"
    unless = frozenset({"FIL001", "FIL008", "FIL012", "FIL015", "JSN001"})

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield the first half pair of a record; the fix replaces all."""
        found = list(lone_surrogates(record.text))
        if found:
            edits = tuple(Edit("raw", new="\\ufffd", chars=span) for span in found)
            yield self.finding(
                f"{record.text[slice(*found[0])]} is half of a character",
                place_of(record, *found[0]),
                help="cut texts between characters; tokenizers and uploads fail on half of one",
                fix=Fix("write U+FFFD instead of half characters", "unsafe", edits),
            )
