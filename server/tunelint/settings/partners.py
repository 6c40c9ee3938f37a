"""The other files that settings and the command line name beside a dataset: its validation file, evaluations."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from tunelint.core.reference import Reference, ReferenceRole
from tunelint.engine.references import Reading, read_reference
from tunelint.settings.discovery import SettingsError, SettingsSource

__all__ = ["Partner", "partners_of", "references_to"]

_MAGIC: Final = frozenset("*?[")


class Partner(NamedTuple):
    """A file with the name that reports use."""

    path: Path
    name: str

    @property
    def key(self) -> str:
        """What tells files apart: the absolute path. Resolving links would hide which file was meant."""
        return os.path.abspath(self.path)  # noqa: PTH100


def partners_of(
    key: str, values: Mapping[str, Any], source: SettingsSource, said: Sequence[str], *, absolute: bool
) -> tuple[Partner, ...]:
    """Return the files under a key of the settings or, where it `said` so, of the command line.

    Paths of the settings are relative to their file and may be patterns; their names are `absolute`, or short ones for people.
    Raises SettingsError for what is not there.
    """
    if said:
        for name in said:
            if not Path(name).is_file():
                raise SettingsError(f"--{key.removesuffix('-files')}: there is no file {name!r}")
        return tuple(Partner(Path(name), name) for name in said)
    found: dict[str, Partner] = {}
    for pattern in values.get(key, ()):
        paths = [source.folder / pattern] if _MAGIC.isdisjoint(pattern) else sorted(source.folder.glob(pattern))
        if not any(path.is_file() for path in paths):
            where = f"{source.path}: " if source.path is not None else ""
            raise SettingsError(f"{where}{key}: there is no file {pattern!r}")
        for path in paths:
            one = Partner(path, str(path.absolute()) if absolute else _shown(path))
            if path.is_file():
                found.setdefault(one.key, one)
    return tuple(found.values())


def references_to(partners: Sequence[Partner], role: ReferenceRole, path: Path, reading: Reading) -> list[Reference]:
    """Read partners of the file at `path`; one that is a partner itself is compared with no other."""
    own = Partner(path, "").key
    if any(one.key == own for one in partners):
        return []
    return [read_reference(one.path, one.name, role, reading) for one in partners]


def _shown(path: Path) -> str:
    """Return a path the short way: from the working folder, if it is below it."""
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
