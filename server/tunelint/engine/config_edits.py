"""Symbolic edits of a config as replacements in its text: comments, order, quotes and layout stay as they were written."""

import json
import re
from typing import Any, Final

from tunelint.core.finding import Edit
from tunelint.engine.edits import Replacement
from tunelint.text.tree import Entry, Syntax, Tree

__all__ = ["locate_in_tree", "resolve_in_tree", "write_value"]

_PLAIN: Final = re.compile(r"[A-Za-z_./<][\w./<>|-]*(?: [\w./<>|-]+)*")
_PLAIN_KEY: Final = re.compile(r"[A-Za-z_][\w.-]*")


def write_value(value: Any, syntax: Syntax) -> str:
    """Write a value so that every loader reads it back as it is: a word that some loader takes for something else gets quotes."""
    if syntax == "json" or isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null" if syntax == "yaml" else '""'
    if not isinstance(value, str):
        return repr(value)
    if syntax == "toml" or _PLAIN.fullmatch(value) is None:
        return json.dumps(value, ensure_ascii=False)
    from tunelint.text.scalars import resolve

    same = resolve(value, True, "", "pyyaml") == value and resolve(value, True, "", "omegaconf") == value
    return value if same else json.dumps(value, ensure_ascii=False)


def locate_in_tree(tree: Tree, path: tuple[str | int, ...], *, key: bool) -> tuple[int, int]:
    """Return the offsets of what stands at a path: its key if that is meant, else its value, and that of a container by its key.

    A path that is not there stands for what holds it; the config itself is anchored on its first key.
    """
    entry = tree.find(path)
    missing = entry is None
    while entry is None and path:
        path = path[:-1]
        entry = tree.find(path)
    if entry is None:
        return 0, 0
    if entry.key_start >= 0 and (key or missing or not entry.scalar or entry.start == entry.end):
        return entry.key_start, entry.key_end
    if isinstance(entry.children, dict) and entry.children:
        first = min(
            entry.children.values(), key=lambda child: child.key_start if child.key_start >= entry.start else len(tree.text)
        )
        return first.key_start, first.key_end
    if isinstance(entry.children, list) and entry.children:
        return locate_in_tree(tree, (*path, 0), key=key)
    return entry.start, max(entry.end, entry.start)


def resolve_in_tree(tree: Tree, edits: tuple[Edit, ...]) -> list[Replacement] | None:
    """Return the replacements that carry out edits; None where one cannot be."""
    found = []
    for edit in edits:
        one = _resolve(tree, edit)
        if one is None:
            return None
        found.append(one)
    return found


def _resolve(tree: Tree, edit: Edit) -> Replacement | None:
    if edit.kind == "raw":
        assert edit.chars is not None
        return Replacement(*edit.chars, str(edit.new))
    if edit.kind == "insert":
        return _insert(tree, edit)
    entry = tree.find(edit.path)
    if entry is None:
        return None
    if edit.kind == "rename":
        return _rename(tree, entry, str(edit.new))
    if edit.kind == "delete":
        return _delete(tree, edit.path, entry)
    if edit.kind != "replace":
        return None
    new = write_value(edit.new, tree.syntax)
    if entry.start == entry.end and entry.key_start >= 0:  # nothing is written there yet
        return Replacement(entry.start, entry.end, new if tree.text[entry.start - 1 : entry.start] in {" ", "\t"} else f" {new}")
    return Replacement(entry.start, entry.end, new)


def _rename(tree: Tree, entry: Entry, new: str) -> Replacement | None:
    if entry.key_start < 0:
        return None
    quote = tree.text[entry.key_start : entry.key_start + 1]
    if quote in {'"', "'"}:
        return Replacement(entry.key_start, entry.key_end, f"{quote}{new}{quote}")
    return Replacement(entry.key_start, entry.key_end, new if _PLAIN_KEY.fullmatch(new) else json.dumps(new))


def _line(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the offsets of the whole lines that a range touches, with the last one's end."""
    first = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    match = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)?").match(text, max(end, start))
    assert match is not None
    return first, match.end()


def _delete(tree: Tree, path: tuple[str | int, ...], entry: Entry) -> Replacement | None:
    """Take a member out: whole lines of a block, or its text with one comma of a flow."""
    parent = tree.find(path[:-1])
    if parent is None or parent.children is None or entry.key_start < 0:
        return None
    text = tree.text
    if not parent.flow:
        last = entry.end - 1 if entry.end > entry.key_end and text[entry.end - 1 : entry.end] == "\n" else entry.end
        first, end = _line(text, entry.key_start, last)
        if text[first : entry.key_start].strip():
            return None  # it shares its line with a dash or another key
        return Replacement(first, end, "")
    siblings = parent.children.values() if isinstance(parent.children, dict) else parent.children
    ordered = sorted(siblings, key=lambda one: one.key_start if one.key_start >= 0 else one.start)
    index = next(number for number, one in enumerate(ordered) if one is entry)
    if index > 0:
        return Replacement(ordered[index - 1].end, entry.end, "")
    if len(ordered) > 1:
        return Replacement(entry.key_start, ordered[1].key_start, "")
    return Replacement(entry.key_start, entry.end, "")


def _insert(tree: Tree, edit: Edit) -> Replacement | None:
    """Add a member behind the last one of a mapping, on a line of its own where the others have one."""
    parent = tree.find(edit.path[:-1])
    if parent is None or not isinstance(parent.children, dict) or not parent.children or tree.syntax == "toml":
        return None
    text = tree.text
    own = [child for child in parent.children.values() if child.key_start >= parent.start]
    if not own:
        return None
    last = max(own, key=lambda child: child.key_start)
    new = write_value(edit.new, tree.syntax)
    line = max(text.rfind("\n", 0, last.key_start), text.rfind("\r", 0, last.key_start)) + 1
    indent = text[line : last.key_start]
    key = str(edit.path[-1])
    if parent.flow:
        name = json.dumps(key) if tree.syntax == "json" else key
        gap = f",{_newline(text)}{indent}" if not indent.strip() and line > 0 else ", "
        return Replacement(last.end, last.end, f"{gap}{name}: {new}")
    indent = " " * len(indent) if indent.strip() in {"-", ""} else ""
    if indent == "" and last.key_start != line:
        return None
    _, end = _line(text, last.start, max(last.end - 1, last.start))
    ended = end > 0 and text[end - 1] in "\r\n"
    return Replacement(end, end, ("" if ended else _newline(text)) + f"{indent}{key}: {new}" + (_newline(text) if ended else ""))


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"
