"""JSN003: see the class."""

from collections.abc import Iterator

from tunelint.core.finding import Edit, Finding, Fix, Place, Severity
from tunelint.core.record import Record
from tunelint.rules.base import Context, RecordRule, Wake


class DuplicateKey(RecordRule):
    r"""The same key stands twice in one object.

    ## Why

    Of equal keys Python keeps the last, other readers the first, and Arrow, with which Hugging Face `datasets` reads, refuses the
    record. Nobody reports it otherwise: half of the record is lost without a word.

    ## What to do

    Keep the value that is meant.

    ## Fix

    The unsafe fix removes all but the last of the equal keys, which is what Python keeps.

    ## Examples

    ```jsonl good
    {"prompt": "1 + 1 =", "completion": " 2"}
    ```

    ```jsonl bad completion
    {"prompt": "1 + 1 =", "completion": " 3", "completion": " 2"}
    ```

    ```jsonl fixed
    {"prompt": "1 + 1 =", "completion": " 2"}
    ```

    Sources: RFC 8259, section 4.
    """

    code = "JSN003"
    name = "duplicate-key"
    severity = Severity.ERROR
    fix = "unsafe"
    wakes = Wake.UNREADABLE
    stage = "line"
    unless = frozenset({"FIL001", "FIL008", "FIL012", "FIL015", "JSN001"})

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield a finding for each key that hides another."""
        seen = set()
        for one in record.parsed.duplicates:
            if one.path in seen:
                continue
            seen.add(one.path)
            key = str(one.path[-1])
            equal = record.text[one.first.start : one.first.end] == record.text[one.node.start : one.node.end]
            start, end = one.first.key_start, _behind_comma(record.text, one.first.end)
            fix = Fix(f"remove the first {key!r}", "unsafe", (Edit("raw", new="", chars=(start, end)),))
            if context.target is not None:
                severity, who = Severity.ERROR, f"{context.target.title} may keep either"
            else:
                severity, who = Severity.WARNING, "Python keeps the last, Arrow refuses the record"
            yield self.finding(
                f"the key {key!r} stands twice{', with the same value' if equal else ''}: {who}",
                Place(one.path, "key"),
                severity=severity,
                help="keep the value that is meant",
                fix=fix,
            )


def _behind_comma(text: str, end: int) -> int:
    """Return the offset behind the comma that follows a member, with the white space after it."""
    while end < len(text) and text[end] in " \t\r\n":
        end += 1
    if text[end : end + 1] == ",":
        end += 1
        while end < len(text) and text[end] in " \t\r\n":
            end += 1
    return end
