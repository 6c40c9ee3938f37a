"""JSN001: see the class."""

from collections.abc import Iterator
from typing import Final

from tunelint.core.finding import Edit, Finding, Fix, Place, Severity
from tunelint.core.record import Record
from tunelint.rules.base import Context, RecordRule, Wake
from tunelint.text.faults import Cause, SyntaxFault

_WORDS: Final = {
    Cause.EMPTY: "there is no value",
    Cause.TRAILING_COMMA: "a comma with nothing after it",
    Cause.MISSING_COMMA: "a comma is missing here",
    Cause.EXTRA_COMMA: "one comma too many",
    Cause.MISSING_COLON: "the colon after this key is missing",
    Cause.MISSING_VALUE: "the value is missing here",
    Cause.MISSING_CLOSE: "the record ends without its closing {found}",
    Cause.WRONG_CLOSE: "{found} closes what it did not open",
    Cause.EXTRA_CLOSE: "one closing {found} too many",
    Cause.UNTERMINATED_STRING: "this string is never closed",
    Cause.UNESCAPED_QUOTE: 'this quote ends the string; inside it, it must be written \\"',
    Cause.RAW_CONTROL: "a raw {found} inside a string",
    Cause.BAD_ESCAPE: "{found} is no escape of JSON",
    Cause.SINGLE_QUOTES: "strings need double quotes",
    Cause.CURLY_QUOTES: "typographic quotes do not quote in JSON",
    Cause.UNQUOTED: "{found} needs double quotes",
    Cause.PYTHON_WORD: "{found} is no word of JSON",
    Cause.BAD_NUMBER: "{found} is no number of JSON",
    Cause.COMMENT: "JSON has no comments",
    Cause.SEVERAL_VALUES: "another value begins on the same line",
    Cause.TRAILING_TEXT: "text after the end of the record",
    Cause.ODD_SPACE: "white space that JSON does not allow",
    Cause.BYTE_ORDER_MARK: "a byte order mark inside the text",
    Cause.TOO_DEEP: "the record is nested too deeply to be read",
    Cause.UNEXPECTED: "{found} is not expected here",
}
_NAMES: Final = {"\n": "line feed", "\r": "carriage return", "\t": "tab", "\x00": "null character"}


class InvalidJson(RecordRule):
    r"""A record is no JSON.

    ## Why

    One broken line ends the upload, or the job that follows it hours later ("INVALID JSONL FILE ON LINE 17"), or is skipped
    without a word.

    ## What to do

    Write records with a JSON library, not with string formatting. The finding stands at the exact character and names the usual
    cause; where only one repair is possible, the fix makes it.

    ## Examples

    ```jsonl good
    {"text": "She said \"yes\"."}
    ```

    ```jsonl bad 1:
    {"text": "1",}
    ```

    ```jsonl fixed
    {"text": "1"}
    ```

    ```jsonl bad 2:
    {"text": "1"}
    {"text": "She said "yes"."}
    {"text": "3"}
    ```

    ```jsonl bad 2: also=DUP001
    {"text": "1"}
    {"text": "2"
    {"text": "3"}
    ```

    ```jsonl bad 1: also=DUP001
    {"text": "1"}{"text": "2"}
    {"text": "3"}
    ```

    ```jsonl fixed
    {"text": "1"}
    {"text": "2"}
    {"text": "3"}
    ```

    Sources: openai-php/client issue 107; RFC 8259.
    """

    code = "JSN001"
    name = "invalid-json"
    severity = Severity.ERROR
    fix = "safe"
    wakes = Wake.UNREADABLE
    stage = "line"
    unless = frozenset({"FIL001", "FIL003", "FIL008", "FIL012"})

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield the first syntax error."""
        fault = record.parsed.fault
        if fault is None or not record.raw.strip():
            return
        fix = None
        repair = fault.repair
        if (
            repair is not None
            and repair.certain
            and (fault.cause is not Cause.SEVERAL_VALUES or context.file.container == "jsonl")
        ):
            fix = Fix(f"repair: {_message(fault)}", "safe", (Edit("raw", new=repair.text, chars=(repair.start, repair.end)),))
        yield self.finding(
            _message(fault),
            Place(raw=(fault.start, max(fault.end, fault.start))),
            help=f"{fault.expected.value} is expected here; write records with a JSON library",
            fix=fix,
        )


def _message(fault: SyntaxFault) -> str:
    found = fault.found
    if fault.cause is Cause.RAW_CONTROL:
        shown = _NAMES.get(found, f"control character U+{ord(found):04X}" if len(found) == 1 else "control character")
    elif fault.cause is Cause.UNEXPECTED and found and not found.isprintable():
        shown = f"U+{ord(found[0]):04X}"
    else:
        shown = found.strip()[:20]
    return _WORDS[fault.cause].format(found=shown)
