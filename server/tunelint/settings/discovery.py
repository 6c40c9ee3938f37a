"""Finds the settings that hold for a file: the nearest ``tunelint.toml``, or ``pyproject.toml`` with ``[tool.tunelint]``."""

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tunelint.core.errors import UserError

if TYPE_CHECKING:
    from tunelint.settings.model import Settings

__all__ = [
    "SettingsError",
    "SettingsFault",
    "SettingsFinder",
    "SettingsSource",
    "check_text",
    "load",
    "nearest_settings",
    "read_toml",
]

_NAMES: Final = ("tunelint.toml", ".tunelint.toml")
_MOST_EXTENDS: Final = 10
_PLACE: Final = re.compile(r"\(at line (\d+), column (\d+)\)|\(at end of document\)")


class SettingsError(UserError):
    """A settings file that cannot be used. The text begins with its path, line and column and says what to do."""


class SettingsSource:
    """Settings with the file that they come from, None for the defaults."""

    def __init__(self, path: Path | None, settings: "Settings | None") -> None:
        self.path = path
        self.settings = settings

    @property
    def folder(self) -> Path:
        """The folder that patterns and paths in the settings are relative to."""
        return self.path.parent if self.path is not None else Path.cwd()


class SettingsFinder:
    """Finds settings, looking into each folder once. With `fixed` that file holds for everything; `isolated` finds none."""

    def __init__(self, fixed: Path | None = None, *, isolated: bool = False) -> None:
        self._isolated = isolated
        self._fixed = load(fixed) if fixed is not None else None
        self._found: dict[Path, SettingsSource] = {}

    def find(self, folder: Path) -> SettingsSource:
        """Return the settings that hold in a folder; raises SettingsError for a broken file."""
        if self._fixed is not None:
            return self._fixed
        if self._isolated:
            return SettingsSource(None, None)
        folder = folder.resolve()
        found = self._found.get(folder)
        if found is None:
            found = self._look(folder)
            if found is None:
                parent = folder.parent
                found = self.find(parent) if parent != folder else SettingsSource(None, None)
            self._found[folder] = found
        return found

    def _look(self, folder: Path) -> SettingsSource | None:
        path = _settings_in(folder)
        return load(path) if path is not None else None


def nearest_settings(folder: Path) -> Path | None:
    """Return the settings file that holds in a folder, whatever stands in it."""
    folder = folder.resolve()
    return next((path for one in (folder, *folder.parents) if (path := _settings_in(one)) is not None), None)


def _settings_in(folder: Path) -> Path | None:
    for name in _NAMES:
        path = folder / name
        if path.is_file():
            return path
    project = folder / "pyproject.toml"
    return project if project.is_file() and b"tool.tunelint" in _bytes_of(project) else None


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        raise SettingsError(f"{path}:1:1: the settings cannot be read ({problem.strerror})") from problem


def read_toml(path: Path) -> tuple[dict[str, Any], str]:
    """Return the settings table of a file and its text; raises SettingsError with line and column of a syntax error."""
    return _parse_toml(path, _bytes_of(path))


def _parse_toml(path: Path, data: bytes) -> tuple[dict[str, Any], str]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        column = problem.start - data.rfind(b"\n", 0, problem.start)
        raise SettingsError(f"{path}:{line}:{column}: the settings are no UTF-8; save the file as UTF-8") from problem
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        message = str(problem)
        place = _PLACE.search(message)
        if place is not None and place[1]:
            line, column = int(place[1]), int(place[2])
        else:
            line, column = text.count("\n") + 1, len(text) - text.rfind("\n")
        said = _PLACE.sub("", message).strip()
        raise SettingsError(f"{path}:{line}:{column}: no valid TOML: {said[:1].lower()}{said[1:]}") from problem
    if path.name == "pyproject.toml":
        table = table.get("tool", {}).get("tunelint", {})
    return table, text


class SettingsFault(NamedTuple):
    """What is wrong with a settings file, and where: line and column from 1, in code points."""

    line: int
    column: int
    said: str


def check_text(path: Path, text: str) -> SettingsFault | None:
    """Return what is wrong with the text of a settings file of that name, such as one that is being edited."""
    if path.name == "pyproject.toml" and "tool.tunelint" not in text:
        return None
    try:
        table, _ = _parse_toml(path, text.encode("utf-8", "surrogatepass"))
        _validated(path, table, text)
    except SettingsError as problem:
        place, _, said = str(problem).removeprefix(f"{path}:").partition(": ")
        line, _, column = place.partition(":")
        return SettingsFault(int(line), int(column), said)
    return None


def load(path: Path) -> SettingsSource:
    """Return the settings of a file, with those that it extends; raises SettingsError where anything in it is wrong."""
    table, text = read_toml(path)
    seen = {path.resolve()}
    current = path
    merged = dict(table)
    while isinstance(merged.get("extend"), str):
        current = current.parent / Path(merged.pop("extend")).expanduser()
        if current.resolve() in seen or len(seen) > _MOST_EXTENDS:
            raise SettingsError(f"{path}:{_line_of(text, ('extend',))}:1: `extend` leads back to {current}")
        seen.add(current.resolve())
        if not current.is_file():
            raise SettingsError(f"{path}:{_line_of(text, ('extend',))}:1: `extend` names {current}, which is not there")
        merged = {**read_toml(current)[0], **merged}
    return SettingsSource(path, _validated(path, merged, text))


def _validated(path: Path, table: dict[str, Any], text: str) -> "Settings":
    from pydantic import ValidationError

    from tunelint.settings.model import Settings

    try:
        return Settings.model_validate(table)
    except ValidationError as problem:
        error = problem.errors()[0]
        keys = tuple(step for step in error["loc"] if isinstance(step, str))
        line, column = _place_of(text, keys)
        name = ".".join(str(step) for step in error["loc"])
        raise SettingsError(f"{path}:{line}:{column}: {_words(error['type'], name, error['msg'], keys)}") from problem


def _words(kind: str, name: str, message: str, keys: tuple[str, ...]) -> str:
    if kind == "extra_forbidden":
        return _unknown(keys)
    said = message.removeprefix("Value error, ")
    return f"{name}: {said[:1].lower()}{said[1:]}"


def _unknown(keys: tuple[str, ...]) -> str:
    """Say of a key that no model has what was probably meant: another key of its table, or a general one below a heading."""
    from tunelint.formats.shape import closest
    from tunelint.settings.model import Settings, model_at

    *tables, name = keys
    model = model_at(tables)
    known = [str(field.alias) for field in model.model_fields.values()]
    near = closest(name, known)
    where = f" of [{'.'.join(tables)}]" if tables and not near else ""
    if where and name in {field.alias for field in Settings.model_fields.values()}:
        return f"no setting{where} is called {name!r}; it holds for everything, so put it above the first [table]"
    meant = f"did you mean {near!r}?" if near else f"known are {', '.join(sorted(known))}"
    return f"no setting{where} is called {name!r}; {meant}"


def _line_of(text: str, keys: tuple[str, ...]) -> int:
    return _place_of(text, keys)[0]


def _place_of(text: str, keys: tuple[str, ...]) -> tuple[int, int]:
    """Return line and column where the last of `keys` is written, as far as a look at the text tells; else the first line."""
    for key in reversed(keys):
        pattern = re.compile(rf"^[ \t]*(?:\[+[^\]\n]*?)?(?P<key>[\"']?{re.escape(key)}[\"']?)[ \t]*(?:[=.\]])", re.MULTILINE)
        match = pattern.search(text)
        if match is None:
            match = re.compile(rf"(?P<key>[\"']?{re.escape(key)}[\"']?)[ \t]*=").search(text)
        if match is not None:
            start = match.start("key")
            return text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)
    return 1, 1
