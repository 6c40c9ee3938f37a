"""``python -m tunelint.dev trainer-keys``: reads what trainers' published packages say of their configs' keys.

The packages are fetched with pip and read as text. None is imported, so nothing that a trainer needs must be installed.
"""

import datetime as dt
import pkgutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import UNSET

from tunelint.core.errors import UserError
from tunelint.dev.keytables import tools
from tunelint.dev.keytables.helps import help_of
from tunelint.dev.keytables.history import Entry
from tunelint.dev.keytables.renames import RENAMES, Rename
from tunelint.dev.keytables.shelf import Shelf, Table
from tunelint.trainers.keys import Key

__all__ = ["TOOLS", "encode", "trainer_keys"]

TOOLS: Final = tuple(sorted(module.name.replace("_", "-") for module in pkgutil.iter_modules(tools.__path__)))
"""The tools that can be read: one a module of `tools`."""

_FOLDER: Final = Path(__file__).parents[2] / "trainers" / "tables"
_LONG: Final = 200
"""A default of more characters than this is left out."""


def trainer_keys(names: list[str], cache: Path | None = None) -> int:
    """Read tools (none: all) and write their tables; return the exit code."""
    unknown = sorted(set(names) - set(TOOLS))
    if unknown:
        print(f"no such tool: {', '.join(unknown)}; there are {', '.join(TOOLS)}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as temporary:
        shelf = Shelf(cache or Path(temporary))
        for tool in names or TOOLS:
            module = import_module(f"{tools.__name__}.{tool.replace('-', '_')}")
            try:
                table: Table = module.build(shelf)
            except (UserError, KeyError) as error:
                print(f"{tool}: {error.args[0]}", file=sys.stderr)
                return 1
            data = encode(tool, table, dt.datetime.now(dt.UTC).date().isoformat())
            (_FOLDER / f"{tool}.json").write_bytes(data)
            written = data.count(b"\n") - 2
            print(f"{tool}: {written} keys, {len(data):,} bytes, {table.versions[0]} to {table.versions[-1]}")
    return 0


def encode(tool: str, table: Table, date: str) -> bytes:
    """Return a table as the text of its file: one key a line, so that a new reading shows as a short difference."""
    entries = dict(table.entries)
    for name, rename in RENAMES.get(tool, {}).items():
        if name in entries:
            entries[name] = _renamed(entries[name], rename)
    keys = [
        msgspec.json.encode(_key(name, _checked(name, entry, entries), tool))
        for name, entry in entries.items()
        if not any((above := entries.get(parent)) and above.until for parent in _parents(name))
    ]
    head = {"tool": tool, "versions": table.versions, "date": date, "strict": table.strict, "source": table.source}
    opening = msgspec.json.encode(head)[:-1]
    return opening + b',"keys":[\n' + b",\n".join(keys) + b"\n]}\n"


def _parents(name: str) -> Iterator[str]:
    """Yield the keys that a key lies below: where one of them is gone, so is all below it."""
    while "." in name:
        name = name.rpartition(".")[0].removesuffix("[]")
        yield name


def _renamed(entry: Entry, rename: Rename) -> Entry:
    return msgspec.structs.replace(
        entry,
        replacement=rename.replacement or entry.replacement,
        instead=rename.instead or entry.instead,
        deprecated=rename.deprecated or entry.deprecated,
    )


def _checked(name: str, entry: Entry, entries: Mapping[str, Entry]) -> Entry:
    """Drop a successor that the tool does not have yet; one that takes other values is no mere new name.

    A key in good standing has no successor.
    """
    if entry.until is None and entry.deprecated is None:
        return msgspec.structs.replace(entry, replacement=None, instead=None)
    wanted = entry.replacement or (entry.instead or "").partition(":")[0]
    beside = f"{name.rpartition('.')[0]}.{wanted}"
    replacement = beside if wanted and beside in entries else wanted
    successor = entries.get(replacement)
    if successor is None or successor.until:
        deprecated = None if wanted else entry.deprecated
        return msgspec.structs.replace(entry, replacement=None, instead=None, deprecated=deprecated)
    if not entry.replacement:
        return entry
    old, new = ({*one.field.shape.types} - {"null"} for one in (entry, successor))
    if old and new and not old & new and not {"integer", "number"} >= old | new:
        return msgspec.structs.replace(entry, replacement=None, instead=replacement)
    return msgspec.structs.replace(entry, replacement=replacement)


def _key(name: str, entry: Entry, tool: str) -> Key:
    shape = entry.field.shape
    default: Any = entry.field.default
    if default is UNSET or len(str(default)) > _LONG:
        default = None
    bounds = dict(shape.bounds)
    since, until, deprecated = (one and one.removeprefix(f"{tool} ") for one in (entry.since, entry.until, entry.deprecated))
    return Key(
        name,
        shape.types,
        default,
        shape.enum or None,
        since,
        until,
        entry.replacement,
        help_of(name),
        entry.instead,
        required=entry.field.required,
        open=shape.free and ("object" in shape.types or "array" in shape.types or not shape.types),
        loose=shape.loose,
        least=bounds.get("least"),
        most=bounds.get("most"),
        above=bounds.get("above"),
        below=bounds.get("below"),
        deprecated=deprecated,
        plugin=entry.plugin,
        strict=shape.strict,
        by_command=entry.by_command,
    )
