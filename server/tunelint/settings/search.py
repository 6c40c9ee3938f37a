"""Which files a command is about: those that were named, and the datasets in the folders that were named."""

import os
import stat
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

from tunelint.advice.files import MEASURED
from tunelint.engine.baseline import USUAL_NAME
from tunelint.engine.sources.opening import DATASET_SUFFIXES, plain_suffix
from tunelint.engine.sources.remote import is_url
from tunelint.settings.discovery import SettingsFinder
from tunelint.settings.resolve import matches, relative_name
from tunelint.text.config import CONFIG_SUFFIXES

__all__ = ["STDIN", "Found", "excluder", "find_files"]

STDIN: Final = "-"
_SKIPPED_FOLDERS: Final = frozenset({"node_modules", "__pycache__", "venv", "site-packages", "dist", "build", "wandb"})
_NO_DATASETS: Final = frozenset(
    {
        "package.json",
        "package-lock.json",
        "tsconfig.json",
        "composer.json",
        "requirements.txt",
        "robots.txt",
        "license.txt",
        "tokenizer.json",
        "tokenizer_config.json",
        "special_tokens_map.json",
        "adapter_config.json",
        "generation_config.json",
        "config.json",
        MEASURED,
        USUAL_NAME,
    }
)
"""Names that are no datasets wherever they are found."""

_CONFIGS: Final = frozenset({"adapter_config.json"})
_SUFFIXES: Final = DATASET_SUFFIXES | CONFIG_SUFFIXES.keys()


class Found(NamedTuple):
    """A file with the name that reports use. `named` tells that the user gave it, not a search.

    A file that is named by a URL has the settings that a file of its name would have here: that is its `path`.
    """

    path: Path
    name: str
    named: bool

    @property
    def key(self) -> str:
        """What tells files apart: the absolute path, or the URL. Resolving links would hide which file was meant."""
        return self.name if is_url(self.name) else os.path.abspath(self.path)  # noqa: PTH100

    @property
    def stored(self) -> bool:
        """Whether the file lies under its path, and is no pipe and no URL."""
        return self.name != STDIN and not is_url(self.name)


def find_files(arguments: Iterable[str], excluded: Callable[[Path], bool], *, configs: bool = False) -> Iterator[Found]:
    """Yield the files of the arguments, each once, folders in the order of names; `excluded` is asked about what is searched.

    With `configs`, a search also yields what may be a training config by its name.
    """
    seen: set[str] = set()
    for argument in arguments:
        if argument == STDIN:
            yield Found(Path(STDIN), STDIN, named=True)
            continue
        if is_url(argument):
            yield Found(Path(PurePosixPath(argument).name), argument, named=True)
            continue
        path = Path(argument)
        if not path.is_dir():
            found: Iterable[Found] = [Found(path, argument, named=True)]
        else:
            found = _search(path, excluded, _SUFFIXES if configs else DATASET_SUFFIXES)
        for one in found:
            if (key := one.key) not in seen:
                seen.add(key)
                yield one


def _search(folder: Path, excluded: Callable[[Path], bool], suffixes: Collection[str]) -> Iterator[Found]:
    for directory, folders, files in os.walk(folder):
        here = Path(directory)
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and name not in _SKIPPED_FOLDERS and not excluded(here / name)
        )
        for name in sorted(files):
            path = here / name
            if (
                name.startswith(".")
                or (name.lower() in _NO_DATASETS and not (suffixes is _SUFFIXES and name.lower() in _CONFIGS))
                or (plain_suffix(name) not in suffixes)
                or not _ordinary(path)
                or excluded(path)
            ):
                continue
            yield Found(path, str(path), named=False)


def _ordinary(path: Path) -> bool:
    """Tell whether a path is a file, or a link that leads to none, which is said when it is opened; a pipe would never end."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return True


def excluder(finder: SettingsFinder) -> Callable[[Path], bool]:
    """Return what tells whether settings leave a file or folder out of a search."""

    def excluded(path: Path) -> bool:
        source = finder.find(path.parent)
        if source.settings is None or not source.settings.exclude:
            return False
        name = relative_name(path, source.folder)
        return any(matches(name, pattern) for pattern in source.settings.exclude)

    return excluded
