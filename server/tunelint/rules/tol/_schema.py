"""The part of JSON Schema that tools are declared in: whether a schema is one, and whether a value fits it.

The keywords that tool declarations use are checked exactly, by hand: `type`, `enum`, `const`, `properties`, `required`,
`additionalProperties`, `items`, `prefixItems`, `anyOf`, `oneOf`, `allOf`, `not`, local `$ref`, and the bounds of numbers, texts,
lists and objects. Nothing is said about other keywords, such as `pattern` and `format`, whose meaning differs between languages.
A library for all of the standard would cost more start-up than all rules together; a test holds these functions against one.
"""

from collections.abc import Iterator
from typing import Any, Final

from tunelint.formats.shape import kind_of
from tunelint.text.parse import Path

__all__ = ["misfits", "schema_faults"]

_TYPES: Final = frozenset({"object", "array", "string", "number", "integer", "boolean", "null"})
_MAX_DEPTH: Final = 40
_NAMED: Final = 3
"""How many missing members a message names."""

_SCHEMAS: Final = ("items", "additionalProperties", "not")
_LISTS_OF_SCHEMAS: Final = ("anyOf", "oneOf", "allOf", "prefixItems")
_MAPS_OF_SCHEMAS: Final = ("properties", "$defs", "definitions")
_CONTAINERS: Final = (
    *((key, dict, "an object") for key in _MAPS_OF_SCHEMAS),
    *((key, list, "a list") for key in _LISTS_OF_SCHEMAS),
)
_BOUNDS: Final = (
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
)

Fault = tuple[Path, str]
"""A place inside the schema or the value, and what is wrong there in words."""


def schema_faults(schema: Any, *, upper_case: bool = False) -> Iterator[Fault]:
    """Yield where a value is no JSON Schema. With `upper_case` types may be written as Google does: ``STRING``."""
    yield from _schema_faults(schema, schema, (), upper_case)


def _schema_faults(schema: Any, root: Any, at: Path, upper_case: bool) -> Iterator[Fault]:
    if isinstance(schema, bool) or len(at) > 2 * _MAX_DEPTH:
        return
    if not isinstance(schema, dict):
        yield at, f"{_short(schema)} is no schema"
        return
    yield from _type_faults(schema, at, upper_case)
    required = schema.get("required")
    if "required" in schema and not (isinstance(required, list) and all(isinstance(name, str) for name in required)):
        yield (*at, "required"), "'required' is not a list of names"
    if "enum" in schema and not isinstance(schema["enum"], list):
        yield (*at, "enum"), "'enum' is not a list"
    if isinstance(schema.get("$ref"), str) and schema["$ref"].startswith("#") and _resolve(schema["$ref"], root) is None:
        yield (*at, "$ref"), f"{schema['$ref'][:40]!r} is not there"
    for key, kind, words in _CONTAINERS:
        if key in schema and not isinstance(schema[key], kind):
            yield (*at, key), f"{key!r} is not {words}"
    for inner, one in _inner_schemas(schema):
        yield from _schema_faults(one, root, (*at, *inner), upper_case)


def _inner_schemas(schema: dict[str, Any]) -> Iterator[tuple[Path, Any]]:
    """Yield what a schema holds where schemas are wanted."""
    for key in _MAPS_OF_SCHEMAS:
        for name, one in schema[key].items() if isinstance(schema.get(key), dict) else ():
            yield (key, name), one
    for key in (*_LISTS_OF_SCHEMAS, "items"):
        for index, one in enumerate(schema[key] if isinstance(schema.get(key), list) else ()):
            yield (key, index), one
    for key in _SCHEMAS:
        if key in schema and not (key == "items" and isinstance(schema[key], list)):
            yield (key,), schema[key]


def _type_faults(schema: dict[str, Any], at: Path, upper_case: bool) -> Iterator[Fault]:
    if "type" not in schema:
        return
    written = schema["type"]
    for one in written if isinstance(written, list) else [written]:
        name = one.lower() if upper_case and isinstance(one, str) else one
        if not isinstance(name, str) or name not in _TYPES:
            yield (*at, "type"), f"{_short(one)} is no type of JSON Schema"


def misfits(value: Any, schema: Any) -> Iterator[Fault]:
    """Yield where `value` does not fit `schema`. What is no schema is fitted by anything."""
    yield from _misfits(value, schema, schema, (), 0)


def _misfits(value: Any, schema: Any, root: Any, at: Path, depth: int) -> Iterator[Fault]:
    if schema is False:
        yield at, "is not allowed"
    if not isinstance(schema, dict) or depth > _MAX_DEPTH:
        return
    reference = schema.get("$ref")
    if isinstance(reference, str):
        yield from _misfits(value, _resolve(reference, root), root, at, depth + 1)
    if value is None and schema.get("nullable") is True:
        return
    names = _type_names(schema)
    if names and not any(_is(value, name) for name in names):
        yield at, f"is {kind_of(value)}, declared as {' or '.join(names)}"
        return
    if isinstance(schema.get("enum"), list) and not any(_equal(value, one) for one in schema["enum"]):
        yield at, f"is {_short(value)}, none of the declared values"
    if "const" in schema and not _equal(value, schema["const"]):
        yield at, f"is {_short(value)}, declared as {_short(schema['const'])}"
    yield from _bounds(value, schema, at)
    if isinstance(value, dict):
        yield from _members(value, schema, root, at, depth)
    elif isinstance(value, list):
        yield from _items(value, schema, root, at, depth)
    yield from _combined(value, schema, root, at, depth)


def _members(value: dict[str, Any], schema: dict[str, Any], root: Any, at: Path, depth: int) -> Iterator[Fault]:
    properties = schema.get("properties") if isinstance(schema.get("properties"), dict) else {}
    assert isinstance(properties, dict)
    required = schema["required"] if isinstance(schema.get("required"), list) else []
    lacking = [name[:40] for name in required if isinstance(name, str) and name not in value]
    if lacking:
        more = f" and {len(lacking) - _NAMED} more" if len(lacking) > _NAMED else ""
        yield at, f"lacks {', '.join(map(repr, lacking[:_NAMED]))}{more}"
    others = schema.get("additionalProperties")
    free = schema.get("patternProperties")
    for name, item in value.items():
        if name in properties:
            yield from _misfits(item, properties[name], root, (*at, name), depth + 1)
        elif others is False and not free:
            yield (*at, name), "is not declared"
        elif isinstance(others, dict) and not free:
            yield from _misfits(item, others, root, (*at, name), depth + 1)


def _items(value: list[Any], schema: dict[str, Any], root: Any, at: Path, depth: int) -> Iterator[Fault]:
    first = schema.get("prefixItems")
    prefix = first if isinstance(first, list) else []
    items = schema.get("items")
    if isinstance(items, list):  # how drafts before 2020-12 write `prefixItems`
        prefix, items = items, None
    for index, item in enumerate(value):
        if index < len(prefix):
            yield from _misfits(item, prefix[index], root, (*at, index), depth + 1)
        elif items is not None:
            yield from _misfits(item, items, root, (*at, index), depth + 1)


def _combined(value: Any, schema: dict[str, Any], root: Any, at: Path, depth: int) -> Iterator[Fault]:
    for key in ("anyOf", "oneOf"):
        options = schema.get(key)
        if not isinstance(options, list) or not options:
            continue
        tried = [list(_misfits(value, option, root, at, depth + 1)) for option in options]
        fitting = sum(not faults for faults in tried)
        if not fitting:
            yield from min(tried, key=_distance)
        elif key == "oneOf" and fitting > 1:
            yield at, f"fits {fitting} of the alternatives, of which one is wanted"
    for option in schema["allOf"] if isinstance(schema.get("allOf"), list) else ():
        yield from _misfits(value, option, root, at, depth + 1)
    if isinstance(schema.get("not"), dict | bool) and not list(_misfits(value, schema["not"], root, at, depth + 1)):
        yield at, f"is {_short(value)}, which is ruled out"


def _distance(faults: list[Fault]) -> tuple[int, int]:
    """Order alternatives: those whose faults lie deeper come first, because they were probably meant."""
    return -max(len(path) for path, _ in faults), len(faults)


def _bounds(value: Any, schema: dict[str, Any], at: Path) -> Iterator[Fault]:
    bounds: dict[str, Any] = {key: schema[key] for key in _BOUNDS if key in schema and _number(schema[key])}
    if not bounds:
        return
    if _number(value):
        yield from _range(value, bounds, at, _short(value), "minimum", "maximum")
        if value <= bounds.get("exclusiveMinimum", value - 1):
            yield at, f"is {_short(value)}, declared as above {bounds['exclusiveMinimum']}"
        if value >= bounds.get("exclusiveMaximum", value + 1):
            yield at, f"is {_short(value)}, declared as below {bounds['exclusiveMaximum']}"
    elif isinstance(value, str):
        yield from _range(len(value), bounds, at, f"{len(value)} characters long", "minLength", "maxLength")
    elif isinstance(value, list):
        yield from _range(len(value), bounds, at, f"{len(value)} items long", "minItems", "maxItems")
    elif isinstance(value, dict):
        yield from _range(len(value), bounds, at, f"{len(value)} members large", "minProperties", "maxProperties")


def _range(size: float, bounds: dict[str, Any], at: Path, found: str, low: str, high: str) -> Iterator[Fault]:
    if low in bounds and size < bounds[low]:
        yield at, f"is {found}, declared as at least {bounds[low]}"
    if high in bounds and size > bounds[high]:
        yield at, f"is {found}, declared as at most {bounds[high]}"


def _resolve(reference: str, root: Any) -> Any:
    """Return the schema that a local reference names, None for another document or for nothing."""
    if reference != "#" and not reference.startswith("#/"):
        return None
    value = root
    for step in reference[2:].split("/") if reference != "#" else ():
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and name in value:
            value = value[name]
        elif isinstance(value, list) and name.isdecimal() and int(name) < len(value):
            value = value[int(name)]
        else:
            return None
    return value


def _type_names(schema: dict[str, Any]) -> list[str]:
    """Return the types that a schema allows; none where one of them is no type, so that nothing can be said."""
    written = schema.get("type")
    names = [one.lower() if isinstance(one, str) else "" for one in (written if isinstance(written, list) else [written])]
    return names if all(name in _TYPES for name in names) else []


def _is(value: Any, name: str) -> bool:
    match name:
        case "object":
            return isinstance(value, dict)
        case "array":
            return isinstance(value, list)
        case "string":
            return isinstance(value, str)
        case "boolean":
            return isinstance(value, bool)
        case "null":
            return value is None
        case "integer":
            return _number(value) and (isinstance(value, int) or value.is_integer())
    return _number(value)


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _equal(one: Any, other: Any) -> bool:
    """Compare as JSON does: 1 and 1.0 are equal, 1 and true are not."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(_equal(*pair) for pair in zip(one, other, strict=True))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_equal(one[key], other[key]) for key in one)
    return bool(one == other)


def _short(value: Any) -> str:
    if isinstance(value, dict | list) or value is None or isinstance(value, bool):
        return "true" if value is True else "false" if value is False else kind_of(value)
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "…" + text[-1]
