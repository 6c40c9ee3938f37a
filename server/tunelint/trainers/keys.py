"""The keys that a trainer's config may have, from tables that `python -m tunelint.dev trainer-keys` writes.

A key's name is dotted; `[]` follows the name of a list whose items are objects (`datasets[].path`). A table is read when it
is asked for, and only once.
"""

from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final

import msgspec

from tunelint.text.distance import within

__all__ = ["Key", "KeyTable", "table", "tables"]

_FOLDER: Final = Path(__file__).with_name("tables")
_FAR: Final = 8
"""Names of at least this many letters may differ by two of them and still be near; shorter ones by one."""


class Key(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One key of a config.

    `types` are JSON Schema's names of types, none where anything goes. `enum` lists the allowed values of the types that
    occur in it; it is a mere list of the known ones where `loose` is set. `default` is None where there is none or where
    it is computed. `since` and `until` are the first releases with and without the key (`1.2.0`, or `transformers 5.0.0`
    where a library brings it), None where it is older than all that were read, or still there. `deprecated` is the first
    release that warns of it. `replacement` is the key that takes the same value, also while the old one still works;
    `instead` says what to write where the value changes as well. `open` keys may hold any keys that are not listed here;
    `strict` ones refuse such keys, also where their tool drops them in silence elsewhere.
    """

    name: str
    types: tuple[str, ...] = ()
    default: Any = None
    enum: tuple[Any, ...] | None = None
    since: str | None = None
    until: str | None = None
    replacement: str | None = None
    help: str | None = None
    instead: str | None = None
    required: bool = False
    open: bool = False
    strict: bool = False
    loose: bool = False
    least: float | None = None
    most: float | None = None
    above: float | None = None
    below: float | None = None
    deprecated: str | None = None
    plugin: str | None = None
    """The package of the plugin that must be listed for this key to be read."""

    by_command: dict[str, Any] | None = None
    """The defaults of the commands that have this key, where not all have it or their defaults differ."""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a table's file holds."""

    tool: str
    versions: tuple[str, ...]
    date: str
    strict: bool
    source: str
    keys: tuple[Key, ...]


class KeyTable:
    """The keys of one tool: those that it reads, and those that it once read."""

    def __init__(self, file: _File) -> None:
        self.tool: Final = file.tool
        self.versions: Final = file.versions
        """The releases that were read, oldest first."""

        self.date: Final = file.date
        """The day of the reading, ISO."""

        self.strict: Final = file.strict
        """Whether the tool refuses keys that it does not know; otherwise it drops them in silence."""

        self.source: Final = file.source
        self.keys: Final[Mapping[str, Key]] = {key.name: key for key in file.keys}

    def find(self, name: str) -> Key | None:
        """Return a key by its dotted name, in which `datasets[0]` is as good as `datasets[]`; also one that is gone."""
        return self.keys.get(_plain(name))

    def knows(self, name: str) -> bool:
        """Tell whether a key is listed, alive or gone, or lies below one that may hold any.

        Below a key that takes no object, or no list of them, nothing is unknown: there the type is at fault.
        """
        name = _plain(name)
        if self.find(name) is not None:
            return True
        while "." in name:
            name = name.rpartition(".")[0]
            if (above := self.find(name) or self.find(name.removesuffix("[]"))) is not None:
                return above.open or name not in self._parents
        return False

    def refuses(self, name: str) -> bool:
        """Tell whether the tool stops at an unknown key of this name, rather than drop it in silence.

        A section may hold any keys, or refuse those that it does not know, whatever the tool does elsewhere.
        """
        above = self.find(_plain(name).rpartition(".")[0].removesuffix("[]"))
        return above.strict or (self.strict and not above.open) if above is not None else self.strict

    def suggest(self, name: str) -> str | None:
        """Return the living key beside `name` that was probably meant, or None where none is near or several are."""
        name = _plain(name)
        parent, _, leaf = name.rpartition(".")
        wanted = _squeezed(leaf)
        beside = {other: _squeezed(other.rpartition(".")[2]) for other in self._children.get(parent, ()) if other != name}
        for most in range(3 if len(wanted) >= _FAR else 2 if len(wanted) > 2 else 1):
            near = [other for other, squeezed in beside.items() if within(wanted, squeezed, most)]
            if near:
                return near[0] if len(near) == 1 else None
        return None

    def home(self, leaf: str) -> tuple[str, ...]:
        """Return the living keys that end in `leaf`, wherever they lie, in the table's order."""
        return self._homes.get(leaf, ())

    @cached_property
    def _children(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name, key in self.keys.items():
            if key.until is None:
                found.setdefault(name.rpartition(".")[0], []).append(name)
        return found

    @cached_property
    def _parents(self) -> frozenset[str]:
        """The keys that have keys below them; those that have them in a list end in `[]`."""
        return frozenset(name.rpartition(".")[0] for name in self.keys if "." in name)

    @cached_property
    def _homes(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for name, key in self.keys.items():
            if key.until is None:
                leaf = name.rpartition(".")[2]
                found[leaf] = (*found.get(leaf, ()), name)
        return found


@cache
def table(tool: str) -> KeyTable | None:
    """Return the table of a tool (`axolotl`, `llama-factory`, …), or None where there is none."""
    file = _FOLDER / f"{tool}.json"
    if not tool or not tool.replace("-", "").isalnum() or not file.is_file():
        return None
    return KeyTable(msgspec.json.decode(file.read_bytes(), type=_File))


def tables() -> tuple[str, ...]:
    """Return the names of the tools that have a table, sorted."""
    return tuple(sorted(file.stem for file in _FOLDER.glob("*.json")))


def _plain(name: str) -> str:
    """Return a name with all indexes taken out: `datasets[3].path` is `datasets[].path`."""
    if "[" not in name:
        return name
    pieces = name.split("[")
    return pieces[0] + "".join(f"[]{piece.partition(']')[2]}" for piece in pieces[1:])


def _squeezed(leaf: str) -> str:
    return leaf.lower().replace("-", "").replace("_", "").removesuffix("[]")
