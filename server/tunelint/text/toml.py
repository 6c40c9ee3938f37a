"""TOML as a tree with positions. Python's own reader says what is wrong; the places are found by a line scanner of our own."""

import re
import tomllib
from typing import Any, Final

from tunelint.text.parse import Path
from tunelint.text.tree import Comment, Entry, Repeated, Tree, TreeFault

__all__ = ["parse_toml"]

_KEY_PART: Final = r"(?:[A-Za-z0-9_-]+|\"(?:[^\"\\\r\n]|\\.)*\"|'[^'\r\n]*')"
_KEY: Final = re.compile(rf"[ \t]*({_KEY_PART}(?:[ \t]*\.[ \t]*{_KEY_PART})*)[ \t]*=[ \t]*")
_PART: Final = re.compile(_KEY_PART)
_TABLE: Final = re.compile(rf"[ \t]*(\[\[?)[ \t]*({_KEY_PART}(?:[ \t]*\.[ \t]*{_KEY_PART})*)[ \t]*\]\]?")
_STRING: Final = re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\r\n]|\\.)*"|\'[^\'\r\n]*\'', re.DOTALL)
_BARE: Final = re.compile(r"[^\s,\[\]{}#]+(?: [0-9][^\s,\]}#]*)?")
_BLANK: Final = re.compile(r"(?:[ \t\r\n]+|#[^\r\n]*)*")
_LINE: Final = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)?")
_PLACE: Final = re.compile(r"\(at line (\d+), column (\d+)\)|\(at end of document\)")
_MOST_DEPTH: Final = 100


def parse_toml(text: str) -> Tree:
    """Parse a TOML text. Never raises: what is wrong stands in `faults`."""
    tree = Tree(text, "toml")
    try:
        tomllib.loads(text.removeprefix("\ufeff").replace("\r\n", "\n"))
    except (tomllib.TOMLDecodeError, RecursionError) as problem:
        tree.faults.append(_fault(str(problem), text))
    except ValueError as problem:  # a date or number that Python refuses
        tree.faults.append(TreeFault(0, 0, str(problem)))
    root = Entry(0, len(text))
    root.children = {}
    tree.root = root
    scanner = _Scanner(tree, root)
    scanner.run()
    if tree.faults:
        tree.broken += scanner.broken
    return tree


def _fault(problem: str, text: str) -> TreeFault:
    match = _PLACE.search(problem)
    words = _PLACE.sub("", problem).strip() or "this is no TOML"
    words = words[0].lower() + words[1:]
    if match is None or match[1] is None:
        return TreeFault(len(text), len(text), words)
    offset = 1 if text.startswith("\ufeff") else 0
    for _ in range(int(match[1]) - 1):
        line = _LINE.match(text, offset)
        assert line is not None
        offset = line.end()
    offset = min(offset + int(match[2]) - 1, len(text))
    return TreeFault(offset, min(offset + 1, len(text)), words)


class _Scanner:
    """Reads lines: a table's header, a key with its value, or nothing that counts."""

    def __init__(self, tree: Tree, root: Entry) -> None:
        self.tree = tree
        self.text = tree.text
        self.root = root
        self.table = root
        self.path: Path = ()
        self.broken: list[tuple[int, int]] = []

    def run(self) -> None:
        position = 1 if self.text.startswith("\ufeff") else 0
        while position < len(self.text):
            start = self._blank(position)
            if start >= len(self.text):
                return
            header = _TABLE.match(self.text, start)
            key = _KEY.match(self.text, start)
            if header is not None:
                self._open(header)
                position = header.end()
            elif key is not None:
                position = self._member(self.table, self.path, key)
            else:
                position = self._skip_line(start)

    def _skip_line(self, start: int) -> int:
        line = _LINE.match(self.text, start)
        assert line is not None
        self.broken.append((start, line.end()))
        return max(line.end(), start + 1)

    def _blank(self, position: int) -> int:
        while True:
            match = _BLANK.match(self.text, position)
            assert match is not None
            for comment in re.finditer(r"#([^\r\n]*)", match[0]):
                begin = position + comment.start()
                line = max(self.text.rfind("\n", 0, begin), self.text.rfind("\r", 0, begin)) + 1
                alone = not self.text[line:begin].strip()
                self.tree.comments.append(Comment(begin, position + comment.end(), comment[1], alone))
            return match.end()

    def _open(self, header: re.Match[str]) -> None:
        table = self.root
        path: Path = ()
        parts = _parts(header, 2)
        for index, (name, start, end) in enumerate(parts):
            array = header[1] == "[[" and index == len(parts) - 1
            table, path = self._step(table, path, name, (start, end), array=array)
        self.table, self.path = table, path

    def _step(self, table: Entry, path: Path, name: str, key: tuple[int, int], *, array: bool) -> tuple[Entry, Path]:
        """Return the table called `name` in a table, made anew where it is not there."""
        children = table.children
        assert isinstance(children, dict)
        there = children.get(name)
        if there is None or there.scalar:
            there = Entry(key[0], key[1])
            there.key_start, there.key_end = key
            there.children = [] if array else {}
            children[name] = there
        path = (*path, name)
        if isinstance(there.children, list):
            if array or not there.children or not isinstance(there.children[-1].children, dict):
                item = Entry(key[0], key[1])
                item.children = {}
                there.children.append(item)
            return there.children[-1], (*path, len(there.children) - 1)
        return there, path

    def _member(self, table: Entry, path: Path, key: re.Match[str], depth: int = 0) -> int:
        parts = _parts(key, 1)
        for name, start, end in parts[:-1]:
            table, path = self._step(table, path, name, (start, end), array=False)
        name, start, end = parts[-1]
        entry, position = self._value(key.end(), (*path, name), depth)
        entry.key_start, entry.key_end = start, end
        children = table.children
        assert isinstance(children, dict)
        first = children.get(name)
        if first is not None:
            self.tree.repeated.append(Repeated((*path, name), first, entry))
        children[name] = entry
        return position

    def _value(self, start: int, path: Path, depth: int) -> tuple[Entry, int]:
        entry = Entry(start, start)
        sign = self.text[start : start + 1]
        if sign in {"[", "{"} and sign and depth < _MOST_DEPTH:
            entry.end = self._container(entry, start, path, depth)
            return entry, entry.end
        match = _STRING.match(self.text, start) or _BARE.match(self.text, start)
        entry.style = "typed"
        if match is None:
            return entry, start
        entry.end = match.end()
        entry.typed = _typed(match[0])
        entry.text = entry.typed if isinstance(entry.typed, str) else match[0]
        return entry, match.end()

    def _container(self, entry: Entry, start: int, path: Path, depth: int) -> int:
        closing = "]" if self.text[start] == "[" else "}"
        items: list[Entry] = []
        entry.flow = True
        entry.children = items if closing == "]" else {}
        position = start + 1
        while True:
            position = self._blank(position)
            sign = self.text[position : position + 1]
            if sign == closing:
                return position + 1
            if sign == ",":
                position += 1
                continue
            before = position
            if closing == "]":
                item, position = self._value(position, (*path, len(items)), depth + 1)
                if position > before:
                    items.append(item)
            else:
                key = _KEY.match(self.text, position)
                position = self._member(entry, path, key, depth + 1) if key is not None else position
            if position == before:
                return before


def _parts(match: re.Match[str], group: int) -> list[tuple[str, int, int]]:
    """Return the parts of a dotted key with their offsets."""
    found = []
    for part in _PART.finditer(match.string, match.start(group), match.end(group)):
        name = part[0][1:-1] if part[0][0] in "\"'" else part[0]
        found.append((name, part.start(), part.end()))
    return found


def _typed(text: str) -> Any:
    try:
        return tomllib.loads(f"x = {text}")["x"]
    except ValueError:
        return text
