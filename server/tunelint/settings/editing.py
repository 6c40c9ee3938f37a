"""Changes to a settings file that keep its comments and layout: one piece of text is put in."""

import json
import re
import tomllib
from typing import Any, Final, NamedTuple

__all__ = ["Insertion", "assigning", "ignoring"]

_TABLE: Final = re.compile(r"^[ \t]*\[", re.MULTILINE)


class Insertion(NamedTuple):
    """Text to put in at an offset of the file's text."""

    offset: int
    text: str


def ignoring(text: str, code: str, *, pyproject: bool, pattern: str = "") -> Insertion | None:
    """Return what must be put into a settings file so that a rule is off, everywhere or in the files of a pattern.

    None where the rule is off already, or where the file is written in a way that this cannot follow.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None
    root = "tool.tunelint" if pyproject else ""
    if pyproject:
        table = table.get("tool", {}).get("tunelint", {})
    section = ".".join(part for part in (root, "per-file-ignores" if pattern else "") if part)
    values = table.get("per-file-ignores", {}) if pattern else table
    key = pattern or "ignore"
    if code in values.get(key, []):
        return None
    written = f'"{pattern}"' if pattern else key
    found = _into_list(text, section, written, code) if key in values else _new_entry(text, section, f'{written} = ["{code}"]\n')
    if found is None:
        return None
    after = _table_after(text, found, pyproject=pyproject)
    return found if code in (after.get("per-file-ignores", {}) if pattern else after).get(key, []) else None


def assigning(text: str, key: str, value: str, *, pyproject: bool) -> Insertion | None:
    """Return what must be put into a settings file so that a setting that it does not have yet has a value.

    None where it has that setting, or is written in a way that this cannot follow.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None
    before = table.get("tool", {}).get("tunelint", {}) if pyproject else table
    if key in before:
        return None
    found = _new_entry(text, "tool.tunelint" if pyproject else "", f"{key} = {json.dumps(value)}\n")
    return found if _table_after(text, found, pyproject=pyproject) == {**before, key: value} else None


def _section(text: str, name: str) -> tuple[int, int] | None:
    """Return where the entries of a table begin and end; the root table has no heading."""
    start = 0
    if name:
        heading = re.search(rf"^[ \t]*\[{re.escape(name)}\][^\n]*(?:\n|\Z)", text, re.MULTILINE)
        if heading is None:
            return None
        start = heading.end()
    following = _TABLE.search(text, start)
    return start, following.start() if following is not None else len(text)


def _into_list(text: str, section: str, key: str, code: str) -> Insertion | None:
    place = _section(text, section)
    if place is None:
        return None
    match = re.compile(rf"^[ \t]*{re.escape(key)}[ \t]*=[ \t]*\[", re.MULTILINE).search(text, *place)
    if match is None:
        return None
    empty = text[match.end() :].lstrip().startswith("]")
    return Insertion(match.end(), f'"{code}"' if empty else f'"{code}", ')


def _new_entry(text: str, section: str, line: str) -> Insertion:
    place = _section(text, section)
    if place is None:
        lead = "" if not text else "\n" if text.endswith("\n") else "\n\n"
        return Insertion(len(text), f"{lead}[{section}]\n{line}")
    start, end = place
    if section or start == end:
        lead = "\n" if start and not text[:start].endswith("\n") else ""
        return Insertion(start, lead + line)
    body = text[:end].rstrip()
    return Insertion(len(body), ("\n" if body else "") + line.rstrip("\n") + ("" if text[len(body) :].startswith("\n") else "\n"))


def _table_after(text: str, insertion: Insertion, *, pyproject: bool) -> dict[str, Any]:
    """Return the settings that an insertion makes; none where it breaks the file."""
    try:
        table = tomllib.loads(text[: insertion.offset] + insertion.text + text[insertion.offset :])
    except tomllib.TOMLDecodeError:
        return {}
    settings: dict[str, Any] = table.get("tool", {}).get("tunelint", {}) if pyproject else table
    return settings
