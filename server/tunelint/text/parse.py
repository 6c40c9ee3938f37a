"""JSON with positions: every key and value knows where it stands, duplicates are kept, and a fault has an exact place.

`parse` never raises and never recurses, whatever the text. It accepts what the grammar of RFC 8259 accepts, and also the
words ``NaN``, ``Infinity`` and ``-Infinity``, which it lists, because many writers emit them and many readers take them.
"""

import math
import re
from json.decoder import scanstring  # type: ignore[attr-defined]  # typeshed does not list it
from typing import Any, Final, NamedTuple

from tunelint.text.faults import Cause, Expected, SyntaxFault, find_fault

__all__ = ["MAX_DEPTH", "Duplicate", "Node", "Parsed", "Path", "parse"]

Path = tuple[str | int, ...]
"""The way from a record's root to a value in it: keys of objects and indices of arrays."""

_SPACE = r"[ \t\n\r]*+"
_STRING = r'"(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+"'
_NUMBER = r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+(?![0-9A-Za-z_.+-])"
_TOKEN = re.compile(
    rf"{_SPACE}(?:(?P<string>{_STRING})|(?P<sign>[{{}}\[\],])|(?P<number>{_NUMBER})|(?P<word>(?:true|false|null|NaN|-?Infinity)(?!\w)))"
)
_KEY = re.compile(rf"{_SPACE}({_STRING}){_SPACE}:")
_BLANK = re.compile(_SPACE)
_WORDS: Final = {
    "true": True,
    "false": False,
    "null": None,
    "NaN": math.nan,
    "Infinity": math.inf,
    "-Infinity": -math.inf,
}
MAX_DEPTH: Final = 900
"""Deeper texts are a fault: Python's own readers stop at about the interpreter's recursion limit of 1,000."""

_MAX_INT_DIGITS: Final = 4_000
"""CPython refuses to convert longer texts to int (``sys.int_info.default_max_str_digits`` is 4,300)."""


class Node:
    """One value of a JSON text.

    `start` and `end` are offsets of the value, a string's with its quotes; `key_start` and `key_end` those of its key, -1 in
    an array. `children` maps the keys of an object (of equal keys the last counts) or lists the items of an array; it is None
    for a scalar, whose decoded `value` stands beside it.
    """

    __slots__ = ("children", "end", "key_end", "key_start", "start", "value")

    def __init__(self, start: int, key_start: int, key_end: int) -> None:
        self.start = start
        self.end = start
        self.key_start = key_start
        self.key_end = key_end
        self.children: dict[str, Node] | list[Node] | None = None
        self.value: Any = None


class Duplicate(NamedTuple):
    """A key that stands more than once in one object; `first` is the node that the later `node` hides."""

    path: Path
    first: Node
    node: Node


class Parsed:
    """What `parse` found: the tree as far as it goes, the first fault, and what readers disagree on.

    `end` is the offset behind the value, or where the fault is. `non_finite` lists the numbers no float can hold, with
    ``NaN`` and the infinities. `depth` is that of the deepest container, 1 for one that holds no other.
    """

    __slots__ = ("depth", "duplicates", "end", "fault", "non_finite", "root")

    def __init__(self) -> None:
        self.root: Node | None = None
        self.end = 0
        self.fault: SyntaxFault | None = None
        self.duplicates: list[Duplicate] = []
        self.non_finite: list[tuple[Path, Node]] = []
        self.depth = 0

    def find(self, path: Path) -> Node | None:
        """Return the node at `path`, or None where the text has none."""
        node = self.root
        for step in path:
            children = node.children if node is not None else None
            if isinstance(children, dict) and isinstance(step, str):
                node = children.get(step)
            elif isinstance(children, list) and isinstance(step, int) and 0 <= step < len(children):
                node = children[step]
            else:
                return None
        return node


def parse(text: str, start: int = 0, *, whole: bool = True) -> Parsed:
    """Parse the JSON value at `start`; with `whole`, anything but white space after it is a fault."""
    parser = _Parser(text, start)
    parser.run()
    parsed = parser.parsed
    if parsed.fault is None and whole:
        parser.skip_blank()
        if parser.position < len(text):
            parser.fail(Expected.END)
        parsed.end = parser.position
    return parsed


class _Parser:
    """An explicit stack instead of recursion, so that depth costs memory and not the interpreter's stack."""

    def __init__(self, text: str, start: int) -> None:
        self.text = text
        self.position = start
        self.parsed = Parsed()
        self.expected = Expected.VALUE
        self.stack: list[Node] = []
        self.steps: list[str | int] = []  # the step into each container of the stack
        self.step: str | int = 0  # the step into the value that comes next
        self.key = (-1, -1)

    def run(self) -> None:
        done = False
        while not done and self.parsed.fault is None:
            if self.expected is Expected.KEY or self.expected is Expected.KEY_OR_END:
                done = self._read_key()
            else:
                done = self._read_token()
        if self.parsed.fault is None:
            self.parsed.end = self.position

    def skip_blank(self) -> None:
        match = _BLANK.match(self.text, self.position)
        assert match is not None
        self.position = match.end()

    def fail(self, expected: Expected) -> None:
        self.skip_blank()
        self.parsed.end = self.position
        self.parsed.fault = find_fault(self.text, self.position, expected, [self.text[node.start] for node in self.stack])

    def _read_key(self) -> bool:
        match = _KEY.match(self.text, self.position)
        if match is not None:
            self.key = match.span(1)
            self.step = self._string(*self.key)
            self.position = match.end()
            self.expected = Expected.VALUE
            return False
        sign = _TOKEN.match(self.text, self.position)
        if self.expected is Expected.KEY_OR_END and sign is not None and sign["sign"] == "}":
            return self._close(sign.end())
        self.fail(self.expected)
        return True

    def _read_token(self) -> bool:
        match = _TOKEN.match(self.text, self.position)
        kind = match.lastgroup if match is not None else None
        if match is None or kind is None or (self.expected is Expected.COMMA_OR_END and kind != "sign"):
            self.fail(self.expected)
            return True
        if kind == "sign":
            return self._read_sign(match[kind], match.start(kind), match.end())
        start, end = match.span(kind)
        node = self._attach(start)
        node.end = self.position = end
        if kind == "string":
            node.value = self._string(start, end)
        elif kind == "word":
            node.value = _WORDS[match[kind]]
        else:
            node.value = _number(match[kind])
        if isinstance(node.value, float) and not math.isfinite(node.value):
            self.parsed.non_finite.append((self._path(), node))
        self.expected = Expected.COMMA_OR_END
        return not self.stack

    def _read_sign(self, sign: str, start: int, end: int) -> bool:
        expected = self.expected
        if expected is Expected.COMMA_OR_END:
            in_array = isinstance(self.stack[-1].children, list)
            if sign == ",":
                self.position = end
                self.expected = Expected.VALUE if in_array else Expected.KEY
                return False
            if sign == ("]" if in_array else "}"):
                return self._close(end)
        elif sign in "{[":
            self._open(sign, start, end)
            return False
        elif sign == "]" and expected is Expected.VALUE_OR_END:
            return self._close(end)
        self.fail(expected)
        return True

    def _open(self, sign: str, start: int, end: int) -> None:
        if len(self.stack) >= MAX_DEPTH:
            self.parsed.end = self.position
            self.parsed.fault = SyntaxFault(Cause.TOO_DEEP, start, end, self.expected, sign)
            return
        node = self._attach(start)
        self.stack.append(node)
        self.steps.append(self.step)
        self.parsed.depth = max(self.parsed.depth, len(self.stack))
        self.position = end
        if sign == "[":
            node.children = []
            self.expected = Expected.VALUE_OR_END
        else:
            node.children = {}
            self.expected = Expected.KEY_OR_END

    def _close(self, end: int) -> bool:
        self.stack.pop().end = self.position = end
        self.step = self.steps.pop()
        self.expected = Expected.COMMA_OR_END
        return not self.stack

    def _attach(self, start: int) -> Node:
        """Hang a new node into the innermost open container, or make it the root."""
        node = Node(start, *self.key)
        self.key = (-1, -1)
        if not self.stack:
            self.parsed.root = node
            return node
        children = self.stack[-1].children
        if isinstance(children, list):
            self.step = len(children)
            children.append(node)
        elif children is not None and isinstance(self.step, str):
            first = children.get(self.step)
            if first is not None:
                self.parsed.duplicates.append(Duplicate(self._path(), first, node))
            children[self.step] = node
        return node

    def _path(self) -> Path:
        """Return the path of the value just attached; the root's step is no part of it."""
        return (*self.steps[1:], self.step) if self.stack else ()

    def _string(self, start: int, end: int) -> str:
        raw = self.text[start + 1 : end - 1]
        return raw if "\\" not in raw else scanstring(self.text, start + 1, True)[0]


def _number(raw: str) -> int | float:
    if len(raw) < _MAX_INT_DIGITS and raw.lstrip("-").isdigit():
        return int(raw)
    return float(raw)
