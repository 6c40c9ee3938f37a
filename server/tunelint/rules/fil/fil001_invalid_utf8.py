"""FIL001: see the class."""

from collections.abc import Iterator

from tunelint.core.finding import Finding, Place, Severity
from tunelint.core.record import Record
from tunelint.rules.base import Context, RecordRule, Wake


class InvalidUtf8(RecordRule):
    r"""The file, or a record of it, is no UTF-8.

    ## Why

    Every consumer reads UTF-8. One byte of another encoding ends the upload or the run, mostly with a message that names no line;
    a reader that replaces what it cannot decode trains on the replacement.

    ## What to do

    Save the file as UTF-8. On Windows the culprit is mostly UTF-16 or Windows-1252 from a spreadsheet or from PowerShell.

    ## Examples

    ```jsonl good
    {"text": "café"}
    ```

    ```jsonl bad 1: escaped
    {"text": "caf\xe9"}
    ```

    Sources: openai-python issue 383; RFC 8259, section 8.1.
    """

    code = "FIL001"
    name = "invalid-utf8"
    severity = Severity.ERROR
    wakes = Wake.UNREADABLE
    stage = "line"
    early = True

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield the first byte of a record that does not decode."""
        foreign = context.file.foreign_encoding
        if foreign:
            yield self.finding(
                f"the file is no UTF-8 but looks like {foreign}",
                Place(raw=(0, 0)),
                help="save it as UTF-8, without a byte order mark; no consumer reads anything else",
            )
            return
        try:
            record.raw.decode()
        except UnicodeDecodeError as problem:
            start = len(record.raw[: problem.start].decode("utf-8", "replace"))
            bad = record.raw[problem.start]
            yield self.finding(
                f"the byte 0x{bad:02X} here is no UTF-8{_guess(record.raw[problem.start : problem.start + 1])}",
                Place(raw=(start, start + 1)),
                help="save the file as UTF-8; readers refuse it or train on a replacement character",
            )


def _guess(byte: bytes) -> str:
    """Say what the byte would be in the encoding that Windows programs write, where that is a letter."""
    letter = byte.decode("cp1252", "replace")
    return f"; in Windows-1252 it would be {letter!r}" if letter.isalpha() else ""
