"""JSN006: see the class."""

import re
from collections.abc import Iterator
from typing import Final

from tunelint.core.finding import Edit, Finding, Fix, Place, Severity
from tunelint.core.record import Record
from tunelint.rules._places import string_matches
from tunelint.rules.base import Context, RecordRule, Wake

_CONTROLS: Final = "".join(map(chr, (*range(9), 11, 12, *range(14, 32), 127)))
_HIDDEN: Final = "\u200b\u2060\ufeff"
"""Characters without width that part no script's letters. The joiners U+200C and U+200D are letters of many scripts and of emoji."""

_ODD: Final = re.compile(f"[{re.escape(_CONTROLS)}\ufffd]|(?<=\\w)[{_HIDDEN}]+(?=\\w)")
_LATEX: Final = {"\x08": "b", "\x0c": "f"}


class ControlCharacter(RecordRule):
    r"""A text holds control characters, replacement characters, or invisible characters inside words.

    ## Why

    They are what is left of a broken conversion, and the model learns to write them. U+FFFD stands where a character was lost for
    good. A form feed or a backspace before letters is mostly LaTeX whose backslash was not escaped: `\frac` read as JSON is a form
    feed and "rac". Invisible characters inside words tear tokens apart.

    ## What to do

    Convert the source again, with the right encoding and escaping. Line feeds, tabs and carriage returns are fine.

    ## Fix

    The unsafe fix removes control characters and invisible characters; a lost character cannot be brought back.

    ## Examples

    ```jsonl good
    {"text": "a tab\tand a line\nare fine, and so are 👨‍👩‍👧 and می‌خواهم"}
    ```

    ```jsonl bad text
    {"text": "half is \frac{1}{2}"}
    ```

    ```jsonl fixed
    {"text": "half is rac{1}{2}"}
    ```

    ```jsonl bad text escaped
    {"text": "caf\ufffd"}
    ```

    Sources: c4 and its descendants; NeMo Curator and Data-Juicer remove the same characters.
    """

    code = "JSN006"
    name = "control-character"
    severity = Severity.WARNING
    fix = "unsafe"
    wakes = Wake.TRIGGER
    triggers = (*_CONTROLS, "\ufffd", *_HIDDEN)
    stage = "line"
    unless = frozenset({"FIL001", "FIL008", "JSN001"})

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield the first such character of a record."""
        found: list[tuple[Place, str]] = list(string_matches(record, _ODD))
        if not found:
            return
        place, first = found[0]
        edits = tuple(Edit("replace", one.path, "", one.chars) for one, text in found if text != "\ufffd")
        more = f" ({len(found)} such characters in this record)" if len(found) > 1 else ""
        yield self.finding(
            f"{_name(first)}{more}",
            place,
            help="convert the source again: the model learns to write such characters",
            fix=Fix("remove control and invisible characters", "unsafe", edits) if len(edits) == len(found) else None,
            evidence={"characters": len(found)},
        )


def _name(found: str) -> str:
    code = f"U+{ord(found[0]):04X}"
    if found == "\ufffd":
        return "the replacement character U+FFFD: a character was lost here"
    if found[0] in _HIDDEN:
        return f"an invisible {code} inside a word"
    if found in _LATEX:
        return f"the control character {code}; a backslash before {_LATEX[found]!r} may have been meant"
    return f"the control character {code}"
