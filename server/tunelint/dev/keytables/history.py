"""Keys of several releases joined into one table: since when a key exists, and from when on it is gone."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec
from msgspec import UNSET

from tunelint.dev.keytables.classes import Field, joined
from tunelint.dev.keytables.packages import version_key

__all__ = ["Entry", "Fields", "commands", "history", "inherited", "join"]

_USE: Final = re.compile(r"\b[Uu]se `?(?P<name>[a-z]\w*(?:\.\w+)*)(?P<value>: \w+)?")
"""How warnings name the key, or the key and its value, that take a key's place."""

Fields = Mapping[str, Field]
"""The keys of one release by their dotted names."""


class Entry(msgspec.Struct, frozen=True):
    """A key as the newest release that has it describes it, with the first releases with and without it.

    The other fields are those of a table's `Key`.
    """

    field: Field
    since: str | None = None
    until: str | None = None
    replacement: str | None = None
    instead: str | None = None
    deprecated: str | None = None
    plugin: str | None = None
    by_command: dict[str, object] | None = None


def history(releases: Sequence[tuple[str, Fields]]) -> dict[str, Entry]:
    """Join releases, oldest first. A key of the oldest release has no `since`, one of the newest no `until`."""
    found: dict[str, Entry] = {}
    present: set[str] = set()
    for index, (version, fields) in enumerate(releases):
        for name in present - fields.keys():
            found[name] = msgspec.structs.replace(found[name], until=version)
        for name, field in fields.items():
            before = found.get(name)
            since = before.since if before else version if index else None
            warned = (before and before.deprecated) or version if field.warning is not None else None
            use = _USE.search(field.warning or "")
            replacement = use["name"] if use and not use["value"] else None
            instead = use["name"] + use["value"] if use and use["value"] else None
            found[name] = Entry(field, since, replacement=replacement, instead=instead, deprecated=warned)
        present = set(fields)
    return found


def inherited(releases: Sequence[tuple[str, Fields]], project: str, least: str, most: str) -> dict[str, Entry]:
    """Return the history of a library's keys as a tool sees it that works with its releases `least` to `most`.

    The releases are named with the library: `transformers 5.0.0`. What came later than `most` is left out; what was
    there before `least` has no `since`. A value that any of these releases takes is taken.
    """
    seen = [release for release in releases if version_key(release[0]) <= version_key(most)]
    admitted = [fields for version, fields in seen if version_key(version) >= version_key(least)]
    entries = {}
    for name, entry in history(seen).items():
        shape = entry.field.shape
        if shape.enum:
            known = dict.fromkeys(value for fields in admitted if name in fields for value in fields[name].shape.enum)
            shape = msgspec.structs.replace(shape, enum=tuple(dict.fromkeys((*shape.enum, *known))))
        since = entry.since if entry.since and version_key(entry.since) > version_key(least) else None
        entries[name] = msgspec.structs.replace(
            entry,
            field=msgspec.structs.replace(entry.field, shape=shape),
            since=f"{project} {since}" if since else None,
            until=f"{project} {entry.until}" if entry.until else None,
            deprecated=f"{project} {entry.deprecated}" if entry.deprecated else None,
        )
    return entries


def join(own: Mapping[str, Entry], base: Mapping[str, Entry]) -> dict[str, Entry]:
    """Join a tool's own keys with inherited ones: a key that either still has is alive, the tool's description wins."""
    found = dict(own)
    for name, entry in base.items():
        mine = found.get(name)
        if mine is None or (mine.until and not entry.until):
            found[name] = entry
        elif not entry.until or not mine.until:
            found[name] = msgspec.structs.replace(mine, since=mine.since if entry.until else entry.since)
    return found


def commands(of: Mapping[str, Mapping[str, Entry]], base: Mapping[str, Entry]) -> dict[str, Entry]:
    """Join the keys of a tool's commands; a key that not all have, or whose default differs, lists its commands.

    `base` are the keys that every command inherits. The first command that has a key, or once had it, describes it;
    the values of all pass.
    """
    merged = {command: join(own, base) for command, own in of.items()}
    names = dict.fromkeys(name for own in merged.values() for name in own)
    found = {}
    for name in names:
        alive = {command: own[name] for command, own in merged.items() if name in own and not own[name].until}
        holders = alive or {command: own[name] for command, own in merged.items() if name in own}
        entry, *others = holders.values()
        for other in others:
            shape = joined(entry.field, other.field).shape
            entry = msgspec.structs.replace(entry, field=msgspec.structs.replace(entry.field, shape=shape))
        defaults = {command: _plain(one.field.default) for command, one in holders.items()}
        same = len(holders) == len(merged) and all(value == _plain(entry.field.default) for value in defaults.values())
        sinces = [one.since for one in holders.values()]
        since = None if None in sinces else min((one for one in sinces if one), key=version_key)
        if len(holders) < len(merged):
            entry = msgspec.structs.replace(entry, field=msgspec.structs.replace(entry.field, required=False))
        found[name] = msgspec.structs.replace(entry, since=since, by_command=defaults if alive and not same else None)
    return found


def _plain(value: object) -> object:
    return None if value is UNSET else value
