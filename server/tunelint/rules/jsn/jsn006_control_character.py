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

_LATEX: Final = {"\x08": "b", "\x0c": "f", "\t": "t", "\r": "r", "\n": "n"}
_COMMANDS: Final = (
    "\x08(?:ackslash|ar|ecause|egin|eta|f|igcap|igcup|igg?|inom|mod|old|oldsymbol|ot|oxed|reve|ullet)",
    "\x0c(?:box|lat|orall|rac|rown)",
)
"""What is left of LaTeX's commands where the backslash was read as part of an escape."""

_REMOVE: Final = "remove control and invisible characters"
_BOTH: Final = "write the backslashes again, and remove other control characters"
_BACKSLASHES: Final = "write records with a JSON library, which doubles backslashes: those of \\times and \\right become white space, which nothing finds later"

_ODD: Final = re.compile(f"(?:{'|'.join(_COMMANDS)})(?![A-Za-z])|[{re.escape(_CONTROLS)}\ufffd]|(?<=\\w)[{_HIDDEN}]+(?=\\w)")

_LIKELY: Final = re.compile("(?:\t(?:ext|extbf|extit|extrm|frac|heta|imes|riangle)|\r(?:ho|ight)|\n(?:abla|eq))(?![A-Za-z])")
"""What white space is left of, in a record that lost other backslashes; alone it proves nothing."""


class ControlCharacter(RecordRule):
    r"""A text holds control characters, replacement characters, or invisible characters inside words.

    ## Why

    They are what is left of a broken conversion, and the model learns to write them. U+FFFD stands where a character was lost for
    good. A form feed or a backspace before letters is mostly LaTeX whose backslash was not escaped: `\frac` read as JSON is a form
    feed and "rac". Invisible characters inside words tear tokens apart.

    ## What to do

    Convert the source again, with the right encoding and escaping. Line feeds, tabs and carriage returns are fine.

    ## Fix

    The unsafe fix writes the backslash again where a command of LaTeX lost it, and removes other control characters and invisible
    characters; a lost character cannot be brought back.

    ## Examples

    ```jsonl good
    {"text": "a tab\tand a line\nare fine, and so are 👨‍👩‍👧 and می‌خواهم"}
    ```

    ```jsonl bad text
    {"text": "half is \frac{1}{2}"}
    ```

    ```jsonl fixed
    {"text": "half is \\frac{1}{2}"}
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
        lost = any(text == "\ufffd" for _, text in found)
        commands = any(_mended(text) for _, text in found)
        also = list(string_matches(record, _LIKELY)) if commands else []
        edits = tuple(Edit("replace", one.path, _mended(text), one.chars) for one, text in (*found, *also))
        more = f" ({len(found)} such characters in this record)" if len(found) > 1 else ""
        yield self.finding(
            f"{_name(first)}{more}",
            place,
            help=_BACKSLASHES if commands else "convert the source again: the model learns to write such characters",
            fix=Fix(_BOTH if commands else _REMOVE, "unsafe", edits) if not lost else None,
            evidence={"characters": len(found)},
        )


def _mended(found: str) -> str:
    """Return what to write instead: the command with its backslash, or nothing."""
    return f"\\{_LATEX[found[0]]}{found[1:]}" if len(found) > 1 and found[0] in _LATEX else ""


def _name(found: str) -> str:
    code = f"U+{ord(found[0]):04X}"
    if found == "\ufffd":
        return "the replacement character U+FFFD: a character was lost here"
    if found[0] in _HIDDEN:
        return f"an invisible {code} inside a word"
    if _mended(found):
        return f"LaTeX's {_mended(found)} lost its backslash: \\{_LATEX[found[0]]} is an escape in JSON, and reads as U+{ord(found[0]):04X}"
    if found in _LATEX:
        return f"the control character {code}; a backslash before {_LATEX[found]!r} may have been meant"
    return f"the control character {code}"
