"""The releases of a project, read one after the other, and the table that comes of it."""

from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from tunelint.dev.keytables.classes import Field, Reader
from tunelint.dev.keytables.history import Entry, Fields
from tunelint.dev.keytables.packages import Package, fetch, firsts_of_minors, releases, version_key
from tunelint.dev.keytables.shapes import Shape

__all__ = ["Shelf", "Table", "free", "or_nothing", "or_one"]


class Table(msgspec.Struct, frozen=True):
    """What was read of a tool: its keys, the releases, whether it refuses unknown keys, and where the facts are from."""

    entries: Mapping[str, Entry]
    versions: tuple[str, ...]
    strict: bool
    source: str


class Shelf:
    """Fetches releases into a folder and reads them; a release is fetched once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._versions: dict[str, list[str]] = {}

    def versions(self, project: str, since: str, *, every: str | None = None) -> list[str]:
        """Return releases from `since` on, oldest first: the first of each minor version, and the newest.

        From the release `every` on, each one is returned: for tools whose patch releases change keys.
        """
        if project not in self._versions:
            self._versions[project] = releases(project)
        known = self._versions[project]
        wanted = set(firsts_of_minors(known, since))
        if every is not None:
            wanted |= {one for one in known if version_key(one) >= version_key(every)}
        return [one for one in known if one in wanted]

    def package(self, project: str, version: str) -> Package:
        """Return one release."""
        return fetch(project, version, self.folder)

    def newest(self, project: str) -> Package:
        """Return the newest release."""
        return self.package(project, self.versions(project, "0")[-1])

    def read(
        self, project: str, since: str, reading: Callable[[Reader], Fields], *, every: str | None = None
    ) -> list[tuple[str, Fields]]:
        """Return what `reading` finds in each release, oldest first."""
        versions = self.versions(project, since, every=every)
        return [(version, reading(Reader(self.package(project, version)))) for version in versions]


def free(*names: str) -> dict[str, Field]:
    """Return keys that hold an object with any keys."""
    return {name: Field(Shape(("object",), free=True), None) for name in names}


def or_one(fields: Fields) -> dict[str, Field]:
    """Let lists of plain values be given as the one value that they hold, as argument parsers do."""
    plain = {name for name, field in fields.items() if "array" in field.shape.types and not field.shape.nested}
    return {name: _or(field, "string", "number") if name in plain else field for name, field in fields.items()}


def or_nothing(fields: Fields) -> dict[str, Field]:
    """Let every value be null, for classes that check no types."""
    return {name: _or(field, "null") for name, field in fields.items()}


def _or(field: Field, *types: str) -> Field:
    shape = field.shape
    if not shape.types:
        return field
    return msgspec.structs.replace(field, shape=msgspec.structs.replace(shape, types=tuple(dict.fromkeys(shape.types + types))))
