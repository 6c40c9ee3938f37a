"""YAML as a tree with positions. Half-typed text keeps what can be read of it, before and after what cannot.

A fault is found by the parser that the trainers themselves use. The line that it blames is then taken out, its key is kept if it
has one, and the text is read again: so one bad line costs one line. Offsets never change, since a line that is taken out is
overwritten with spaces.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

import yaml

from tunelint.text.tree import Comment, Entry, Repeated, Tree, TreeFault

__all__ = ["parse_yaml"]

_ATTEMPTS: Final = 12
"""How many faults of one text are looked for; what stands behind the last one is not read."""

_MOST_ENTRIES: Final = 200_000
"""Entries that aliases may stand for: a text of a few lines can stand for billions."""

_MOST_DEPTH: Final = 200
"""Deeper texts are a fault: no config is nested so deeply, and libyaml's own limit is 1,000."""

_UNREADABLE: Final = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|\ufeff")
"""Characters that YAML does not allow, with the byte order mark, which it allows only at the start of a stream."""

_KEY: Final = re.compile(r"[ ]*(?:- +)?(?:[\w./-]+|\"[^\"\n]*\"|'[^'\n]*')[ ]*:(?=[ \n\r]|$)")
_ENDS: Final = frozenset({yaml.MappingEndEvent, yaml.SequenceEndEvent})
_LINE: Final = re.compile(r"[^\r\n]*")
_SPACE: Final = " \t\r\n"
_COMMENT: Final = re.compile(r"(?:^|(?<=[ \t]))#([^\r\n]*)", re.MULTILINE)
_BLAME_CONTEXT: Final = (
    "while scanning a quoted scalar",
    "while scanning a simple key",
    "while parsing a flow",
    "while scanning a directive",
    "while scanning a block scalar",
    "while scanning an anchor",
    "while scanning an alias",
    "while parsing a tag",
    "while scanning a tag",
    "while parsing a node",
)
"""Contexts of libyaml's complaints where the place that it began to read is at fault, not the place that it gave up at."""


class _TooMuchError(Exception):
    """The text stands for more than anyone would write."""

    def __init__(self, problem: str, at: int) -> None:
        super().__init__(problem)
        self.problem = problem
        self.at = at


def parse_yaml(text: str) -> Tree:
    """Parse the first document of a text. Never raises: what is wrong stands in `faults`."""
    tree = Tree(text, "yaml")
    readable = text
    if text.startswith("\ufeff"):
        readable = " " + text[1:] if not text.startswith("\ufeff%") else "#" + text[1:]
    readable = _replace_unreadable(readable, tree)
    builder = _Builder(readable)
    for _ in range(_ATTEMPTS):
        builder = _Builder(readable)
        try:
            builder.run()
        except yaml.YAMLError as problem:
            fault, blamed = _explain(problem, text, builder.quoted)
        except _TooMuchError as much:
            tree.faults.append(TreeFault(min(much.at, len(text)), min(much.at + 1, len(text)), much.problem))
            break
        else:
            break
        tree.faults.append(fault)
        readable = _take_out(readable, blamed, tree)
    tree.faults.sort()
    tree.root = builder.root
    tree.repeated = builder.repeated
    tree.second = builder.second
    tree.comments = list(_comments(text, builder.texts))
    return tree


def _replace_unreadable(text: str, tree: Tree) -> str:
    if _UNREADABLE.search(text) is None:
        return text
    first = _UNREADABLE.search(text)
    assert first is not None
    shown = f"U+{ord(first[0]):04X}"
    tree.faults.append(TreeFault(first.start(), first.end(), f"the character {shown} may not stand in YAML"))
    return _UNREADABLE.sub("\ufffd", text)


def _explain(problem: yaml.YAMLError, text: str, quoted: tuple[int, int]) -> tuple[TreeFault, int]:
    """Return the fault that a complaint is about, and an offset in the line to be taken out.

    `quoted` is the last quoted text over several lines: where the parser stumbles right behind it, its first quote was not meant
    to reach so far.
    """
    context = str(getattr(problem, "context", None) or "")
    what = str(getattr(problem, "problem", None) or "this is no YAML")
    mark = getattr(problem, "problem_mark", None)
    begun = getattr(problem, "context_mark", None)
    if begun is not None and mark is not None:
        lone_item = "'-' indicator" in what and begun.line + 1 == mark.line
        if context.startswith(_BLAME_CONTEXT) or lone_item:
            mark = begun
    offset = min(mark.index, len(text)) if mark is not None else 0
    while offset > 0 and offset >= len(text) and text[offset - 1] in _SPACE:
        offset -= 1  # the end of the text is blamed: what stands before it is at fault
    if "mapping values" in what:
        offset = _wordless_line_before(text, offset)
    if quoted[1] > 0 and _line_start(text, quoted[1]) == _line_start(text, offset):
        offset, what = quoted[0], "this quote is not closed on its line"
    elif context.startswith("while scanning a quoted scalar") and "end of" in what:
        what = "this quote is never closed"
    elif context.startswith("while parsing a flow"):
        what = "this bracket is never closed, or a comma is missing after it"
    elif context.startswith("while scanning a simple key"):
        what = "a colon is missing: this is neither a key nor a value"
    end = offset + 1 if offset < len(text) and text[offset] not in "\r\n" else offset
    return TreeFault(offset, end, what), offset


def _wordless_line_before(text: str, offset: int) -> int:
    """Return where a line without a colon begins, of which the parser takes the key at `offset` for the continuation."""
    start = _line_start(text, offset)
    before = len(text[:start].rstrip())
    above = _line_start(text, before)
    line, own = text[above:before], text[start:offset]
    if not line.strip() or ":" in line or line.lstrip().startswith(("#", "-")) or not own.strip():
        return offset
    same = len(line) - len(line.lstrip()) == len(own) - len(own.lstrip())
    return above + len(line) - len(line.lstrip()) if same else offset


def _line_start(text: str, offset: int) -> int:
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1


def _take_out(text: str, offset: int, tree: Tree) -> str:
    """Overwrite the line at an offset with spaces; a key at its start is kept the first time."""
    start = _line_start(text, offset)
    line = _LINE.match(text, start)
    assert line is not None
    if not line[0].strip():  # taken out already: the line before it is to blame
        before = len(text[:start].rstrip())
        if before == 0:
            return " " * len(text)
        start = _line_start(text, before)
        line = _LINE.match(text, start)
        assert line is not None
    key = _KEY.match(line[0])
    kept = key[0] if key is not None and key.end() < len(line[0].rstrip()) else ""
    tree.broken.append((start, line.end()))
    return text[:start] + kept + " " * (len(line[0]) - len(kept)) + text[line.end() :]


class _Builder:
    """Makes a tree of the events of one document."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.root: Entry | None = None
        self.repeated: list[Repeated] = []
        self.second = -1
        self.quoted = (0, 0)
        self.texts: list[tuple[int, int]] = []
        self.stack: list[Entry] = []
        self.keys: list[Entry | None] = []  # for each open mapping the key that waits for its value
        self.steps: list[str | int] = []
        self.anchors: dict[str, Entry] = {}
        self.sizes: dict[int, int] = {}  # entries below an anchored one, by its id
        self.count = 0

    def run(self) -> None:
        documents = 0
        loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        event: Any
        for event in yaml.parse(self.text, Loader=loader):
            kind = type(event)
            if kind is yaml.ScalarEvent:
                self._scalar(event)
            elif kind in _ENDS:
                self._close(event)
            elif kind is yaml.DocumentStartEvent:
                documents += 1
                if documents > 1:
                    self.second = event.start_mark.index
                    return
            elif isinstance(event, yaml.NodeEvent):
                self._node(event)

    def _scalar(self, event: Any) -> None:
        """Make a scalar: most of a config is, so this road is short."""
        entry = Entry(event.start_mark.index, event.end_mark.index)
        entry.text = event.value
        style = event.style
        if style:
            entry.style = "quoted" if style in {"'", '"'} else "block"
            self.texts.append((entry.start, entry.end))
            if entry.style == "quoted" and "\n" in self.text[entry.start : entry.end]:
                self.quoted = (entry.start, entry.end)
        if event.tag is not None and not event.implicit[1]:
            entry.tag = event.tag
        self.count += 1
        if event.anchor:
            self.anchors[event.anchor] = entry
        if self.stack and self.keys[-1] is None and isinstance(self.stack[-1].children, dict):
            self.keys[-1] = entry
        else:
            self._attach(entry)

    def _node(self, event: Any) -> None:
        entry = Entry(event.start_mark.index, event.end_mark.index)
        if isinstance(event, yaml.AliasEvent):
            self._alias(event, entry)
        else:
            entry.children = {} if isinstance(event, yaml.MappingStartEvent) else []
            entry.flow = bool(event.flow_style)
            entry.tag = event.tag or ""
        self.count += 1
        if getattr(event, "anchor", None) and not isinstance(event, yaml.AliasEvent):
            self.anchors[event.anchor] = entry
        is_key = bool(self.stack) and isinstance(self.stack[-1].children, dict) and self.keys[-1] is None
        if not is_key:
            self._attach(entry)
        if entry.children is not None and not isinstance(event, yaml.AliasEvent):
            if len(self.stack) >= _MOST_DEPTH:
                raise _TooMuchError(f"nested more than {_MOST_DEPTH} levels deep", entry.start)
            self.stack.append(entry)
            self.keys.append(None)
            self.sizes[id(entry)] = self.count
            if is_key:
                self.steps.append("?")
        elif is_key:
            self.keys[-1] = entry

    def _alias(self, event: Any, entry: Entry) -> None:
        meant = self.anchors.get(event.anchor)
        if meant is None:
            raise yaml.composer.ComposerError(None, None, f"found undefined alias {event.anchor!r}", event.start_mark)
        if any(meant is one for one in self.stack):
            return  # it holds itself: nobody reads that
        entry.children, entry.text, entry.style, entry.tag = meant.children, meant.text, meant.style, meant.tag
        self.count += self.sizes.get(id(meant), 0)
        if self.count > _MOST_ENTRIES:
            raise _TooMuchError(f"aliases stand for more than {_MOST_ENTRIES:,} values", entry.start)

    def _attach(self, entry: Entry) -> None:
        """Hang an entry into the innermost open container, or make it the root."""
        if not self.stack:
            self.root = entry
            if entry.children is not None:
                self.steps.append(0)
            return
        children = self.stack[-1].children
        if isinstance(children, list):
            if entry.children is not None:
                self.steps.append(len(children))
            children.append(entry)
            return
        key = self.keys[-1]
        assert isinstance(children, dict)
        assert key is not None
        entry.key_start, entry.key_end = key.start, key.end
        name = key.text if key.scalar else self.text[key.start : key.end]
        self.keys[-1] = None
        if entry.children is not None:
            self.steps.append(name)
        if name == "<<" and key.style == "plain":
            self._merge(children, entry)
            return
        first = children.get(name)
        if first is not None and first.key_start >= self.stack[-1].start:
            outer = self.steps[:-1] if entry.children is not None else self.steps
            self.repeated.append(Repeated((*outer[1:], name), first, entry))
        children[name] = entry

    def _merge(self, children: dict[str, Entry], entry: Entry) -> None:
        """Add what a merge key brings in; keys of the mapping itself win, wherever they stand."""
        sources = [entry] if isinstance(entry.children, dict) else entry.children or []
        for source in sources:
            if isinstance(source.children, dict):
                for name, child in source.children.items():
                    children.setdefault(name, child)

    def _close(self, event: Any) -> None:
        entry = self.stack.pop()
        self.keys.pop()
        if entry.flow:
            entry.end = event.end_mark.index
        elif entry.children:  # the parser takes the comments behind a block for part of it
            last = entry.children.values() if isinstance(entry.children, dict) else entry.children
            entry.end = max(entry.start, *(child.end for child in last))
        self.sizes[id(entry)] = self.count - self.sizes[id(entry)]
        self.steps.pop()
        if self.stack and isinstance(self.stack[-1].children, dict) and self.keys[-1] is None and entry.key_start < 0:
            self.keys[-1] = entry  # a mapping or list that is a key itself


def _comments(text: str, texts: list[tuple[int, int]]) -> Iterator[Comment]:
    """Yield the comments; what looks like one inside one of the `texts`, which are quoted or blocks, is none."""
    if "#" not in text:
        return
    index = 0
    for match in _COMMENT.finditer(text):
        while index < len(texts) and texts[index][1] <= match.start():
            index += 1
        if index < len(texts) and texts[index][0] <= match.start():
            continue
        start = _line_start(text, match.start())
        yield Comment(match.start(), match.end(), match[1], not text[start : match.start()].strip())
