"""Axolotl: the pydantic model of its config, those of its plugins, and what its validators refuse."""

import ast
from collections.abc import Iterator
from typing import Final

import msgspec

from tunelint.core.errors import UserError
from tunelint.dev.keytables.classes import Field, Reader
from tunelint.dev.keytables.history import Entry, Fields, history
from tunelint.dev.keytables.shelf import Shelf, Table

_SINCE: Final = "0.6"
_PLACES: Final = (
    "axolotl.utils.schemas.config.AxolotlInputConfig",
    "axolotl.utils.config.models.input.v0_4_1.AxolotlInputConfig",
)
_DEPRECATED: Final = (
    "axolotl.utils.schemas.deprecated.DeprecatedParameters",
    "axolotl.utils.config.models.input.v0_4_1.DeprecatedParameters",
)


def build(shelf: Shelf) -> Table:
    """Read the releases from 0.6 on; a key whose validator raises counts as gone."""
    releases = shelf.read("axolotl", _SINCE, _alive)
    newest = Reader(shelf.newest("axolotl"))
    plugins = {name: plugin for plugin, path in _plugins(newest) for name in newest.keys(path)}
    entries = {name: _of_plugin(entry, plugins.get(name)) for name, entry in history(releases).items()}
    oldest = releases[0][0]
    for name, _ in _complaints(newest, raising=True):
        entries.setdefault(name, Entry(Field(), until=oldest))
    return Table(
        entries,
        tuple(version for version, _ in releases),
        strict=False,
        source="pydantic models of the published packages and their plugins",
    )


def _alive(reader: Reader) -> Fields:
    path = next((path for path in _PLACES if reader.find(path) is not None), None)
    if path is None:
        raise UserError(f"axolotl {reader.package.version} keeps its schema elsewhere")
    found = reader.keys(path)
    for _, plugin in _plugins(reader):
        for name, field in reader.keys(plugin).items():
            found.setdefault(name, field)
    for name, _ in _complaints(reader, raising=True):
        found.pop(name, None)
    for name, warning in _complaints(reader, raising=False):
        if name in found:
            found[name] = msgspec.structs.replace(found[name], warning=warning)
    return found | _prefixed(reader, found)


def _prefixed(reader: Reader, found: Fields) -> dict[str, Field]:
    """Return the keys of the FSDP section under the names that a validator takes a prefix off."""
    validation = next((text for path, text in reader.package.texts.items() if path.endswith("schemas/validation.py")), "")
    if 'startswith("fsdp_")' not in validation:
        return {}
    section = "fsdp_config."
    return {
        f"{section}fsdp_{name.removeprefix(section)}": msgspec.structs.replace(field, warning=f"use {name}")
        for name, field in found.items()
        if name.startswith(section) and not name.startswith(f"{section}fsdp_") and name != f"{section}version"
    }


def _plugins(reader: Reader) -> Iterator[tuple[str, str]]:
    """Yield each plugin's package and the path of the model that it adds to the config."""
    for file in reader.package.below("axolotl/integrations"):
        module = reader.package.module(file.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
        for node in ast.walk(module.tree) if module else ():
            if isinstance(node, ast.FunctionDef) and node.name == "get_input_args":
                for statement in ast.walk(node):
                    if isinstance(statement, ast.Return) and isinstance(statement.value, ast.Constant):
                        path = statement.value.value
                        if isinstance(path, str) and reader.find(path) is not None:
                            yield ".".join(path.split(".")[:3]), path


def _complaints(reader: Reader, *, raising: bool) -> Iterator[tuple[str, str]]:
    """Yield the deprecated keys whose validator raises, or only warns, and what it says."""
    found = next((one for path in _DEPRECATED if (one := reader.find(path)) is not None), None)
    for method in found.node.body if found is not None else ():
        if not isinstance(method, ast.FunctionDef):
            continue
        if any(isinstance(inner, ast.Raise) for inner in ast.walk(method)) != raising:
            continue
        for decorator in method.decorator_list:
            if isinstance(decorator, ast.Call) and "validator" in ast.unparse(decorator.func):
                texts = [
                    node.value for node in ast.walk(method) if isinstance(node, ast.Constant) and isinstance(node.value, str)
                ]
                for argument in decorator.args:
                    if isinstance(argument, ast.Constant):
                        yield str(argument.value), " ".join(texts)


def _of_plugin(entry: Entry, plugin: str | None) -> Entry:
    """Note whose key it is; a plugin's key is needed only where the plugin is."""
    if plugin is None:
        return entry
    return msgspec.structs.replace(entry, plugin=plugin, field=msgspec.structs.replace(entry.field, required=False))
