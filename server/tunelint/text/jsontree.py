"""JSON as a tree with positions, of a text that may be half-typed: members after a fault are found again by their indentation."""

import re
from typing import Final

from tunelint.text.parse import Node, parse
from tunelint.text.tree import Entry, Repeated, Tree, TreeFault

__all__ = ["parse_json"]

_MEMBER: Final = re.compile(r'^([ \t]*)"((?:[^"\\\r\n]|\\.)*)"[ \t]*:', re.MULTILINE)
_SPACE: Final = " \t\r\n"


def parse_json(text: str) -> Tree:
    """Parse a JSON text. Never raises: what is wrong stands in `faults`."""
    tree = Tree(text, "json")
    start = 1 if text.startswith("\ufeff") else 0
    parsed = parse(text, start)
    tree.root = _convert(parsed.root, text) if parsed.root is not None else None
    for path, first, node in parsed.duplicates:
        tree.repeated.append(Repeated(path, _convert(first, text), _convert(node, text)))
    fault = parsed.fault
    if fault is None:
        return tree
    end = max(fault.end, fault.start)
    tree.faults.append(TreeFault(fault.start, end, _words(fault.cause.value)))
    line = max(text.rfind("\n", 0, fault.start), text.rfind("\r", 0, fault.start)) + 1
    line_end = re.compile(r"[^\r\n]*").match(text, fault.start)
    assert line_end is not None
    tree.broken.append((line, line_end.end()))
    _resume(tree, line_end.end())
    return tree


def _words(cause: str) -> str:
    return cause if cause != "empty" else "there is nothing here"


def _convert(root: Node, text: str) -> Entry:
    """Return the tree of a parsed value, without recursion."""
    top = Entry(root.start, root.end)
    work: list[tuple[Node, Entry]] = [(root, top)]
    while work:
        node, entry = work.pop()
        entry.start, entry.end = node.start, max(node.end, node.start)
        entry.key_start, entry.key_end = node.key_start, node.key_end
        entry.flow = True
        if isinstance(node.children, dict):
            members = {name: Entry(0, 0) for name in node.children}
            entry.children = members
            work.extend((child, members[name]) for name, child in node.children.items())
        elif isinstance(node.children, list):
            items = [Entry(0, 0) for _ in node.children]
            entry.children = items
            work.extend(zip(node.children, items, strict=True))
        else:
            entry.style, entry.typed = "typed", node.value
            entry.text = node.value if isinstance(node.value, str) else text[node.start : node.end]
    return top


def _resume(tree: Tree, offset: int) -> None:
    """Add the members of the outermost object that stand on lines behind a fault."""
    members = tree.keys()
    text = tree.text
    if not members:
        return
    first = min(child.key_start for child in members.values())
    indent = text[max(text.rfind("\n", 0, first), text.rfind("\r", 0, first)) + 1 : first]
    if indent.strip():
        return
    for match in _MEMBER.finditer(text, offset):
        if match[1] != indent or match[2] in members:
            continue
        value = match.end()
        while value < len(text) and text[value] in _SPACE:
            value += 1
        parsed = parse(text, value, whole=False)
        if parsed.fault is not None or parsed.root is None:
            continue
        entry = _convert(parsed.root, text)
        entry.key_start, entry.key_end = match.end(1), match.end(2) + 1
        members[match[2]] = entry
