"""A config as a tree with positions: every key and value knows where it stands, and how it was written.

The tree is read-only, and is what the text means to nobody in particular: what a plain word such as ``no`` or ``1e-4`` stands for
depends on who loads the file, so a scalar keeps its text and `value` asks the loader's rules.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final, Literal, NamedTuple

from tunelint.text.parse import Path

__all__ = ["ABSENT", "Comment", "Entry", "Loader", "Repeated", "Syntax", "Tree", "TreeFault"]

Syntax = Literal["yaml", "json", "toml"]
Loader = Literal["pyyaml", "omegaconf", "json", "toml"]
"""Whose rules turn a plain scalar of YAML into a value: PyYAML's (YAML 1.1), or OmegaConf's, which reads ``1e-4`` as a number."""

ABSENT: Final = object()
"""The value of what is not there."""


class Entry:
    """One value of a config.

    `start` and `end` are offsets of the value, `key_start` and `key_end` those of its key, -1 in a list. `children` maps the
    keys of a mapping (of equal keys the last counts) or lists items; it is None for a scalar. `text` is a scalar's text without
    quotes. `style` tells how it was written: ``plain`` means what its loader takes it for, ``quoted`` and ``block`` are strings,
    and ``typed`` is a value of a syntax that needs no guessing, in `typed`. `tag` is an explicit tag of YAML.
    """

    __slots__ = ("children", "end", "flow", "key_end", "key_start", "start", "style", "tag", "text", "typed")

    def __init__(self, start: int, end: int) -> None:
        self.start = start
        self.end = end
        self.key_start = -1
        self.key_end = -1
        self.children: dict[str, Entry] | list[Entry] | None = None
        self.text = ""
        self.style: Literal["plain", "quoted", "block", "typed"] = "plain"
        self.typed: Any = None
        self.tag = ""
        self.flow = False

    @property
    def scalar(self) -> bool:
        """Whether this is neither a mapping nor a list."""
        return self.children is None


class TreeFault(NamedTuple):
    """A place where the text is no sound YAML, JSON or TOML, and what is wrong there in a few words."""

    start: int
    end: int
    problem: str


class Repeated(NamedTuple):
    """A key that stands more than once in one mapping: `first` is hidden by the later `entry`."""

    path: Path
    first: Entry
    entry: Entry


class Comment(NamedTuple):
    """A comment, without its ``#``; `alone` tells that nothing else stands on its line."""

    start: int
    end: int
    text: str
    alone: bool


class Tree:
    """A config as far as it can be read. `faults` is empty for a sound text; keys before and after a fault are there.

    `broken` are ranges of the text that could not be read: what stands there is not known, not even that it is missing.
    `second` is where a second YAML document begins, -1 if there is none.
    """

    __slots__ = ("_walked", "broken", "comments", "faults", "repeated", "root", "second", "syntax", "text")

    def __init__(self, text: str, syntax: Syntax) -> None:
        self.text = text
        self.syntax: Syntax = syntax
        self.root: Entry | None = None
        self.faults: list[TreeFault] = []
        self.repeated: list[Repeated] = []
        self.comments: list[Comment] = []
        self.broken: list[tuple[int, int]] = []
        self.second = -1
        self._walked: list[tuple[Path, Entry]] | None = None

    def find(self, path: Path) -> Entry | None:
        """Return the entry at `path`, or None where the text has none."""
        entry = self.root
        for step in path:
            children = entry.children if entry is not None else None
            if isinstance(children, dict) and isinstance(step, str):
                entry = children.get(step)
            elif isinstance(children, list) and isinstance(step, int) and 0 <= step < len(children):
                entry = children[step]
            else:
                return None
        return entry

    def value(self, path: Path, loader: Loader) -> Any:
        """Return what a loader makes of the value at `path`; `ABSENT` where there is none."""
        entry = self.find(path)
        return ABSENT if entry is None else self.decode(entry, loader)

    def decode(self, entry: Entry, loader: Loader) -> Any:
        """Return what a loader makes of an entry, mappings and lists and all."""
        if self.syntax != "yaml":
            return _decoded(entry, loader, _resolve)
        from tunelint.text.scalars import resolve  # once, not for each of the thousands of scalars that a config may have

        return _decoded(entry, loader, resolve)

    def keys(self) -> dict[str, Entry]:
        """Return the members at the top of the config, none for a text that is no mapping."""
        children = self.root.children if self.root is not None else None
        return children if isinstance(children, dict) else {}

    def walk(self) -> Iterator[tuple[Path, Entry]]:
        """Yield every entry below the root with its path, in the order of the text."""
        if self._walked is None:
            self._walked = list(self._walk())  # every rule walks, and nothing changes once the text is parsed
        return iter(self._walked)

    def _walk(self) -> Iterator[tuple[Path, Entry]]:
        work: list[tuple[Path, Entry]] = [((), self.root)] if self.root is not None else []
        while work:
            path, entry = work.pop()
            if path:
                yield path, entry
            if isinstance(entry.children, dict):
                work.extend(((*path, key), child) for key, child in reversed(entry.children.items()))
            elif isinstance(entry.children, list):
                work.extend(((*path, index), child) for index, child in reversed(list(enumerate(entry.children))))


def _decoded(entry: Entry, loader: Loader, resolve: Callable[[str, bool, str, Loader], Any]) -> Any:
    children = entry.children
    if children is None:
        return entry.typed if entry.style == "typed" else resolve(entry.text, entry.style == "plain", entry.tag, loader)
    if isinstance(children, dict):
        return {key: _decoded(child, loader, resolve) for key, child in children.items()}
    return [_decoded(child, loader, resolve) for child in children]


def _resolve(text: str, plain: bool, tag: str, loader: Loader) -> Any:
    from tunelint.text.scalars import resolve  # imports the YAML library, of which JSON and TOML need nothing

    return resolve(text, plain, tag, loader)
