"""Files on the disk, as the project looks for them."""

import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tunelint.engine.sources.base import Source
from tunelint.engine.sources.opening import open_source

__all__ = ["DiskFiles"]

_ROOTS: Final = (".git", ".hg", "pyproject.toml", "tunelint.toml")
"""What lies in the root of a project."""

_MOST_ABOVE: Final = 6
"""Folders above a config that are looked at where nothing marks a root."""


class DiskFiles:
    """The disk. Names are kept as the user wrote them: relative to the working folder where they were."""

    def bases(self, config: str) -> Sequence[str]:
        """Return the folder of a config, those above it up to the root of its project, and the working folder."""
        here = Path(config).parent
        found = [here.as_posix()]
        for _ in range(_MOST_ABOVE):
            if any((here / mark).exists() for mark in _ROOTS):
                break
            above = Path(os.path.normpath(here / ".."))
            if above.resolve() == here.resolve():
                break
            here = above
            found.append(here.as_posix())
        return list(dict.fromkeys([*found, "."]))

    def kind(self, path: str) -> str:
        """Return what lies at a path."""
        try:
            mode = os.stat(path).st_mode  # a config may name thousands, and pathlib takes twice as long  # noqa: PTH116
        except (OSError, ValueError):
            return ""
        return "file" if stat.S_ISREG(mode) else "folder" if stat.S_ISDIR(mode) else ""

    def find(self, folder: str, pattern: str) -> list[str]:
        """Return the files below a folder that match a glob."""
        try:
            return sorted(one.as_posix() for one in Path(folder).glob(pattern) if one.is_file())
        except (OSError, ValueError, NotImplementedError, IndexError):
            return []

    def read(self, path: str) -> bytes:
        """Return the bytes of a file."""
        return Path(path).read_bytes()

    def source(self, path: str) -> Source:
        """Return the records of a file."""
        return open_source(Path(path), path)

    def size(self, path: str) -> int:
        """Return the bytes of a file."""
        return Path(path).stat().st_size
