"""The fields of dataclasses, pydantic models and typed dicts, read off their source."""

import ast
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

import msgspec
from msgspec import UNSET, UnsetType

from tunelint.dev.keytables.packages import Module, Package
from tunelint.dev.keytables.scopes import Class, Function, Value, evaluate, follow, look_up, members
from tunelint.dev.keytables.shapes import ANYTHING, Nested, Shape, bounds_of, literal, shape_of

__all__ = ["Class", "Field", "Reader", "joined"]

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
_EXTRA: Final = re.compile(r"""['"]?extra['"]?\s*[:=]\s*['"](allow|forbid|ignore)['"]""")
_DEPTH: Final = 8
"""Fields nested deeper than this belong to a class that holds itself."""


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

    def __init__(self, package: Package, rename: Callable[[str], str] = str) -> None:
        """Read a release; `rename` is how the fields' names become those of the keys."""
        self.package = package
        self._rename = rename
        self._classes: dict[str, Class] = {}

    def find(self, path: str) -> Class | None:
        """Return a class by its dotted path, through the re-exports of packages."""
        found = follow(self.package, path)
        return found if isinstance(found, Class) else None

    def keys(self, path: str) -> dict[str, Field]:
        """Return all keys of a class by their dotted names; KeyError where the release has no such class."""
        found = self.find(path)
        if found is None:
            raise KeyError(f"{path} in {self.package.version}")
        return dict(self._below(found, "", frozenset()))

    def arguments(self, path: str) -> dict[str, Field]:
        """Return the arguments of a function, or of a class's `__init__`, by their names, and what is nested in them.

        Keyword arguments of a nested object's default (`train: Train = Train(epochs=5)`) are the defaults below it.
        """
        function = follow(self.package, path)
        if function is None and (owner := self.find(path.rpartition(".")[0])) is not None:
            function = owner.method(path.rpartition(".")[2])
        if isinstance(function, Class):
            function = function.method("__init__")
        if not isinstance(function, Function):
            raise KeyError(f"{path} in {self.package.version}")
        given, named = function.node.args, function.node.args.kwonlyargs
        positional = [*given.posonlyargs, *given.args]
        defaults = [None] * (len(positional) - len(given.defaults)) + list(given.defaults) + list(given.kw_defaults)
        found: dict[str, Field] = {}
        for argument, default in zip([*positional, *named], defaults, strict=True):
            if argument.arg not in {"self", "cls"}:
                found.update(self._argument(function.module, argument, default))
        return found

    def _argument(self, module: Module, argument: ast.arg, default: ast.expr | None) -> Iterator[tuple[str, Field]]:
        shape = shape_of(argument.annotation, lambda name: self._resolve(module, name)) if argument.annotation else ANYTHING
        field = Field(shape, UNSET if default is None else self._value(module, default), default is None)
        yield argument.arg, field
        given = {word.arg: word.value for word in default.keywords} if isinstance(default, ast.Call) else {}
        for name, inner in self.nested(argument.arg, field):
            leaf = name.removeprefix(f"{argument.arg}.")
            yield name, msgspec.structs.replace(inner, default=self._value(module, given[leaf])) if leaf in given else inner

    def _below(self, one: Class, prefix: str, seen: frozenset[str]) -> Iterator[tuple[str, Field]]:
        for name, field in self.fields(one).items():
            yield prefix + name, field
            yield from self.nested(prefix + name, field, seen | {one.key})

    def nested(self, name: str, field: Field, seen: frozenset[str] = frozenset()) -> Iterator[tuple[str, Field]]:
        """Yield the keys below one, of all classes that it may hold; a key is needed where each of them needs it."""
        done: dict[str, Field] = {}
        held = [self._classes[inner.name] for inner in field.shape.nested]
        for inner, found in zip(field.shape.nested, held, strict=True):
            if found.key in seen or len(seen) > _DEPTH:
                continue
            own = dict(self._below(found, f"{name}{inner.suffix}.", seen))
            for key, value in own.items():
                mine = value if len(held) == 1 else msgspec.structs.replace(value, required=False)
                done[key] = joined(done[key], mine) if key in done else mine
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

    def _extra(self, one: Class) -> str | None:
        """Return what a pydantic model does with keys that it does not know: `allow`, `forbid`, `ignore`, or None."""
        stated = _EXTRA.search(ast.unparse(one.node))
        if stated is not None:
            return stated[1]
        above = (self._extra(base) for node in one.node.bases if (base := self._base(one, node)))
        return next((extra for extra in above if extra is not None), None)

    def _base(self, one: Class, node: ast.expr) -> Class | None:
        name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
        found = look_up(self.package, one.module, name)
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
        default, required = self._default(one, value, call)
        if required and _is_partial(one.node):
            required = "Required[" in annotation.replace("NotRequired[", "")
        field = self._closed(one, name, Field(shape, default, required, _warning(call)), conversions)
        alias = _alias(statement.annotation)
        for each in [alias] if alias else _names(self._rename(name), call):
            yield each, field

    def _default(self, one: Class, value: ast.expr | None, call: ast.Call | None) -> tuple[Any, bool]:
        """Return a field's default, UNSET where it is not known, and whether the key must be given."""
        if value is None:
            return UNSET, True
        if call is None:
            return self._value(one.module, value), False
        words = {word.arg: word.value for word in call.keywords}
        stated = words.get("default") or (call.args[0] if call.args else None)
        if stated is not None:
            missing = isinstance(stated, ast.Constant) and stated.value is ...
            return (UNSET, True) if missing else (self._value(one.module, stated), False)
        factory = words.get("default_factory")
        if factory is None:
            return UNSET, True
        if isinstance(factory, ast.Lambda):
            return self._value(one.module, factory.body), False
        made: dict[str, Any] = {"list": [], "dict": {}, "set": []}
        return made.get(ast.unparse(factory), UNSET), False

    def _value(self, module: Module, node: ast.expr) -> Any:
        try:
            return evaluate(self.package, module, node)
        except ValueError:
            return UNSET

    def _closed(self, one: Class, name: str, field: Field, conversions: dict[str, str]) -> Field:
        """Close the values of a field that its class turns into an enumeration when it is made."""
        kind = self._resolve(one.module, conversions[name]) if name in conversions else None
        if kind is None or not kind.enum:
            return field
        shape = field.shape
        types = shape.types or ("string",)
        return msgspec.structs.replace(field, shape=msgspec.structs.replace(shape, types=types, enum=kind.enum, loose=False))

    def _resolve(self, module: Module, name: str) -> Shape | None:
        found = look_up(self.package, module, name)
        if isinstance(found, Value):
            return shape_of(found.node, lambda wanted: self._resolve(found.module, wanted) if wanted != name else None)
        if not isinstance(found, Class):
            return None
        if self._is_enum(found):
            values = tuple(value for _, value in members(found.node))
            texts = tuple(value for value in values if isinstance(value, str))
            return Shape(("string",) if texts or not values else ("integer",), texts or values)
        if not self._is_record(found):
            return Shape(("object",), free=True)
        return self.shape_of_class(found)

    def shape_of_class(self, one: Class) -> Shape:
        """Return the shape of an object with a class's fields."""
        self._classes[one.key] = one
        extra = self._extra(one)
        return Shape(("object",), nested=(Nested("", one.key),), free=extra == "allow", strict=extra == "forbid")

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


def joined(one: Field, other: Field) -> Field:
    """Join what two classes say of a key that both have: either's values pass."""
    if not one.shape.types or not other.shape.types:
        return msgspec.structs.replace(one, shape=msgspec.structs.replace(one.shape, types=(), enum=()))
    enum = tuple(dict.fromkeys(one.shape.enum + other.shape.enum)) if one.shape.enum and other.shape.enum else ()
    shape = msgspec.structs.replace(
        one.shape,
        types=tuple(dict.fromkeys(one.shape.types + other.shape.types)),
        enum=enum,
        loose=one.shape.loose or other.shape.loose,
        strict=one.shape.strict and other.shape.strict,
        free=one.shape.free or other.shape.free,
        nested=tuple(dict.fromkeys(one.shape.nested + other.shape.nested)),
    )
    return Field(shape, one.default, one.required and other.required)


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


def _is_partial(node: ast.ClassDef) -> bool:
    """Tell whether a typed dict's keys may all be left out."""
    return any(word.arg == "total" and ast.unparse(word.value) == "False" for word in node.keywords)


def _alias(annotation: ast.expr) -> str | None:
    """Return the name of a key on the wire, where an annotation states it: `Annotated[str, PropertyInfo(alias="baseModel")]`."""
    for node in ast.walk(annotation):
        if isinstance(node, ast.Call) and _called(node) == "PropertyInfo":
            for word in node.keywords:
                if word.arg == "alias" and isinstance(word.value, ast.Constant):
                    return str(word.value.value)
    return None


def _warning(call: ast.Call | None) -> str | None:
    """Return the text of a field's `deprecated`; DeepSpeed's fields state it beside the new name, as extra data."""
    for word in call.keywords if call is not None else ():
        if word.arg == "deprecated" and ast.unparse(word.value) not in {"None", "False"}:
            return " ".join(
                node.value for node in ast.walk(word.value) if isinstance(node, ast.Constant) and isinstance(node.value, str)
            )
        if word.arg == "json_schema_extra" and isinstance(word.value, ast.Dict):
            stated = {ast.unparse(key): value for key, value in zip(word.value.keys, word.value.values, strict=True) if key}
            if "'deprecated'" in stated:
                successor = stated.get("'new_param'")
                return f"use {successor.value!s}" if isinstance(successor, ast.Constant) else ""
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
