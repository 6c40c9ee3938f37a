"""Values as JSON and paths as addresses, such that strict readers take them whatever stands in the data."""

import os
import posixpath
import re
from typing import Any, Final
from urllib.parse import quote

import msgspec

__all__ = ["encode", "pretty", "slashed", "uri"]

_DRIVE: Final = re.compile("[A-Za-z]:/")


def encode(value: Any) -> bytes:
    """Return a value as JSON; half surrogate pairs, which a dataset may hold and UTF-8 cannot, become question marks."""
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        return msgspec.json.encode(_sound(msgspec.to_builtins(value)))


def _sound(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_sound(key): _sound(item) for key, item in value.items()}
    return [_sound(item) for item in value] if isinstance(value, list | tuple) else value


def pretty(value: Any) -> str:
    """Return a value as indented JSON with a line end."""
    return msgspec.json.format(encode(value), indent=2).decode() + "\n"


def slashed(path: str) -> str:
    """Return a path with forward slashes and without detours."""
    return posixpath.normpath(path.replace("\\", "/"))


def uri(path: str) -> str:
    """Return the address of a file: relative for a relative path, else a ``file:`` one."""
    path = slashed(path)
    start = "file:///" if _DRIVE.match(path) else "file:" if path.startswith("//") else "file://" if path.startswith("/") else ""
    return start + quote(os.fsencode(path), safe="/:" if start else "/")
