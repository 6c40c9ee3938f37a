"""Changes of a file as a unified diff, made while the file is read."""

from collections.abc import Iterable, Iterator
from typing import Final

from tunelint.engine.fixes import Change

__all__ = ["unified_diff"]

_CONTEXT: Final = 1
"""Unchanged lines that are shown around a change: records are long."""


def unified_diff(name: str, changes: Iterable[Change]) -> Iterator[str]:
    """Yield the diff of a file hunk by hunk; nothing when nothing changes."""
    began = False
    before: list[Change] = []
    hunk: list[Change] = []
    quiet = 0
    shift = 0
    for change in changes:
        if change.before == change.after:
            if hunk:
                hunk.append(change)
                quiet += 1
                if quiet > 2 * _CONTEXT:
                    yield _header(name, began) + _hunk(hunk[: len(hunk) - quiet + _CONTEXT], shift)
                    began = True
                    shift += _growth(hunk)
                    before, hunk, quiet = hunk[-_CONTEXT:], [], 0
            else:
                before = [*before, change][-_CONTEXT:]
            continue
        if not hunk:
            hunk = list(before)
        hunk.append(change)
        quiet = 0
    if hunk:
        yield _header(name, began) + _hunk(hunk[: len(hunk) - max(quiet - _CONTEXT, 0)], shift)


def _header(name: str, began: bool) -> str:
    return "" if began else f"--- {name}\n+++ {name}\n"


def _growth(hunk: list[Change]) -> int:
    return sum((change.after or b"").count(b"\n") for change in hunk) - sum(
        (change.before or b"").count(b"\n") for change in hunk
    )


def _hunk(hunk: list[Change], shift: int) -> str:
    old = [line for change in hunk for line in _lines(change.before)]
    new = [line for change in hunk for line in _lines(change.after)]
    start = hunk[0].line
    lines = [f"@@ -{start if old else start - 1},{len(old)} +{start + shift if new else start + shift - 1},{len(new)} @@\n"]
    for change in hunk:
        if change.before == change.after:
            lines += [" " + line for line in _lines(change.before)]
        else:
            lines += ["-" + line for line in _lines(change.before)]
            lines += ["+" + line for line in _lines(change.after)]
    return "".join(lines)


def _lines(data: bytes | None) -> list[str]:
    """Return the lines of a text, each with a line feed; a line without one is marked as diffs do."""
    if not data:
        return []
    lines = data.decode("utf-8", "backslashreplace").replace("\r\n", "\n").split("\n")
    last = lines.pop()
    return [line + "\n" for line in lines] + ([last + "\n\\ No newline at end of file\n"] if last else [])
