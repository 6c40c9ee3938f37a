"""Symbolic edits of a record as replacements in its own text, so that what they do not touch stays as it was written."""

import json
from typing import Any, NamedTuple

from tunelint.core.finding import Edit
from tunelint.core.record import Record
from tunelint.text.parse import Node, Parsed, Path
from tunelint.text.spans import characters

__all__ = ["Replacement", "apply", "dump", "resolve"]


class Replacement(NamedTuple):
    """Put `text` in place of the characters from `start` to `end` of the record's text."""

    start: int
    end: int
    text: str


def dump(value: Any, like: str) -> str:
    """Write a value as JSON, escaping beyond ASCII only where the record `like` is all ASCII and so probably does too."""
    return json.dumps(value, ensure_ascii=like.isascii())


def apply(text: str, replacements: list[Replacement]) -> str:
    """Apply replacements that do not overlap; of two that do, the later one is left out."""
    pieces: list[str] = []
    end = 0
    for one in sorted(replacements):
        if one.start < end:
            continue
        pieces += (text[end : one.start], one.text)
        end = one.end
    return "".join(pieces) + text[end:]


def resolve(record: Record, edits: tuple[Edit, ...]) -> list[Replacement] | None:
    """Return the replacements that carry out `edits`; None when a place is not there. ``file`` edits have none."""
    found: list[Replacement] = []
    deleted: dict[Path, list[Path]] = {}
    for edit in edits:
        if edit.kind == "delete":
            deleted.setdefault(edit.path[:-1], []).append(edit.path)
        elif edit.kind != "file":
            one = _resolve(record, edit)
            if one is None:
                return None
            found.append(one)
    for parent, paths in deleted.items():
        removed = _delete(record.parsed, parent, paths)
        if removed is None:
            return None
        found += removed
    return found


def _resolve(record: Record, edit: Edit) -> Replacement | None:
    text = record.text
    if edit.kind == "drop":
        return Replacement(0, len(text), "")
    if edit.kind == "raw":
        assert edit.chars is not None
        return Replacement(*edit.chars, str(edit.new))
    parsed = record.parsed
    if edit.kind == "insert":
        return _insert(text, parsed, edit)
    node = parsed.find(edit.path)
    if node is None:
        return None
    if edit.kind == "rename":
        return Replacement(node.key_start, node.key_end, dump(edit.new, text)) if node.key_start >= 0 else None
    if edit.chars is not None:
        start, end = characters(text, node, *edit.chars)
        return Replacement(start, end, dump(edit.new, text)[1:-1])
    return Replacement(node.start, node.end, dump(edit.new, text))


def _insert(text: str, parsed: Parsed, edit: Edit) -> Replacement | None:
    """Add a member at the end of an object, spelt like the members that are there."""
    parent = parsed.find(edit.path[:-1])
    if parent is None or not isinstance(parent.children, dict):
        return None
    member = f"{dump(edit.path[-1], text)}: {dump(edit.new, text)}"
    if not parent.children:
        return Replacement(parent.end - 1, parent.end - 1, member)
    last = max(child.end for child in parent.children.values())
    return Replacement(last, last, f", {member}")


def _delete(parsed: Parsed, parent: Path, paths: list[Path]) -> list[Replacement] | None:
    """Remove members or items of one container with the commas that go with them."""
    container = parsed.find(parent)
    gone = [parsed.find(path) for path in paths]
    if container is None or container.children is None or None in gone:
        return None
    children = list(container.children.values()) if isinstance(container.children, dict) else container.children
    ordered = sorted(children, key=lambda one: one.start)
    removed: list[Replacement] = []
    index = 0
    while index < len(ordered):
        if ordered[index] not in gone:
            index += 1
            continue
        first = index
        while index < len(ordered) and ordered[index] in gone:
            index += 1
        if first > 0:
            removed.append(Replacement(ordered[first - 1].end, ordered[index - 1].end, ""))
        else:
            removed.append(
                Replacement(_begin(ordered[0]), _begin(ordered[index]) if index < len(ordered) else ordered[-1].end, "")
            )
    return removed


def _begin(node: Node) -> int:
    return node.key_start if node.key_start >= 0 else node.start
