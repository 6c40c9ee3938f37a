"""JSN001: see the class."""

import json
import re
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
_LIBRARY: Final = "write records with a JSON library"
_HELP: Final = {
    Cause.TRAILING_COMMA: f"remove it; {_LIBRARY}",
    Cause.MISSING_COMMA: f"put a comma between the two; {_LIBRARY}",
    Cause.EXTRA_COMMA: f"remove it; {_LIBRARY}",
    Cause.MISSING_CLOSE: "write {found}, or join this line with the next one if the record goes on there: a record is one line",
    Cause.UNTERMINATED_STRING: "the file was cut off here, or the text goes on in the next line: write line ends inside texts as \\n",
    Cause.UNESCAPED_QUOTE: f"escape the quotes inside the text; {_LIBRARY}, which does so",
    Cause.RAW_CONTROL: f"write it as {{escape}}; {_LIBRARY}, which does so",
    Cause.SINGLE_QUOTES: f'write " instead; {_LIBRARY}',
    Cause.CURLY_QUOTES: 'write " instead: a word processor or a chat program replaced it',
    Cause.COMMENT: "remove it: notes about the data belong into another file",
    Cause.SEVERAL_VALUES: "write one record a line",
    Cause.TRAILING_TEXT: "remove it, or put what belongs to the record inside its braces",
    Cause.BYTE_ORDER_MARK: "remove it: files that begin with one were joined here",
}
_FENCE: Final = "```"
_FENCE_LINE: Final = re.compile(r"```\s*\w*")
_NUMBERED: Final = re.compile(r"\s*\d+\s*[:.)|\t]?\s*(?=\{)")
_NO_BEGINNING: Final = frozenset({Cause.UNQUOTED, Cause.UNEXPECTED, Cause.MISSING_VALUE})
_NO_RECORD: Final = frozenset({Cause.TRAILING_TEXT, Cause.UNTERMINATED_STRING})
_SHOWN: Final = 30
_REST: Final = "if it goes on from the line above, join the two: a record is one line, and line ends inside texts are written \\n"
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
    unless = frozenset({"FIL001", "FIL003", "FIL008", "FIL012", "FIL015"})

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
        message, help_line = _message(fault), _help(fault)
        if context.file.container == "jsonl":
            message, help_line, fix = _of_line(fault, record.text) or (message, help_line, fix)
        yield self.finding(message, Place(raw=(fault.start, max(fault.end, fault.start))), help=help_line, fix=fix)


def _of_line(fault: SyntaxFault, text: str) -> tuple[str, str, Fix | None] | None:
    """Say what a whole line is that is no record: a fence, a record with a number before it, or a part of one."""
    stripped = text.strip()
    if stripped.startswith(_FENCE):
        fix = Fix("remove the code fence", "safe", (Edit("drop"),)) if _FENCE_LINE.fullmatch(stripped) else None
        return "a Markdown code fence is no record", "remove the line", fix
    number = _NUMBERED.match(text)
    if number is not None and fault.start <= number.end():
        fix = Fix("remove the number before the record", "unsafe", (Edit("raw", new="", chars=(0, number.end())),))
        return "a number stands before the record", f"remove it; {_LIBRARY}", fix
    if _is_rest(fault, stripped):
        return f"the line is no record of its own: {stripped[:_SHOWN]!r}{'…' if len(stripped) > _SHOWN else ''}", _REST, None
    return None


def _is_rest(fault: SyntaxFault, text: str) -> bool:
    """Tell whether a line begins or ends in the middle of a record, as the second half of one that was broken in two does."""
    begins = fault.start == 0 and fault.cause in _NO_BEGINNING and text[:1] not in {"<", "{", "["}
    ends = fault.cause is Cause.TRAILING_TEXT and len(fault.found) > 1 and not fault.found.strip("]} \t")
    quoted = text[:1] == '"' and fault.cause in _NO_RECORD
    rule = fault.cause is Cause.COMMENT and not any(map(str.isalnum, text))
    return ((begins or quoted) and text[-1:] in {"}", "]"}) or ends or rule


def _help(fault: SyntaxFault) -> str:
    general = f"{fault.expected.value} is expected here; {_LIBRARY}"
    escape = json.dumps(fault.found)[1:-1] if fault.cause is Cause.RAW_CONTROL else ""
    return _HELP.get(fault.cause, general).replace("{found}", fault.found).replace("{escape}", escape)


def _message(fault: SyntaxFault) -> str:
    found = fault.found
    if fault.cause is Cause.RAW_CONTROL:
        shown = _NAMES.get(found, f"control character U+{ord(found):04X}" if len(found) == 1 else "control character")
    elif fault.cause is Cause.UNEXPECTED and found and not found.isprintable():
        shown = f"U+{ord(found[0]):04X}"
    else:
        shown = found.strip()[:20]
    return _WORDS[fault.cause].format(found=shown)
