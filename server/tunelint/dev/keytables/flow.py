"""Which keys a program reads from a parsed config, where no class declares them: the config is followed through its source.

`config["fp16"]`, `config.get("fp16", {})`, `"fp16" in config`, helpers such as `get_scalar_param(config, NAME, DEFAULT)`,
attributes of an OmegaConf config, and all of it behind assignments and calls.
"""

import ast
from collections.abc import Iterator
from typing import Any, Final

from msgspec import UNSET

from tunelint.dev.keytables.classes import Field, Reader
from tunelint.dev.keytables.scopes import Class, Function, evaluate, follow, look_up
from tunelint.dev.keytables.shapes import ANYTHING, Shape

__all__ = ["Flow"]

_DEPTH: Final = 12
_READS: Final = {"get", "pop", "setdefault"}
_COPIES: Final = {"copy", "deepcopy", "dict"}
_LOOPS: Final = {"items", "keys", "values"}
_METHODS: Final = frozenset(dir(dict)) | {"merge", "to_container"}

Paths = dict[str, str]
"""Which variables hold the config, or a part of it, by the dotted path of the part; an empty path is the whole."""


class Flow:
    """Follows one config through a release. `keys` are those found; `open_keys` the objects whose keys are looped over."""

    def __init__(self, reader: Reader, helpers: frozenset[str] = frozenset(), *, attributes: bool = False) -> None:
        """Read a release; `helpers` are functions of a mapping, a key and a default; `attributes` are keys as well."""
        self.reader = reader
        self.keys: dict[str, Field] = {}
        self.open_keys: set[str] = set()
        self._helpers = helpers
        self._attributes = attributes
        self._seen: set[tuple[str, tuple[tuple[str, str], ...]]] = set()

    def follow(self, path: str, parameter: str, at: str = "") -> None:
        """Follow the config into a function or a class's `__init__`, where it is called `parameter`."""
        found = follow(self.reader.package, path)
        function = found.method("__init__") if isinstance(found, Class) else found
        if not isinstance(function, Function):
            raise KeyError(f"{path} in {self.reader.package.version}")
        self.run(function, {parameter: at}, found if isinstance(found, Class) else None)

    def run(self, function: Function, paths: Paths, owner: Class | None, depth: int = 0) -> None:
        """Follow the config through a function, in which variables hold the parts `paths`; `owner` has its other methods."""
        visit = (f"{function.module.name}:{function.node.lineno}", tuple(sorted(paths.items())))
        if visit in self._seen or depth > _DEPTH:
            return
        self._seen.add(visit)
        paths = dict(paths)
        for node in _in_order(function.node):
            if isinstance(node, ast.Assign) and len(node.targets) == 1 and (name := _name(node.targets[0])):
                part = self._part(function, node.value, paths)
                if part is not None:
                    paths[name] = part
            elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn):
                self._tested(function, node, paths)
            elif isinstance(node, ast.For | ast.comprehension):
                looped = node.iter.func.value if _is_loop(node.iter) else node.iter  # type: ignore[attr-defined]
                if (part := self._part(function, looped, paths)) is not None:
                    self.open_keys.add(part)
            elif isinstance(node, ast.Call):
                self._called(function, node, paths, owner, depth)
            elif isinstance(node, ast.expr):
                self._part(function, node, paths)

    def _tested(self, function: Function, node: ast.Compare, paths: Paths) -> None:
        holder = node.comparators[0]
        if isinstance(holder, ast.Call) and isinstance(holder.func, ast.Attribute) and holder.func.attr == "keys":
            holder = holder.func.value
        part = self._part(function, holder, paths)
        if part is not None:
            self._record(part, self._text(function, node.left))

    def _part(self, function: Function, node: ast.expr, paths: Paths) -> str | None:
        """Return the path of the part of the config that an expression stands for, and note the key that it reads."""
        name = _name(node)
        if name in paths:
            return paths[name]
        if isinstance(node, ast.Subscript):
            part = self._part(function, node.value, paths)
            return None if part is None else self._record(part, self._text(function, node.slice))
        if isinstance(node, ast.BoolOp):
            return next((part for one in node.values if (part := self._part(function, one, paths)) is not None), None)
        if isinstance(node, ast.IfExp):
            return next(
                (part for one in (node.body, node.orelse) if (part := self._part(function, one, paths)) is not None), None
            )
        if isinstance(node, ast.Call) and node.args:
            return self._read(function, node, paths)
        if self._attributes and isinstance(node, ast.Attribute) and node.attr not in _METHODS:
            part = self._part(function, node.value, paths)
            return None if part is None else self._record(part, node.attr)
        return None

    def _read(self, function: Function, node: ast.Call, paths: Paths) -> str | None:
        """Return the part that a call reads: `config.get(KEY, …)`, `get_param(config, KEY, …)`, `copy(config)`."""
        called = _called(node)
        if isinstance(node.func, ast.Attribute) and called in _READS:
            part, key, rest = self._part(function, node.func.value, paths), node.args[0], node.args[1:]
        elif called in self._helpers and len(node.args) > 1:
            part, key, rest = self._part(function, node.args[0], paths), node.args[1], node.args[2:]
        elif called in _COPIES:
            return self._part(function, node.args[0], paths)
        else:
            return None
        if part is None:
            return None
        try:
            default = evaluate(self.reader.package, function.module, rest[0]) if rest else UNSET
        except ValueError:
            default = UNSET
        return self._record(part, self._text(function, key), default)

    def _called(self, function: Function, node: ast.Call, paths: Paths, owner: Class | None, depth: int) -> None:
        """Follow the config into a call that it is handed to."""
        self._part(function, node, paths)
        parts = [self._part(function, one, paths) for one in node.args]
        named = {word.arg: self._part(function, word.value, paths) for word in node.keywords}
        if called_in := named.pop(None, None):
            self._nest(function, node, called_in)
        if not any(part is not None for part in [*parts, *named.values()]) or _called(node) in self._helpers:
            return
        target = self._target(function, node, owner)
        if target is None:
            return
        inner, own = target
        names = [argument.arg for argument in inner.node.args.args]
        names = names[1:] if names[:1] in (["self"], ["cls"]) else names
        given = {name: part for name, part in zip(names, parts, strict=False) if part is not None}
        given |= {name: part for name, part in named.items() if name and part is not None}
        self.run(inner, given, own, depth + 1)

    def _target(self, function: Function, node: ast.Call, owner: Class | None) -> tuple[Function, Class | None] | None:
        if isinstance(node.func, ast.Attribute) and _name(node.func.value) == "self" and owner is not None:
            found = owner.method(node.func.attr)
            return (found, owner) if found else None
        target = look_up(self.reader.package, function.module, _called(node))
        if isinstance(target, Class):
            made = target.method("__init__")
            return (made, target) if made else None
        return (target, None) if isinstance(target, Function) else None

    def _nest(self, function: Function, node: ast.Call, part: str) -> None:
        """Note the fields of a class that a part of the config is spread into: `Config(**config["section"])`."""
        target = look_up(self.reader.package, function.module, _called(node))
        if isinstance(target, Class) and part:
            for name, field in self.reader.keys(f"{target.module.name}.{target.node.name}").items():
                self.keys[f"{part}.{name}"] = field
            held = self.reader.shape_of_class(target)
            self.keys[part] = Field(held, UNSET)

    def _record(self, part: str, key: str | None, default: Any = UNSET) -> str | None:
        if not key:
            return None
        path = f"{part}.{key}" if part else key
        known = self.keys.get(path)
        if known is None or (known.default is UNSET and default is not UNSET and known.shape is ANYTHING):
            self.keys[path] = Field(ANYTHING if default is UNSET else _guessed(default), default)
        return path

    def _text(self, function: Function, node: ast.expr) -> str | None:
        try:
            value = evaluate(self.reader.package, function.module, node)
        except ValueError:
            return None
        return value if isinstance(value, str) else None


def _guessed(default: object) -> Shape:
    """Return what a default tells of a value: a flag, a number; a text or nothing tells little."""
    if isinstance(default, bool):
        return Shape(("boolean", "null"))
    if isinstance(default, int | float):
        return Shape(("number", "null"))
    if isinstance(default, dict):
        return Shape(("object", "null"))
    return ANYTHING


def _name(node: ast.expr) -> str:
    """Return the name of a variable or of an object's own attribute, empty for any other expression."""
    if isinstance(node, ast.Name):
        return node.id
    return (
        ast.unparse(node)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"
        else ""
    )


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id if isinstance(node.func, ast.Name) else ""


def _is_loop(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _LOOPS


def _in_order(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of a function in the order of the text."""
    for child in ast.iter_child_nodes(node):
        yield child
        yield from _in_order(child)
