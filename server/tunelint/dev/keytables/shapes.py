"""What a type annotation admits: JSON types, enumerated values, and the classes of what is nested in it."""

import ast
from collections.abc import Callable, Iterator
from typing import Any, Final

import msgspec

__all__ = ["ANYTHING", "Nested", "Resolver", "Shape", "literal", "shape_of"]


class Nested(msgspec.Struct, frozen=True):
    """A class whose fields lie below a key: `suffix` is empty for an object and `[]` in a list."""

    suffix: str
    name: str


class Shape(msgspec.Struct, frozen=True):
    """The JSON types of a value (none: anything), its enumerated values, and what is nested.

    `loose` tells that values beside the enumerated ones pass; `free` that an object, or those in a list, may have any keys,
    `strict` that it refuses those that it does not know, whatever its tool does elsewhere.
    """

    types: tuple[str, ...] = ()
    enum: tuple[Any, ...] = ()
    loose: bool = False
    free: bool = False
    strict: bool = False
    nested: tuple[Nested, ...] = ()
    bounds: tuple[tuple[str, float], ...] = ()


ANYTHING: Final = Shape(free=True)

_SCALARS: Final = {
    "str": "string",
    "Path": "string",
    "PathLike": "string",
    "SecretStr": "string",
    "Secret": "string",
    "HttpUrl": "string",
    "dtype": "string",
    "device": "string",
    "datetime": "string",
    "int": "integer",
    "PositiveInt": "integer",
    "NonNegativeInt": "integer",
    "StrictInt": "integer",
    "float": "number",
    "PositiveFloat": "number",
    "NonNegativeFloat": "number",
    "bool": "boolean",
    "None": "null",
    "NoneType": "null",
}
_LISTS: Final = {
    "list",
    "List",
    "Sequence",
    "Iterable",
    "tuple",
    "Tuple",
    "set",
    "Set",
    "frozenset",
    "Collection",
    "SequenceNotStr",
}
_MAPS: Final = {"dict", "Dict", "Mapping", "MutableMapping", "OrderedDict", "defaultdict", "DictConfig"}
_WRAPPERS: Final = {"Required", "NotRequired", "Final", "ReadOnly", "ClassVar"}
_IMPLIED: Final[dict[str, tuple[tuple[str, float], ...]]] = {
    "PositiveInt": (("above", 0.0),),
    "PositiveFloat": (("above", 0.0),),
    "NonNegativeInt": (("least", 0.0),),
    "NonNegativeFloat": (("least", 0.0),),
}

Resolver = Callable[[str], Shape | None]
"""Looks a name up: the shape of an enumeration, a class or an alias, or None."""


def shape_of(node: ast.expr, resolve: Resolver) -> Shape:
    """Return the shape that an annotation describes; a name that cannot be looked up admits anything."""
    if isinstance(node, ast.Constant):
        return _of_constant(node.value, resolve)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return _union([shape_of(node.left, resolve), shape_of(node.right, resolve)])
    if isinstance(node, ast.Subscript):
        return _of_subscript(node, resolve)
    if isinstance(node, ast.Name | ast.Attribute):
        return _of_name(node, resolve)
    return ANYTHING


def literal(node: ast.expr) -> Any:
    """Return the value of a literal or of arithmetic on literals; ValueError where it is neither."""
    if isinstance(node, ast.BinOp):
        left, right = literal(node.left), literal(node.right)
        operations: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
            ast.Add: lambda a, b: a + b,
            ast.Sub: lambda a, b: a - b,
            ast.Mult: lambda a, b: a * b,
            ast.Pow: lambda a, b: a**b,
            ast.LShift: lambda a, b: a << b,
            ast.Div: lambda a, b: a / b,
        }
        if type(node.op) in operations:
            return operations[type(node.op)](left, right)
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError) as error:
        raise ValueError(ast.unparse(node)) from error
    if isinstance(value, tuple | set | frozenset):
        return list(value)
    if value is ... or isinstance(value, bytes | complex):
        raise ValueError(ast.unparse(node))
    return value


def _of_constant(value: object, resolve: Resolver) -> Shape:
    if value is None:
        return Shape(("null",))
    if isinstance(value, str):
        return shape_of(ast.parse(value, mode="eval").body, resolve)
    return ANYTHING


def _of_name(node: ast.Name | ast.Attribute, resolve: Resolver) -> Shape:
    name = node.id if isinstance(node, ast.Name) else node.attr
    if name in _SCALARS:
        return Shape((_SCALARS[name],), bounds=_IMPLIED.get(name, ()))
    if name in _LISTS:
        return Shape(("array",))
    if name in _MAPS:
        return Shape(("object",), free=True)
    found = resolve(name)
    return ANYTHING if found is None else found


def _of_subscript(node: ast.Subscript, resolve: Resolver) -> Shape:
    outer = node.value
    name = outer.id if isinstance(outer, ast.Name) else outer.attr if isinstance(outer, ast.Attribute) else ""
    parts = list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]
    if name == "Optional":
        return _union([shape_of(parts[0], resolve), Shape(("null",))])
    if name == "Union":
        return _union([shape_of(part, resolve) for part in parts])
    if name == "Literal":
        return _of_literal(parts)
    if name == "Annotated":
        inner = shape_of(parts[0], resolve)
        return msgspec.structs.replace(inner, bounds=inner.bounds + tuple(_bounds(parts[1:])))
    if name in _WRAPPERS:
        return shape_of(parts[0], resolve)
    if name in _LISTS:
        items = _union([shape_of(part, resolve) for part in parts if not isinstance(part, ast.Constant)])
        nested = tuple(Nested(f"[]{inner.suffix}", inner.name) for inner in items.nested)
        return Shape(("array",), free=items.free, strict=items.strict, nested=nested)
    if name in _MAPS:
        return Shape(("object",), free=True)
    return ANYTHING


def _of_literal(parts: list[ast.expr]) -> Shape:
    values: list[Any] = []
    for part in parts:
        try:
            values.append(literal(part))
        except ValueError:
            return Shape(("string",))
    names: dict[type, str] = {str: "string", bool: "boolean", int: "integer", float: "number", type(None): "null"}
    types = tuple(dict.fromkeys(names[type(value)] for value in values))
    return Shape(types, tuple(value for value in values if value is not None))


def _bounds(parts: list[ast.expr]) -> Iterator[tuple[str, float]]:
    for part in parts:
        if isinstance(part, ast.Call):
            yield from bounds_of(part)


def bounds_of(call: ast.Call) -> Iterator[tuple[str, float]]:
    """Yield the limits among the keyword arguments of a field: `least`, `most`, `above`, `below`."""
    names = {"ge": "least", "le": "most", "gt": "above", "lt": "below"}
    for keyword in call.keywords:
        if keyword.arg in names:
            try:
                yield names[keyword.arg], literal(keyword.value)
            except ValueError:
                continue


def _union(shapes: list[Shape]) -> Shape:
    """Join alternatives: an enumeration stays closed only while no other text is admitted beside it."""
    if any(not shape.types for shape in shapes):
        return ANYTHING
    enum = tuple(dict.fromkeys(value for shape in shapes for value in shape.enum))
    enumerated = {_type_of(value) for value in enum}
    loose = any(shape.loose or (not shape.enum and enumerated & set(shape.types)) for shape in shapes)
    return Shape(
        tuple(dict.fromkeys(kind for shape in shapes for kind in shape.types)),
        enum,
        bool(enum) and loose,
        any(shape.free for shape in shapes),
        any(shape.nested for shape in shapes) and all(shape.strict for shape in shapes if shape.nested),
        tuple(dict.fromkeys(inner for shape in shapes for inner in shape.nested)),
        tuple(bound for shape in shapes for bound in shape.bounds),
    )


def _type_of(value: object) -> str:
    return {bool: "boolean", int: "integer", float: "number"}.get(type(value), "string")
