"""What a name stands for in a module of a release: a class, a function or a value, through all imports."""

import ast
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from tunelint.dev.keytables.packages import Module, Package
from tunelint.dev.keytables.shapes import literal

__all__ = ["Class", "Function", "Value", "evaluate", "follow", "look_up", "members"]

_HOPS: Final = 8
"""A name that is imported from module to module more often than this is given up."""


class Class(msgspec.Struct, frozen=True, eq=False):
    """A class and the module that it stands in."""

    module: Module
    node: ast.ClassDef

    @property
    def key(self) -> str:
        """Return the name that tells it from all other classes of the release."""
        return f"{self.module.name}:{self.node.name}"

    def method(self, name: str) -> "Function | None":
        """Return a method of its own body."""
        found = (one for one in self.node.body if isinstance(one, ast.FunctionDef) and one.name == name)
        return next((Function(self.module, one) for one in found), None)


class Function(msgspec.Struct, frozen=True, eq=False):
    """A function and the module that it stands in."""

    module: Module
    node: ast.FunctionDef


class Value(msgspec.Struct, frozen=True, eq=False):
    """What is assigned to a name, and the module that it stands in."""

    module: Module
    node: ast.expr


def follow(package: Package, path: str) -> Class | Function | Value | None:
    """Return what a dotted path stands for."""
    module, _, name = path.rpartition(".")
    return look_up(package, package.module(module), name) if module else None


def look_up(package: Package, module: Module | None, name: str, hops: int = 0) -> Class | Function | Value | None:
    """Return what a name stands for in a module; the last statement that binds it counts."""
    if module is None or hops > _HOPS:
        return None
    for statement in reversed(list(_top_level(module.tree))):
        if isinstance(statement, ast.ClassDef) and statement.name == name:
            return Class(module, statement)
        if isinstance(statement, ast.FunctionDef) and statement.name == name:
            return Function(module, statement)
        if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None and name in _assigned(statement):
            return Value(module, statement.value)
        if isinstance(statement, ast.ImportFrom):
            for alias in statement.names:
                if alias.name == "*" or (alias.asname or alias.name) == name:
                    wanted = name if alias.name == "*" else alias.name
                    found = look_up(package, _imported(package, module, statement), wanted, hops + 1)
                    if found is not None or alias.name != "*":
                        return found
    return None


def evaluate(package: Package, module: Module, node: ast.expr) -> Any:
    """Return the value of an expression: a literal, a constant by its name, a member of an enumeration; else ValueError."""
    try:
        return literal(node)
    except ValueError:
        pass
    if isinstance(node, ast.Attribute) and node.attr == "value":
        node = node.value
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        owner = look_up(package, module, node.value.id)
        found = dict(members(owner.node)) if isinstance(owner, Class) else {}
        if node.attr in found:
            return found[node.attr]
    if isinstance(node, ast.Name):
        value = look_up(package, module, node.id)
        if isinstance(value, Value) and ast.unparse(value.node) != node.id:
            return evaluate(package, value.module, value.node)
    raise ValueError(ast.unparse(node))


def members(node: ast.ClassDef) -> Iterator[tuple[str, Any]]:
    """Yield the members of an enumeration; a value that is no literal is written like its name."""
    for statement in node.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            name = statement.targets[0].id
            if name.startswith("_"):
                continue
            try:
                value = literal(statement.value)
            except ValueError:
                value = name
            yield name, value[0] if isinstance(value, list) and value else value


def _top_level(tree: ast.Module) -> Iterator[ast.stmt]:
    """Yield the statements of a module, those in `if` and `try` blocks included."""
    for statement in tree.body:
        if isinstance(statement, ast.If):
            yield from [*statement.orelse, *statement.body]
        elif isinstance(statement, ast.Try):
            yield from [*(inner for handler in statement.handlers for inner in handler.body), *statement.body]
        else:
            yield statement


def _assigned(statement: ast.Assign | ast.AnnAssign) -> list[str]:
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _imported(package: Package, module: Module, statement: ast.ImportFrom) -> Module | None:
    parts = module.name.split(".")
    if statement.level:
        parts = parts[: len(parts) - statement.level + module.is_package]
        return package.module(".".join([*parts, *([statement.module] if statement.module else [])]))
    return package.module(statement.module or "")
