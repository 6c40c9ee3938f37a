"""Files that are given and not on the disk: those of examples and tests, and of an editor's buffers."""

import fnmatch
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from tunelint.engine.sources.base import Source
from tunelint.engine.sources.opening import open_stream
from tunelint.engine.sources.streams import from_bytes

__all__ = ["MemoryFiles"]


class MemoryFiles:
    """Some files by their names, with forward slashes, all relative to one folder."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = {PurePosixPath(name).as_posix(): data for name, data in files.items()}

    def bases(self, config: str) -> Sequence[str]:
        """Return the folder of a config and the one folder that there is."""
        return list(dict.fromkeys([PurePosixPath(config).parent.as_posix(), "."]))

    def kind(self, path: str) -> str:
        """Return what lies at a path."""
        name = PurePosixPath(path).as_posix()
        if name in self._files:
            return "file"
        return "folder" if name == "." or any(one.startswith(f"{name}/") for one in self._files) else ""

    def find(self, folder: str, pattern: str) -> list[str]:
        """Return the files below a folder that match a glob."""
        wanted = PurePosixPath(folder, pattern).as_posix()
        return sorted(name for name in self._files if fnmatch.fnmatchcase(name, wanted))

    def read(self, path: str) -> bytes:
        """Return the bytes of a file."""
        try:
            return self._files[PurePosixPath(path).as_posix()]
        except KeyError as problem:
            raise FileNotFoundError(path) from problem

    def source(self, path: str) -> Source:
        """Return the records of a file."""
        return open_stream(from_bytes(self.read(path), path))

    def size(self, path: str) -> int:
        """Return the bytes of a file."""
        return len(self.read(path))
