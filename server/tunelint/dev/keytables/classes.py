"""The fields of dataclasses, pydantic models and typed dicts, read off their source."""

import ast
from collections.abc import Iterator
from typing import Any, Final

import msgspec
from msgspec import UNSET, UnsetType

from tunelint.dev.keytables.packages import Module, Package
from tunelint.dev.keytables.shapes import ANYTHING, Nested, Shape, bounds_of, literal, shape_of

__all__ = ["Class", "Field", "Reader"]

_ENUMS: Final = {
    "Enum",
    "StrEnum",
    "IntEnum",
    "ExplicitEnum",
    "BaseEnum",
    "EnumWithContains",
    "CaseInSensitiveEnum",
    "_CaseInSensitiveEnum",
}
_RECORDS: Final = {"BaseModel", "TypedDict", "NamedTuple", "Struct", "BaseSettings", "RootModel"}
_FIELD_CALLS: Final = {"field", "Field", "FieldInfo", "PydanticField"}
_DEPTH: Final = 8
"""Fields nested deeper than this belong to a class that holds itself."""


class Class(msgspec.Struct, frozen=True, eq=False):
    """A class and the module that it stands in."""

    module: Module
    node: ast.ClassDef

    @property
    def key(self) -> str:
        """Return the name that tells it from all other classes of the release."""
        return f"{self.module.name}:{self.node.name}"


class Field(msgspec.Struct, frozen=True):
    """One key: its dotted name is not part of it. `default` is UNSET where none is known.

    `warning` is what the tool says when a deprecated key is used, and None for a key in good standing.
    """

    shape: Shape = ANYTHING
    default: Any | UnsetType = UNSET
    required: bool = False
    warning: str | None = None


class Reader:
    """Reads classes of one release."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self._classes: dict[str, Class] = {}

    def find(self, path: str) -> Class | None:
        """Return a class by its dotted path, through the re-exports of packages."""
        module, _, name = path.rpartition(".")
        found = self._lookup(self.package.module(module), name) if module else None
        return found if isinstance(found, Class) else None

    def keys(self, path: str) -> dict[str, Field]:
        """Return all keys of a class by their dotted names; KeyError where the release has no such class."""
        found = self.find(path)
        if found is None:
            raise KeyError(f"{path} in {self.package.version}")
        return dict(self._below(found, "", frozenset()))

    def shape(self, path: str) -> Shape:
        """Return what a class or an alias at a dotted path admits."""
        module = self.package.module(path.rpartition(".")[0])
        return shape_of(ast.Name(path.rpartition(".")[2]), lambda name: self._resolve(module, name)) if module else ANYTHING

    def _below(self, one: Class, prefix: str, seen: frozenset[str]) -> Iterator[tuple[str, Field]]:
        for name, field in self.fields(one).items():
            yield prefix + name, field
            yield from self.nested(prefix + name, field, seen | {one.key})

    def nested(self, name: str, field: Field, seen: frozenset[str] = frozenset()) -> Iterator[tuple[str, Field]]:
        """Yield the keys below one, of all classes that it may hold; the first class to have a key describes it."""
        done: dict[str, Field] = {}
        for inner in field.shape.nested:
            found = self._classes[inner.name]
            if found.key in seen or len(seen) > _DEPTH:
                continue
            for key, value in self._below(found, f"{name}{inner.suffix}.", seen):
                done[key] = _joined(done[key], value) if key in done else value
        yield from done.items()

    def fields(self, one: Class) -> dict[str, Field]:
        """Return the fields of a class and of those bases that the release holds; its own come first."""
        found: dict[str, Field] = {}
        conversions = _conversions(one.node)
        for statement in one.node.body:
            if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
                found.update(self._field(one, statement, conversions))
        for base in one.node.bases:
            for name, field in self.fields(above).items() if (above := self._base(one, base)) else ():
                found.setdefault(name, self._closed(one, name, field, conversions))
        return found

    def is_free(self, one: Class) -> bool:
        """Tell whether a pydantic model takes any key: `extra = "allow"` in its configuration."""
        if 'extra="allow"' in (text := ast.unparse(one.node).replace("'", '"').replace(" ", "")) or '"extra":"allow"' in text:
            return True
        return any(self.is_free(above) for base in one.node.bases if (above := self._base(one, base)))

    def _base(self, one: Class, node: ast.expr) -> Class | None:
        name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
        found = self._lookup(one.module, name)
        return found if isinstance(found, Class) and found.key != one.key else None

    def _field(self, one: Class, statement: ast.AnnAssign, conversions: dict[str, str]) -> Iterator[tuple[str, Field]]:
        assert isinstance(statement.target, ast.Name)
        name, annotation = statement.target.id, ast.unparse(statement.annotation)
        if name.startswith("__") or "ClassVar" in annotation or name == "model_config":
            return
        value = statement.value
        call = value if isinstance(value, ast.Call) and _called(value) in _FIELD_CALLS else None
        if call is not None and any(word.arg == "init" and ast.unparse(word.value) == "False" for word in call.keywords):
            return
        shape = shape_of(statement.annotation, lambda wanted: self._resolve(one.module, wanted))
        if call is not None:
            shape = _with_call(shape, call)
        field = self._closed(one, name, Field(shape, *self._default(one, value, call), _warning(call)), conversions)
        names = list(_names(name, call))
        for each in names:
            yield each, field

    def _default(self, one: Class, value: ast.expr | None, call: ast.Call | None) -> tuple[Any, bool]:
        """Return a field's default, UNSET where it is not known, and whether the key must be given."""
        if value is None:
            return UNSET, True
        if call is None:
            return self._value(one, value), False
        words = {word.arg: word.value for word in call.keywords}
        stated = words.get("default") or (call.args[0] if call.args else None)
        if stated is not None:
            missing = isinstance(stated, ast.Constant) and stated.value is ...
            return (UNSET, True) if missing else (self._value(one, stated), False)
        factory = words.get("default_factory")
        if factory is None:
            return UNSET, True
        if isinstance(factory, ast.Lambda):
            return self._value(one, factory.body), False
        made: dict[str, Any] = {"list": [], "dict": {}, "set": []}
        return made.get(ast.unparse(factory), UNSET), False

    def _value(self, one: Class, node: ast.expr) -> Any:
        try:
            return literal(node)
        except ValueError:
            pass
        if isinstance(node, ast.Attribute) and node.attr == "value":
            node = node.value
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            owner = self._lookup(one.module, node.value.id)
            return dict(_members(owner.node)).get(node.attr, UNSET) if isinstance(owner, Class) else UNSET
        if isinstance(node, ast.Name):
            found = self._lookup(one.module, node.id)
            if isinstance(found, ast.expr):
                try:
                    return literal(found)
                except ValueError:
                    return UNSET
        return UNSET

    def _closed(self, one: Class, name: str, field: Field, conversions: dict[str, str]) -> Field:
        """Close the values of a field that its class turns into an enumeration when it is made."""
        kind = self._resolve(one.module, conversions[name]) if name in conversions else None
        if not isinstance(kind, Shape) or not kind.enum:
            return field
        shape = field.shape
        types = shape.types or ("string",)
        return msgspec.structs.replace(field, shape=msgspec.structs.replace(shape, types=types, enum=kind.enum, loose=False))

    def _resolve(self, module: Module, name: str) -> "Shape | ast.expr | None":
        found = self._lookup(module, name)
        if not isinstance(found, Class):
            return found
        if self._is_enum(found):
            values = tuple(value for _, value in _members(found.node))
            texts = tuple(value for value in values if isinstance(value, str))
            return Shape(("string",) if texts or not values else ("integer",), texts or values)
        if not self._is_record(found):
            return Shape(("object",), free=True)
        self._classes[found.key] = found
        free = self.is_free(found)
        return Shape(("object",), nested=(Nested("", found.key),), free=free)

    def _is_enum(self, one: Class) -> bool:
        names = {ast.unparse(base).rpartition(".")[2] for base in one.node.bases}
        return bool(names & _ENUMS) or any(self._is_enum(above) for base in one.node.bases if (above := self._base(one, base)))

    def _is_record(self, one: Class) -> bool:
        """Tell whether a class's annotations are its keys: dataclasses, pydantic models, typed dicts, attrs classes."""
        names = {ast.unparse(base).partition("[")[0].rpartition(".")[2] for base in one.node.bases}
        marks = " ".join(ast.unparse(mark) for mark in one.node.decorator_list)
        if names & _RECORDS or "dataclass" in marks or "define" in marks:
            return True
        return any(self._is_record(above) for base in one.node.bases if (above := self._base(one, base)))

    def _lookup(self, module: Module | None, name: str, depth: int = 0) -> "Class | ast.expr | None":
        """Return the class or the value that a name stands for in a module, through its imports."""
        if module is None or depth > _DEPTH:
            return None
        for statement in reversed(list(_top_level(module.tree))):
            if isinstance(statement, ast.ClassDef) and statement.name == name:
                return Class(module, statement)
            if isinstance(statement, ast.Assign | ast.AnnAssign) and name in _assigned(statement):
                return statement.value
            if isinstance(statement, ast.ImportFrom):
                for alias in statement.names:
                    if (alias.asname or alias.name) == name:
                        return self._lookup(self._imported(module, statement), alias.name, depth + 1)
                    if alias.name == "*" and (found := self._lookup(self._imported(module, statement), name, depth + 1)):
                        return found
        return None

    def _imported(self, module: Module, statement: ast.ImportFrom) -> Module | None:
        parts = module.name.split(".")
        if statement.level:
            parts = parts[: len(parts) - statement.level + module.is_package]
            return self.package.module(".".join([*parts, *([statement.module] if statement.module else [])]))
        return self.package.module(statement.module or "")


def _joined(one: Field, other: Field) -> Field:
    """Join what two classes say of a key that both have: either's values pass."""
    if not one.shape.types or not other.shape.types:
        return msgspec.structs.replace(one, shape=msgspec.structs.replace(one.shape, types=(), enum=()))
    enum = tuple(dict.fromkeys(one.shape.enum + other.shape.enum)) if one.shape.enum and other.shape.enum else ()
    shape = msgspec.structs.replace(
        one.shape,
        types=tuple(dict.fromkeys(one.shape.types + other.shape.types)),
        enum=enum,
        loose=one.shape.loose or other.shape.loose,
        free=one.shape.free or other.shape.free,
        nested=tuple(dict.fromkeys(one.shape.nested + other.shape.nested)),
    )
    return Field(shape, one.default, one.required and other.required)


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
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target] if statement.value else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _members(node: ast.ClassDef) -> Iterator[tuple[str, Any]]:
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


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""


def _with_call(shape: Shape, call: ast.Call) -> Shape:
    """Add what a field's call says: its limits, and its choices."""
    bounds = tuple(bounds_of(call))
    choices: tuple[Any, ...] = ()
    for word in call.keywords:
        if word.arg == "metadata" and isinstance(word.value, ast.Dict):
            for key, value in zip(word.value.keys, word.value.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "choices":
                    try:
                        choices = tuple(literal(value))
                    except (ValueError, TypeError):
                        choices = ()
    if choices:
        shape = msgspec.structs.replace(shape, enum=tuple(one for one in choices if one is not None), loose=False)
    return msgspec.structs.replace(shape, bounds=shape.bounds + bounds)


def _warning(call: ast.Call | None) -> str | None:
    """Return the text of a field's `deprecated`."""
    for word in call.keywords if call is not None else ():
        if word.arg == "deprecated" and ast.unparse(word.value) not in {"None", "False"}:
            return " ".join(
                node.value for node in ast.walk(word.value) if isinstance(node, ast.Constant) and isinstance(node.value, str)
            )
    return None


def _names(name: str, call: ast.Call | None) -> Iterator[str]:
    """Yield the names under which a field is read: its own, and the aliases that its call states."""
    yield name
    for word in call.keywords if call is not None else ():
        if word.arg in {"alias", "validation_alias"}:
            for node in ast.walk(word.value):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value != name:
                    yield node.value


def _conversions(node: ast.ClassDef) -> dict[str, str]:
    """Return the fields that a method turns into a class: `self.optim = OptimizerNames(self.optim)`."""
    found = {}
    for inner in ast.walk(node):
        if isinstance(inner, ast.Assign) and isinstance(inner.value, ast.Call) and len(inner.value.args) == 1:
            target, argument = ast.unparse(inner.targets[0]), ast.unparse(inner.value.args[0])
            if target == argument and target.startswith("self.") and isinstance(inner.value.func, ast.Name):
                found[target.removeprefix("self.")] = inner.value.func.id
    return found
