"""Finds the JSON Schema that the answers of a dataset follow."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

__all__ = ["induced_schema"]

_MOST_CHOICES: Final = 12
_CHOICES_FROM: Final = 20
"""A text is one of a list when there are at most so many different ones among at least so many, and each stands there twice."""

_ALWAYS: Final = 0.98
"""Share of the objects that hold a key from which on it is required: the rest are slips."""

_MOST_KEYS: Final = 60
"""Objects with more different keys than this, most of them rare, are look-up tables whose keys are data."""

_DEEPEST: Final = 12
"""Levels that are described; what lies deeper is left open."""

_NAMES: Final = {
    dict: "object",
    list: "array",
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    type(None): "null",
}


def induced_schema(values: Sequence[Any], depth: int = 0) -> dict[str, Any]:
    """Return a JSON Schema (2020-12) that all the values follow, but for slips in keys; at least one value is needed."""
    kinds = Counter(_NAMES[type(value)] for value in values)
    if kinds.get("integer") and kinds.get("number"):
        kinds["number"] += kinds.pop("integer")
    if depth >= _DEEPEST or not kinds:
        return {}
    found = [_of_kind(kind, [value for value in values if _is(value, kind)], depth) for kind in sorted(kinds)]
    if len(found) == 1:
        return found[0]
    simple = all(set(one) == {"type"} for one in found)
    return {"type": [one["type"] for one in found]} if simple else {"anyOf": found}


def _is(value: Any, kind: str) -> bool:
    name = _NAMES[type(value)]
    return name == kind or (kind == "number" and name == "integer")


def _of_kind(kind: str, values: Sequence[Any], depth: int) -> dict[str, Any]:
    if kind == "object":
        return _object(values, depth)
    if kind == "array":
        items = [item for value in values for item in value]
        return {"type": "array", "items": induced_schema(items, depth + 1)} if items else {"type": "array"}
    if kind == "string":
        counts = Counter(values)
        if 1 < len(counts) <= _MOST_CHOICES and len(values) >= _CHOICES_FROM and min(counts.values()) > 1:
            return {"type": "string", "enum": sorted(counts, key=lambda text: (-counts[text], text))}
    return {"type": kind}


def _object(values: Sequence[dict[str, Any]], depth: int) -> dict[str, Any]:
    counts = Counter(key for value in values for key in value)
    if len(counts) > _MOST_KEYS:
        every = [item for value in values for item in value.values()]
        return {"type": "object", "additionalProperties": induced_schema(every, depth + 1)}
    order = sorted(counts, key=lambda key: (-counts[key], min(list(value).index(key) for value in values if key in value), key))
    properties = {key: induced_schema([value[key] for value in values if key in value], depth + 1) for key in order}
    required = [key for key in order if counts[key] >= _ALWAYS * len(values)]
    found: dict[str, Any] = {"type": "object", "properties": properties}
    if required:
        found["required"] = required
    return {**found, "additionalProperties": False}
