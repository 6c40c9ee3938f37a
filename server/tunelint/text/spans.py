"""Places inside a record: from a path and characters of a decoded string to offsets in the raw JSON text."""

import re
from json.decoder import scanstring  # type: ignore[attr-defined]  # typeshed does not list it
from typing import Literal

from tunelint.text.parse import Node, Parsed, Path

__all__ = ["Part", "characters", "format_path", "locate", "path_at", "read_path"]

Part = Literal["value", "key"]
"""Which side of a member a finding is about."""

_ESCAPE = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.")
_PLAIN_KEY = re.compile(r"[^\W\d][\w-]*")
_STEP = re.compile(r"\[(\d+)\]|\[(\"(?:[^\"\\]|\\.)*\")\]|\.?([^\W\d][\w-]*)")


def characters(text: str, node: Node, start: int, end: int) -> tuple[int, int]:
    """Return the raw offsets of the characters `start` to `end` of the decoded string `node`."""
    first, last = node.start + 1, node.end - 1
    if text.find("\\", first, last) < 0:
        return min(first + start, last), min(first + end, last)
    places = []
    for wanted in (start, end):
        raw, decoded = first, 0
        for escape in _ESCAPE.finditer(text, first, last):
            plain = escape.start() - raw
            if decoded + plain >= wanted:
                break
            decoded += plain + 1
            raw = escape.end()
        places.append(min(raw + wanted - decoded, last) if wanted >= decoded else raw)
    return places[0], places[1]


def path_at(text: str, parsed: Parsed, offset: int) -> tuple[Path, Part, tuple[int, int] | None]:
    """Return what stands at a raw offset: its path, its side, and in a string value the decoded character there."""
    node = parsed.root
    path: Path = ()
    while node is not None and node.children is not None:
        steps = node.children.items() if isinstance(node.children, dict) else enumerate(node.children)
        for step, child in steps:
            if child.key_start <= offset < child.key_end:
                return (*path, step), "key", None
            if child.start <= offset < child.end:
                node, path = child, (*path, step)
                break
        else:
            return path, "value", None
    if node is None or not isinstance(node.value, str) or not node.start < offset < node.end - 1:
        return path, "value", None
    decoded = len(scanstring(text[node.start + 1 : offset] + '"', 0, False)[0])
    return path, "value", (decoded, decoded + 1)


def locate(text: str, parsed: Parsed, path: Path, part: Part = "value", chars: tuple[int, int] | None = None) -> tuple[int, int]:
    """Return the raw offsets of what stands at `path`.

    An empty path, the record itself, is anchored on its first key, as is an object whose key is missing: short and near the
    start of the line. A path that the text does not have falls back to its nearest ancestor.
    """
    node = parsed.find(path)
    while node is None and path:
        path = path[:-1]
        part, chars = "value", None
        node = parsed.find(path)
    if node is None:
        return 0, 0
    if part == "key" and node.key_start >= 0:
        return node.key_start, node.key_end
    if chars is not None and isinstance(node.value, str):
        return characters(text, node, *chars)
    if isinstance(node.children, dict) and node.children:
        first = min(node.children.values(), key=lambda child: child.key_start)
        return first.key_start, first.key_end
    if isinstance(node.children, list) and node.key_start >= 0:
        return node.key_start, node.key_end
    if node.children is not None:
        return node.start, node.start + 1
    return node.start, node.end


def format_path(path: Path) -> str:
    """Write a path the way people do: ``messages[2].content``; the record itself is the empty text."""
    pieces = []
    for step in path:
        if isinstance(step, int):
            pieces.append(f"[{step}]")
        elif _PLAIN_KEY.fullmatch(step):
            pieces.append(f".{step}" if pieces else step)
        else:
            escaped = step.replace("\\", "\\\\").replace('"', '\\"')
            pieces.append(f'["{escaped}"]')
    return "".join(pieces)


def read_path(text: str) -> Path:
    """Read what `format_path` wrote; a ValueError names the character at which the text is no path."""
    path: list[str | int] = []
    position = 0
    while position < len(text):
        step = _STEP.match(text, position)
        if step is None:
            raise ValueError(f"no path at character {position + 1} of {text!r}")
        index, quoted, key = step.groups()
        if index is not None:
            path.append(int(index))
        elif quoted is not None:
            path.append(re.sub(r"\\(.)", r"\1", quoted[1:-1]))
        else:
            path.append(key)
        position = step.end()
    return tuple(path)
