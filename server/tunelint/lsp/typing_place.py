"""Where in a record the user types: what is open at the end of a piece of JSON that has only a beginning."""

from typing import Any, Final, NamedTuple

import msgspec

from tunelint.formats import Format

__all__ = ["TypingPlace", "keys_at", "typing_place"]

_INDEX: Final = "[]"
"""Stands in a path for any item of a list."""


class TypingPlace(NamedTuple):
    """A string that is being typed: a key of the object at `path`, or, where `key` is given, the value of that key there."""

    path: tuple[str, ...]
    key: str | None
    present: frozenset[str]
    """The keys that the object has already."""


class _Open:
    """An object or list that is not closed yet."""

    def __init__(self, name: str, *, is_object: bool) -> None:
        self.name = name
        self.is_object = is_object
        self.keys: list[str] = []
        self.after_colon = False


def typing_place(prefix: str) -> TypingPlace | None:
    """Return where a string is being typed at the end of `prefix`; None where none is."""
    stack: list[_Open] = []
    position = 0
    while position < len(prefix):
        character = prefix[position]
        top = stack[-1] if stack else None
        if character == '"':
            end = _string_end(prefix, position)
            if end is None:
                return _place(stack)
            if top is not None and top.is_object and not top.after_colon:
                top.keys.append(prefix[position + 1 : end])
            position = end
        elif character in "{[":
            name = _INDEX if top is not None and not top.is_object else (top.keys[-1] if top is not None and top.keys else "")
            stack.append(_Open(name, is_object=character == "{"))
        elif character in "}]":
            if stack:
                stack.pop()
        elif top is not None and character == ":":
            top.after_colon = True
        elif top is not None and character == ",":
            top.after_colon = False
        position += 1
    return None


def _string_end(text: str, start: int) -> int | None:
    position = start + 1
    while position < len(text):
        if text[position] == "\\":
            position += 1
        elif text[position] == '"':
            return position
        position += 1
    return None


def _place(stack: list[_Open]) -> TypingPlace | None:
    if not stack or not stack[-1].is_object:
        return None
    top = stack[-1]
    path = tuple(one.name for one in stack[1:])
    return TypingPlace(path, top.keys[-1] if top.after_colon and top.keys else None, frozenset(top.keys))


def keys_at(form: type[Format] | Format, path: tuple[str, ...]) -> list[str]:
    """Return the keys that a format knows for the object at a path, in the order of its definition."""
    found: dict[str, None] = {}
    for row in form.rows:
        for struct in _structs(msgspec.inspect.type_info(row), path):
            found.update((field.encode_name, None) for field in struct.fields)
    return list(found)


def _structs(kind: Any, path: tuple[str, ...]) -> list[msgspec.inspect.StructType]:
    if isinstance(kind, msgspec.inspect.Metadata):
        return _structs(kind.type, path)
    if isinstance(kind, msgspec.inspect.UnionType):
        return [one for member in kind.types for one in _structs(member, path)]
    if isinstance(kind, msgspec.inspect.StructType):
        if not path:
            return [kind]
        return [one for field in kind.fields if field.encode_name == path[0] for one in _structs(field.type, path[1:])]
    if isinstance(kind, (msgspec.inspect.ListType, msgspec.inspect.VarTupleType)) and path and path[0] == _INDEX:
        return _structs(kind.item_type, path[1:])
    return []
