"""Texts that break off in one line and go on below it. Empty lines there are paragraphs of the text, which no fix may remove."""

from collections.abc import Iterable, Sequence
from typing import Final

from tunelint.text.faults import Cause, SyntaxFault
from tunelint.text.lines import line_body
from tunelint.text.parse import parse

__all__ = ["goes_on", "is_within", "torn_lines"]

_ENDS: Final = ("}", "]")
_ROUNDS: Final = 20
"""How many certain repairs of a line are thought made before what is left of its faults is looked at."""


def goes_on(line: str, torn: bool) -> bool:
    """Tell whether a text breaks off in this line, or goes on in it if one is `torn` above, and may go on below."""
    if not line or line.isspace():
        return torn
    cause = _cause(line) if torn or not line.rstrip().endswith(_ENDS) else None
    return cause is Cause.UNTERMINATED_STRING or (torn and cause is not None)


def torn_lines(lines: Iterable[str], wanted: frozenset[int]) -> frozenset[int]:
    """Return those of the `wanted` lines, counted from 1, that stand within a torn text.

    `lines` are without their ends, and read up to the last one that is wanted.
    """
    found: set[int] = set()
    torn, last = False, max(wanted, default=0)
    for number, line in enumerate(lines, start=1):
        if number in wanted and torn:
            found.add(number)
        if number >= last:
            break
        torn = goes_on(line, torn)
    return frozenset(found)


def is_within(lines: Sequence[str], index: int) -> bool:
    """Tell whether the line `lines[index]` stands within a torn text, by looking up to the first line that decides.

    It says what `torn_lines` says, without a look at the lines before that.
    """
    for above in range(index - 1, -1, -1):
        line = line_body(lines[above]) if above else line_body(lines[0]).removeprefix("\ufeff")
        if not line or line.isspace():
            continue
        cause = _cause(line)
        if cause is None:
            return False
        if cause is Cause.UNTERMINATED_STRING and not line.rstrip().endswith(_ENDS):
            return True
    return False


def _cause(line: str) -> Cause | None:
    """Return what is wrong with a line once all is repaired in it that has one repair only."""
    fault: SyntaxFault | None = None
    for _ in range(_ROUNDS):
        fault = parse(line).fault
        if fault is None or fault.repair is None or not fault.repair.certain:
            break
        line = line[: fault.repair.start] + fault.repair.text + line[fault.repair.end :]
    return fault.cause if fault is not None else None
