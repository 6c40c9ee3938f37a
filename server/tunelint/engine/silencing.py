"""Comments in a training config that say what is to be ignored there: ``# tunelint: ignore[CFG002]``."""

import re
from typing import Final

from tunelint.engine.edits import Replacement
from tunelint.rules import matching
from tunelint.text.config import parse_config
from tunelint.text.tree import Tree

__all__ = ["Silenced", "silencing_edit"]

_SUPPRESSION: Final = re.compile(r"tunelint:\s*ignore(?:\[([^\]]*)\])?")


class Silenced:
    """What comments say to ignore: on their own line or, where they stand alone, the key that follows and all below it."""

    def __init__(self, tree: Tree) -> None:
        self._ranges: list[tuple[int, int, frozenset[str] | None]] = []
        for comment in tree.comments if "tunelint" in tree.text else ():
            match = _SUPPRESSION.search(comment.text)
            if match is not None:
                start, end = _reach(tree, comment.start, comment.end, alone=comment.alone)
                self._ranges.append((start, end, _codes(match[1]) if match[1] is not None else None))

    def holds(self, code: str, offset: int) -> bool:
        """Tell whether a rule is not to speak of what stands at an offset."""
        return any(start <= offset <= end and (codes is None or code in codes) for start, end, codes in self._ranges)


def _codes(words: str) -> frozenset[str]:
    return frozenset(code for word in words.split(",") for code in matching(word.strip()))


def _reach(tree: Tree, start: int, end: int, *, alone: bool) -> tuple[int, int]:
    text = tree.text
    if not alone:
        return max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1, end
    following = [entry for _, entry in tree.walk() if (entry.key_start if entry.key_start >= 0 else entry.start) >= end]
    if not following:
        return start, end
    first = min(following, key=lambda entry: (entry.key_start if entry.key_start >= 0 else entry.start, -entry.end))
    return start, max(first.end, first.key_end)


def silencing_edit(tree: Tree, offset: int, code: str) -> Replacement | None:
    """Return the edit that puts a comment, or one code more into it, at the end of the line of a finding at an offset.

    None where that would be no comment, such as in JSON or inside a text of several lines.
    """
    if tree.syntax not in {"yaml", "toml"}:
        return None
    text = tree.text
    end = re.compile(r"[^\r\n]*").match(text, offset).end()  # type: ignore[union-attr]  # it matches anywhere
    comment = next((one for one in tree.comments if offset <= one.start and one.end <= end), None)
    known = _SUPPRESSION.search(text, comment.start, comment.end) if comment is not None else None
    if known is not None and known[1] is not None:
        edit = Replacement(known.end(1), known.end(1), f", {code}" if known[1].strip() else code)
    else:
        edit = Replacement(end, end, f"  # tunelint: ignore[{code}]")
    after = parse_config(text[: edit.start] + edit.text + text[edit.end :], tree.syntax)
    return edit if Silenced(after).holds(code, offset) and not Silenced(tree).holds(code, offset) else None
