"""QUA003: see the class."""

import re
from collections.abc import Iterator
from typing import Final

from tunelint.core.finding import Edit, Finding, Fix, Place, Severity
from tunelint.core.record import ABSENT, Record, leaves
from tunelint.rules.base import Context, RecordRule, Wake
from tunelint.text.mojibake import PATTERNS, may_be_mojibake

_SHOWN: Final = 24
_LEFTOVER: Final = re.compile("(?<!\\S)\x80[\x80-\xbf]")
"""The later two bytes of a dash, a bullet or a quote in UTF-8 as Latin-1 shows them. The first byte is lost, so nothing repairs it."""


class Mojibake(RecordRule):
    r"""A text was read in the wrong encoding.

    ## Why

    `cafÃ©` is what UTF-8 looks like to a program that takes it for Windows-1252. The model learns such characters as if they were
    a spelling, and writes them; for the tokenizer they are several rare tokens where one common word was.

    A text is reported where ftfy can tell from the characters alone which encodings were mixed up, and undo it. It is asked about
    texts only that hold a pair of characters which such mistakes leave, and which languages hardly have: to look for these takes
    half a microsecond a record, in text that is all beyond ASCII one to two.

    ## What to do

    Read the source again with the right encoding. Where it is gone, `ftfy.fix_encoding` repairs most of it.

    ## Fix

    The unsafe fix writes what ftfy makes of the text; the original characters are lost where ftfy is wrong.

    ## Examples

    ```jsonl good
    {"messages": [{"role": "user", "content": "Où est le café « À la Noël » ?"}, {"role": "assistant", "content": "Dans l’île, à côté — « voilà » — du marché…"}]}
    ```

    ```jsonl bad messages[0].content
    {"messages": [{"role": "user", "content": "Un cafÃ© crÃ¨me"}, {"role": "assistant", "content": "Oui"}]}
    ```

    ```jsonl fixed
    {"messages": [{"role": "user", "content": "Un café crème"}, {"role": "assistant", "content": "Oui"}]}
    ```

    ```jsonl bad messages[0].content escaped
    {"messages": [{"role": "user", "content": "The commissioner \xc2\x80\xc2\x94 in hiring"}, {"role": "assistant", "content": "Yes"}]}
    ```

    Sources: ftfy, "fixes text for you", and its heuristic of bad pairs; Data-Juicer and NeMo Curator run it over what they clean.
    """

    code = "QUA003"
    name = "mojibake"
    severity = Severity.WARNING
    fix = "unsafe"
    wakes = Wake.TRIGGER
    triggers = PATTERNS
    stage = "line"
    unless = frozenset({"FIL001", "FIL008", "JSN001"})

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield a finding for the first text that can be repaired; the fix repairs all of them."""
        if record.value is ABSENT:
            return
        edits: list[Edit] = []
        finding: tuple[Place, str] | None = None
        for path, text in leaves(record.value):
            left = _LEFTOVER.search(text)
            if left is not None:
                yield self.finding(
                    f"{_shown(left[0])} is what is left of a character that was read in the wrong encoding",
                    Place(path, chars=left.span()),
                    help="read the source again with the right encoding: a part of the character is lost here",
                )
                return
            for start, end, mended in _repairs(text) if may_be_mojibake(text) else ():
                edits.append(Edit("replace", path, mended, (start, end)))
                if finding is None:
                    word_end = _word_end(text, start)
                    finding = (
                        Place(path, chars=(start, min(end, word_end))),
                        _described(text[_word_start(text, start) : word_end]),
                    )
        if finding is not None:
            place, message = finding
            yield self.finding(
                message + (f" ({len(edits)} such places in this record)" if len(edits) > 1 else ""),
                place,
                help="read the source again with the right encoding: the model learns to write such characters",
                fix=Fix("write what was probably meant", "unsafe", tuple(edits)),
            )


def _described(word: str) -> str:
    from ftfy import fix_encoding

    mended = fix_encoding(word)
    meant = f", probably {_shown(mended)} is meant" if mended != word else ""
    return f"{_shown(word)} was read in the wrong encoding{meant}"


def _shown(word: str) -> str:
    """Return a word as a literal; one that is long, or all escapes, is cut."""
    literal = repr(word)
    return literal if len(literal) <= _SHOWN else f"{literal[:_SHOWN]}…"


def _word_start(text: str, place: int) -> int:
    while place > 0 and not text[place - 1].isspace():
        place -= 1
    return place


def _word_end(text: str, place: int) -> int:
    while place < len(text) and text[place] not in " \n\t":
        place += 1
    return place


def _repairs(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield from where to where each line of a text is to be repaired, and what that becomes."""
    from ftfy import fix_encoding  # 40 ms that sound files do not need

    begin = 0
    for line in text.split("\n"):
        mended = fix_encoding(line) if may_be_mojibake(line) else line
        if mended != line:
            start = _alike(line, mended)
            rest = _alike(line[start:][::-1], mended[start:][::-1])
            yield begin + start, begin + len(line) - rest, mended[start : len(mended) - rest]
        begin += len(line) + 1


def _alike(one: str, other: str) -> int:
    """Return how many characters two texts have in common at their beginning."""
    return next((index for index, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
