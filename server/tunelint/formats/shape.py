"""All departures of a decoded value from the struct types that declare a shape.

The types are the ones the fast path decodes into, so shape, fast check, slow explanation and JSON schema cannot disagree.
"""

import functools
from collections.abc import Iterable, Iterator
from typing import Any, Final

import msgspec
from msgspec import inspect as types

from tunelint.core.example import written
from tunelint.core.fault import Fault
from tunelint.text.parse import Path

__all__ = ["MISFITS", "closest", "describe", "faults_of", "kind_of", "may_be", "nearest_row", "prune", "read_json"]

MISFITS: Final = (msgspec.ValidationError, UnicodeEncodeError, RecursionError)
"""What converting a value to a row raises when it has not that shape; the second for half surrogate pairs, which some types refuse."""

_CLOSE: Final = 0.75
"""How alike two keys must be (``difflib`` ratio) to be taken for the same word misspelt."""

_KINDS: Final = {
    dict: "an object",
    list: "a list",
    str: "a string",
    bool: "a boolean",
    int: "a number",
    float: "a number",
}
_BOOLEANS: Final = {"true": True, "false": False}


def kind_of(value: Any) -> str:
    """Name the JSON kind of `value` in words."""
    return "null" if value is None else _KINDS[type(value)]


@functools.cache
def _type_of(row: type[msgspec.Struct]) -> types.Type:
    return types.type_info(row)


def faults_of(value: Any, row: type[msgspec.Struct]) -> list[Fault]:
    """Return every fault of `value` against the struct `row`, in the order of the text."""
    return list(_check(value, _type_of(row), ()))


def nearest_row(value: Any, rows: tuple[type[msgspec.Struct], ...]) -> tuple[type[msgspec.Struct], list[Fault]]:
    """Return the alternative of `rows` that `value` departs from least, with its faults."""
    tried = [(row, faults_of(value, row)) for row in rows]
    return min(tried, key=lambda pair: sum(_weight(fault) for fault in pair[1]))


def _weight(fault: Fault) -> float:
    if fault.kind == "unknown-key":
        return 0.5
    return (1.0 if fault.suggestion is not None else 2.0) / (1 + len(fault.path))


def prune(value: Any, faults: list[Fault]) -> Any:
    """Return a copy of `value` without the members that `faults` call unknown."""
    unknown = {fault.path for fault in faults if fault.kind == "unknown-key"}

    def copy(item: Any, path: Path) -> Any:
        if not any(one[: len(path)] == path for one in unknown):
            return item
        if isinstance(item, dict):
            return {key: copy(child, (*path, key)) for key, child in item.items() if (*path, key) not in unknown}
        if isinstance(item, list):
            return [copy(child, (*path, index)) for index, child in enumerate(item)]
        return item

    return copy(value, ())


def read_json(text: str) -> Any:
    """Return the value of a JSON text, None where it has none."""
    try:
        return msgspec.json.decode(text)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


def may_be(value: Any, row: type[msgspec.Struct], key: str) -> bool:
    """Tell whether a value is of a JSON kind that the member `key` of a struct may have; of a list, the first item has to fit."""
    wanted = next((field.type for field in _fields_of(row) if field.encode_name == key), None)
    options = wanted.types if isinstance(wanted, types.UnionType) else (wanted,)
    fitting = [one for one in options if one is not None and _same_kind(value, one)]
    if not isinstance(value, list) or not value:
        return bool(fitting)
    return any(not isinstance(one, types.ListType) or not any(_check(value[0], one.item_type, ())) for one in fitting)


def _fields_of(row: type[msgspec.Struct]) -> tuple[types.Field, ...]:
    declared = _type_of(row)
    return declared.fields if isinstance(declared, types.StructType) else ()


def closest(word: str, known: Iterable[str]) -> str | None:
    """Return the one of `known` that `word` probably stands for, by case or by spelling."""
    return _closest(word, tuple(known))


@functools.lru_cache(maxsize=1024)  # the records of a file have the same keys
def _closest(word: str, known: tuple[str, ...]) -> str | None:
    folded = {name.casefold().replace("-", "_"): name for name in known}
    exact = folded.get(word.casefold().replace("-", "_"))
    if exact is not None:
        return exact
    import difflib  # rarely needed, and not free

    matches = difflib.get_close_matches(word.casefold(), folded, 1, _CLOSE)
    return folded[matches[0]] if matches else None


def describe(wanted: types.Type) -> str:
    """Say in words what values a type has."""
    match wanted:
        case types.UnionType():
            words = list(dict.fromkeys(describe(one) for one in wanted.types))
            return ", ".join(words[:-1]) + " or " + words[-1] if len(words) > 1 else words[0]
        case types.StrType():
            return "a string"
        case types.BoolType():
            return "true or false"
        case types.IntType() | types.FloatType():
            return "a number" if isinstance(wanted, types.FloatType) else "a whole number"
        case types.NoneType():
            return "null"
        case types.LiteralType():
            return " or ".join(msgspec.json.encode(one).decode() for one in wanted.values)
        case types.ListType():
            item = describe(wanted.item_type)
            plural = {
                "a string": "strings",
                "an object": "objects",
                "a number": "numbers",
                "a whole number": "whole numbers",
            }
            return f"a list of {plural[item]}" if item in plural else "a list"
        case types.DictType() | types.StructType():
            return "an object"
    return "a value"


def _check(value: Any, wanted: types.Type, path: Path) -> Iterator[Fault]:
    match wanted:
        case types.AnyType() | types.RawType():
            return
        case types.UnionType():
            yield from _check_union(value, wanted, path)
        case types.StructType():
            yield from _check_struct(value, wanted, path)
        case types.ListType() if isinstance(value, list):
            if len(value) < (wanted.min_length or 0):
                yield Fault("wrong-length", path, f"at least {wanted.min_length}", str(len(value)))
            for index, item in enumerate(value):
                yield from _check(item, wanted.item_type, (*path, index))
        case types.DictType() if isinstance(value, dict):
            for key, item in value.items():
                yield from _check(item, wanted.value_type, (*path, key))
        case types.LiteralType():
            if not any(value is one or (value == one and type(value) is type(one)) for one in wanted.values):
                yield _wrong_value(value, wanted, path)
        case _:
            yield from _check_scalar(value, wanted, path)


def _check_scalar(value: Any, wanted: types.Type, path: Path) -> Iterator[Fault]:
    match wanted:
        case types.StrType() if isinstance(value, str):
            if len(value) < (wanted.min_length or 0):
                yield Fault("wrong-length", path, f"at least {wanted.min_length} characters", str(len(value)))
        case types.IntType() if isinstance(value, int) and not isinstance(value, bool):
            if (wanted.ge is not None and value < wanted.ge) or (wanted.le is not None and value > wanted.le):
                yield Fault("wrong-value", path, f"{wanted.ge} to {wanted.le}", str(value))
        case types.FloatType() if isinstance(value, int | float) and not isinstance(value, bool):
            return
        case types.BoolType() if isinstance(value, bool):
            return
        case types.NoneType() if value is None:
            return
        case _:
            yield _wrong_type(value, wanted, path)


def _wrong_type(value: Any, wanted: types.Type, path: Path) -> Fault:
    return Fault("wrong-type", path, describe(wanted), kind_of(value), suggestion=_reading(value, wanted))


def _wrong_value(value: Any, wanted: types.LiteralType, path: Path) -> Fault:
    words = [one for one in wanted.values if isinstance(one, str)]
    if isinstance(value, str) and words:
        return Fault("wrong-value", path, describe(wanted), value, suggestion=closest(value, words))
    same_kind = any(type(one) is type(value) for one in wanted.values)
    return Fault(
        "wrong-value" if same_kind else "wrong-type",
        path,
        describe(wanted),
        _short(value),
        suggestion=_reading(value, wanted),
    )


def _short(value: Any) -> str:
    return written(value)[:40] if isinstance(value, str | int | float | None) else kind_of(value)


def _reading(value: Any, wanted: types.Type) -> Any:
    """Return what a text says when it is written as a string but is a number, a boolean or JSON; None if there is no telling."""
    if not isinstance(value, str):
        return None
    options = wanted.types if isinstance(wanted, types.UnionType) else (wanted,)
    text = value.strip()
    for option in options:
        match option:
            case types.BoolType() if text.lower() in _BOOLEANS:
                return _BOOLEANS[text.lower()]
            case types.IntType() | types.FloatType() | types.ListType() | types.DictType() | types.StructType():
                reading = read_json(text)
                if not isinstance(reading, str | None) and not list(_check(reading, option, ())):
                    return reading
            case types.LiteralType():
                for one in option.values:
                    if not isinstance(one, str) and msgspec.json.encode(one).decode() == text.lower():
                        return one
    return None


def _check_union(value: Any, wanted: types.UnionType, path: Path) -> Iterator[Fault]:
    candidates = [one for one in wanted.types if _same_kind(value, one)]
    if not candidates:
        yield _wrong_type(value, wanted, path)
        return
    tagged = [one for one in candidates if isinstance(one, types.StructType) and one.tag_field is not None]
    if tagged and isinstance(value, dict) and len(tagged) == len(candidates):
        field = tagged[0].tag_field
        assert field is not None
        chosen = [one for one in tagged if one.tag == value.get(field)]
        if not chosen:
            yield _wrong_tag(value, field, [str(one.tag) for one in tagged], path)
            return
        candidates = list(chosen)
    yield from min((list(_check(value, one, path)) for one in candidates), key=len)


def _wrong_tag(value: dict[str, Any], field: str, tags: list[str], path: Path) -> Fault:
    words = " or ".join(f'"{tag}"' for tag in tags)
    if field not in value:
        return Fault("missing-key", path, f"{field}: {words}", key=field)
    found = value[field]
    suggestion = closest(found, tags) if isinstance(found, str) else None
    return Fault("wrong-value", (*path, field), words, found if isinstance(found, str) else kind_of(found), suggestion=suggestion)


def _same_kind(value: Any, wanted: types.Type) -> bool:
    match wanted:
        case types.StructType() | types.DictType():
            return isinstance(value, dict)
        case types.ListType():
            return isinstance(value, list)
        case types.StrType():
            return isinstance(value, str)
        case types.BoolType():
            return isinstance(value, bool)
        case types.IntType():
            return isinstance(value, int) and not isinstance(value, bool)
        case types.FloatType():
            return isinstance(value, int | float) and not isinstance(value, bool)
        case types.NoneType():
            return value is None
        case types.LiteralType():
            return any(type(one) is type(value) for one in wanted.values)
    return True


def _check_struct(value: Any, wanted: types.StructType, path: Path) -> Iterator[Fault]:
    if not isinstance(value, dict):
        yield _wrong_type(value, wanted, path)
        return
    fields = {field.encode_name: field for field in wanted.fields}
    known = set(fields) | ({wanted.tag_field} if wanted.tag_field is not None else set())
    missing = [name for name, field in fields.items() if field.required and name not in value]
    unknown = [key for key in value if key not in known]
    renamed, claimed = set(), set()
    for name in missing:
        misspelt = closest(name, unknown) if unknown else None
        if misspelt is not None:
            renamed.add(misspelt)
            claimed.add(name)
        yield Fault("missing-key", path, describe(fields[name].type), found=misspelt or "", key=name, suggestion=misspelt)
    for key, item in value.items():
        if key in fields:
            yield from _check(item, fields[key].type, (*path, key))
        elif key not in known and key not in renamed and wanted.forbid_unknown_fields:
            free = [name for name in fields if name not in value and name not in claimed]
            yield Fault("unknown-key", (*path, key), "", key=key, suggestion=closest(key, free) if free else None)
