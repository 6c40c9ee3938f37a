"""The subset of JSON Schema, held against a library for all of it."""

from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunelint.rules.tol._schema import misfits, schema_faults

_TYPES = ["object", "array", "string", "number", "integer", "boolean", "null"]
_NAMES = st.sampled_from(["a", "b", "c"])
_SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 3), st.sampled_from([0.0, 1.0, 0.5]), st.sampled_from(["", "a", "bb", "ccc"])
)
VALUES = st.recursive(
    _SCALARS, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_NAMES, inner, max_size=3)), max_leaves=6
)


def _schemas(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries(
        {},
        optional={
            "type": st.one_of(st.sampled_from(_TYPES), st.lists(st.sampled_from(_TYPES), min_size=1, max_size=2, unique=True)),
            "enum": st.lists(_SCALARS, min_size=1, max_size=3),
            "const": _SCALARS,
            "properties": st.dictionaries(_NAMES, inner, max_size=2),
            "required": st.lists(_NAMES, max_size=2, unique=True),
            "additionalProperties": st.one_of(st.booleans(), inner),
            "items": inner,
            "prefixItems": st.lists(inner, min_size=1, max_size=2),
            "anyOf": st.lists(inner, min_size=1, max_size=2),
            "oneOf": st.lists(inner, min_size=1, max_size=2),
            "allOf": st.lists(inner, min_size=1, max_size=2),
            "not": inner,
            "minimum": st.integers(-2, 2),
            "exclusiveMaximum": st.integers(-2, 2),
            "minLength": st.integers(0, 2),
            "maxItems": st.integers(0, 2),
            "minProperties": st.integers(0, 2),
            "$ref": st.just("#/$defs/shared"),
            "pattern": st.just("^a"),
        },
    )


SCHEMAS = st.recursive(st.one_of(st.booleans(), st.fixed_dictionaries({"type": st.sampled_from(_TYPES)})), _schemas, max_leaves=5)


def _without_pattern(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {key: _without_pattern(item) for key, item in schema.items() if key != "pattern"}
    return [_without_pattern(item) for item in schema] if isinstance(schema, list) else schema


@given(SCHEMAS, SCHEMAS, VALUES)
def test_verdict_is_that_of_a_full_validator(schema: Any, shared: Any, value: Any) -> None:
    if isinstance(schema, dict):
        schema = schema | {"$defs": {"shared": shared}}
    if "$ref" in repr(shared) or (not isinstance(schema, dict) and "$ref" in repr(schema)):
        return
    library = jsonschema.Draft202012Validator(_without_pattern(schema))
    assert (not list(misfits(value, schema))) == library.is_valid(value)
    assert list(schema_faults(schema)) == []


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        ({"type": "dict"}, ("type",)),
        ({"type": ["string", "any"]}, ("type",)),
        ({"type": None}, ("type",)),
        ({"properties": []}, ("properties",)),
        ({"properties": {"a": "string"}}, ("properties", "a")),
        ({"properties": {"a": {"type": "str"}}}, ("properties", "a", "type")),
        ({"required": True}, ("required",)),
        ({"required": [1]}, ("required",)),
        ({"enum": "a"}, ("enum",)),
        ({"items": 1}, ("items",)),
        ({"items": [{"type": "x"}]}, ("items", 0, "type")),  # before 2020-12
        ({"anyOf": {}}, ("anyOf",)),
        ({"anyOf": [{"type": "x"}]}, ("anyOf", 0, "type")),
        ({"$ref": "#/$defs/a"}, ("$ref",)),
        ("string", ()),
    ],
)
def test_what_is_no_schema(schema: Any, path: tuple[str | int, ...]) -> None:
    assert [at for at, _ in schema_faults(schema)] == [path]
    assert _is_schema(schema) == ("$ref" in path)


def _is_schema(schema: Any) -> bool:
    try:
        jsonschema.Draft202012Validator.check_schema(schema)
    except jsonschema.SchemaError:
        return False
    return True


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#"},
        {"$ref": "#/properties/a", "properties": {"a": {"$ref": "#/properties/a"}}},
        {"$ref": "https://example.com/schema.json"},
        {"type": "dict", "properties": 7, "required": "a", "items": 3, "anyOf": 1, "enum": 2, "minimum": "1"},
        {"type": "any"},
        {"nullable": True, "type": "object"},
    ],
)
def test_odd_schemas_say_nothing(schema: Any) -> None:
    assert list(misfits({"a": None}, schema)) == []


def test_google_writes_types_in_upper_case() -> None:
    schema = {"type": "OBJECT", "properties": {"a": {"type": "STRING", "nullable": True}}}
    assert list(schema_faults(schema, upper_case=True)) == []
    assert [path for path, _ in schema_faults(schema)] == [("type",), ("properties", "a", "type")]
    assert list(misfits({"a": None}, schema)) == []
    assert [path for path, _ in misfits({"a": 1}, schema)] == [("a",)]
