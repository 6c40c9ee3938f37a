"""torchtune's components: what a config may name in `_component_`, and the arguments that it takes. Read, never imported.

torchtune builds a component by calling what the path stands for with the keys beside it, so a path that leads nowhere and a key
that is no argument stop a run. The file that this writes is `trainers/components/torchtune.json`.
"""

import ast
import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import msgspec

from tunelint.dev.keytables.packages import Module, Package
from tunelint.dev.keytables.scopes import Class, Function, Value, look_up
from tunelint.dev.keytables.shelf import Shelf
from tunelint.trainers.components import Component, Components

__all__ = ["write_components"]

_SINCE: Final = "0.1"
_PROJECT: Final = "torchtune"
_FILE: Final = Path(__file__).parents[2] / "trainers" / "components" / "torchtune.json"
_HOPS: Final = 4
"""A `partial` of a `partial` is followed this far."""


def write_components(shelf: Shelf) -> int:
    """Read the releases from 0.1 on and write the file; return how many components it has."""
    versions = shelf.versions(_PROJECT, _SINCE)
    found: dict[str, Component] = {}
    for version in versions:
        own = dict(_components(shelf.package(_PROJECT, version)))
        gone = {path: one for path, one in found.items() if path not in own and one.until is None}
        found |= {path: msgspec.structs.replace(one, arguments=(), open=True, until=version) for path, one in gone.items()}
        found |= own
    components = Components(versions=tuple(versions), date=dt.datetime.now(dt.UTC).date().isoformat(), components=_joined(found))
    head, _, rest = msgspec.json.encode(components).partition(b'"components":{')
    _FILE.parent.mkdir(exist_ok=True)
    _FILE.write_bytes(head + b'"components":{\n' + rest.replace(b'},"torchtune', b'},\n"torchtune') + b"\n")
    return len(found)


def _joined(found: Mapping[str, Component]) -> dict[str, Component]:
    """Name the place to which a component moved, where exactly one living one has its name."""
    alive: dict[str, list[str]] = {}
    for path, one in found.items():
        if one.until is None:
            alive.setdefault(path.rpartition(".")[2], []).append(path)
    shortest = {name: min(paths, key=lambda path: (path.count("."), path)) for name, paths in alive.items()}
    return {
        path: msgspec.structs.replace(one, moved=shortest.get(path.rpartition(".")[2])) if one.until else one
        for path, one in sorted(found.items())
    }


def _components(package: Package) -> Iterator[tuple[str, Component]]:
    """Yield the components by every public path that leads to them."""
    for path in package.below(_PROJECT):
        name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        module = package.module(name)
        for exported in _names(module) if module is not None and "._" not in f".{name}" else ():
            if exported.startswith("_"):
                continue
            one = _component(look_up(package, module, exported), package)
            if one is not None:
                yield f"{name}.{exported}", one


def _names(module: Module) -> Iterator[str]:
    """Yield the names that a module defines, or imports from its own package."""
    for statement in module.tree.body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            yield statement.name
        elif isinstance(statement, ast.Assign):
            yield from (target.id for target in statement.targets if isinstance(target, ast.Name))
        elif isinstance(statement, ast.ImportFrom) and (statement.level or (statement.module or "").startswith(_PROJECT)):
            yield from (alias.asname or alias.name for alias in statement.names if alias.name != "*")


def _component(target: Class | Function | Value | None, package: Package, hops: int = 0) -> Component | None:
    """Return what a component takes, None for what is none: a constant, a private name."""
    if isinstance(target, Function):
        given = target.node.args
        names = [one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs) if one.arg not in {"self", "cls"}]
        return Component(tuple(names), open=given.kwarg is not None)
    if isinstance(target, Class):
        own = target.method("__init__")
        return _component(own, package) if own is not None else Component((), open=True)
    call = target.node if isinstance(target, Value) else None
    if isinstance(target, Value) and isinstance(call, ast.Call) and ast.unparse(call.func).endswith("partial") and call.args:
        inner = call.args[0]
        if isinstance(inner, ast.Name) and hops < _HOPS:
            return _component(look_up(package, target.module, inner.id), package, hops + 1) or Component((), open=True)
    return None
