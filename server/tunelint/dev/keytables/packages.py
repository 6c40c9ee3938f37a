"""Published packages as source text: fetched with pip, opened as archives, never installed and never imported."""

import ast
import gzip
import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Final

import msgspec

from tunelint.core.errors import UserError

__all__ = ["Module", "Package", "fetch", "firsts_of_minors", "releases"]

_VERSION: Final = re.compile(r"\d+(?:\.\d+)*(?:\.post\d+)?")
_SUFFIXES: Final = {".py", ".yaml", ".yml", ".json", ".toml"}


class Module(msgspec.Struct, frozen=True, eq=False):
    """A parsed Python file: its dotted name, its statements, and whether it is a package's `__init__`."""

    name: str
    tree: ast.Module
    is_package: bool = False


class Package:
    """The text files of one release, by their path inside the package's folder."""

    def __init__(self, texts: Mapping[str, str], version: str = "") -> None:
        self.texts = texts
        self.version = version
        self._modules: dict[str, Module | None] = {}

    def module(self, name: str) -> Module | None:
        """Return a module by its dotted name, parsed, or None where the release has none of that name."""
        if name not in self._modules:
            path = name.replace(".", "/")
            found = next((file for file in (f"{path}.py", f"{path}/__init__.py") if file in self.texts), None)
            self._modules[name] = Module(name, ast.parse(self.texts[found]), found.endswith("__init__.py")) if found else None
        return self._modules[name]

    def below(self, folder: str, suffix: str = ".py") -> list[str]:
        """Return the paths of the files below a folder, sorted."""
        return sorted(path for path in self.texts if path.startswith(f"{folder}/") and path.endswith(suffix))


def releases(project: str) -> list[str]:
    """Return the versions of a project that pip would offer, oldest first; pre-releases are left out."""
    done = _pip("index", "versions", "--ignore-requires-python", project)
    line = next((line for line in done.splitlines() if line.startswith("Available versions:")), "")
    return sorted((found for found in _VERSION.findall(line.partition(":")[2])), key=version_key)


def firsts_of_minors(versions: Iterable[str], since: str = "0") -> list[str]:
    """Return the first release of each minor version from `since` on, and the newest of all; the order is kept."""
    wanted: dict[tuple[int, ...], str] = {}
    newest = ""
    for version in sorted(versions, key=version_key):
        if version_key(version) >= version_key(since):
            wanted.setdefault(version_key(version)[:2], version)
            newest = version
    found = list(wanted.values())
    return [*found, newest] if newest not in found else found


@cache
def version_key(version: str) -> tuple[int, ...]:
    """Return the numbers of a version, which sort as the versions do."""
    return tuple(int(number) for number in re.findall(r"\d+", version))


def fetch(project: str, version: str, folder: Path) -> Package:
    """Return one release, downloaded into a folder unless it lies there already; a wheel where there is one.

    A source archive is only unpacked. pip itself runs such an archive's build script to learn its name, in an
    environment of its own.
    """
    place = folder / f"{project}-{version}"
    if not any(place.glob("*.*")):
        place.mkdir(parents=True, exist_ok=True)
        _pip(
            "download",
            "--quiet",
            "--no-deps",
            "--ignore-requires-python",
            "--prefer-binary",
            "--dest",
            str(place),
            f"{project}=={version}",
        )
    archive = next(iter(sorted(place.iterdir())))
    return Package(_Wheel(archive) if archive.suffix == ".whl" else _sdist(archive), version)


def _pip(*words: str) -> str:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or ["ERROR: no reason given"]
        raise UserError(f"pip {words[0]} failed: {said[-1].removeprefix('ERROR: ')}")
    return done.stdout


class _Wheel(Mapping[str, str]):
    """The texts of a wheel, read when they are asked for."""

    def __init__(self, archive: Path) -> None:
        self._opened = zipfile.ZipFile(archive)
        self._names = {name: None for name in self._opened.namelist() if PurePosixPath(name).suffix in _SUFFIXES}
        self._names |= {name: None for name in self._opened.namelist() if name.endswith(("/METADATA", ".json.gz"))}

    def __getitem__(self, path: str) -> str:
        if path not in self._names:
            raise KeyError(path)
        data = self._opened.read(path)
        return (gzip.decompress(data) if path.endswith(".gz") else data).decode(errors="replace")

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def _sdist(archive: Path) -> dict[str, str]:
    """Return the texts of a source archive; its own folder and `src/` are taken off the paths."""
    found = {}
    with tarfile.open(archive) as opened:
        for member in opened:
            path = PurePosixPath(*PurePosixPath(member.name).parts[1:])
            content = opened.extractfile(member) if path.suffix in _SUFFIXES or path.name == "PKG-INFO" else None
            if content is not None:
                found[str(path).removeprefix("src/")] = content.read().decode(errors="replace")
    return found
