"""Turns symbolic places into lines and columns, for the findings that are shown and for no others."""

from collections.abc import Callable
from typing import Final, NamedTuple

from xxhash import xxh3_64_hexdigest

from tunelint.core.diagnostic import Diagnostic, Excerpt, PlacedFix, RelatedPlace, TextEdit
from tunelint.core.finding import Finding, Fix, Handle, Place
from tunelint.core.record import Record
from tunelint.engine.edits import resolve
from tunelint.text.personal import masked_personal
from tunelint.text.secrets import masked
from tunelint.text.spans import format_path, locate

__all__ = ["Origin", "locate_finding", "offsets", "placed_on_file"]

_EXCERPT_BEFORE: Final = 40
_EXCERPT_AFTER: Final = 48
_PRIVATE: Final = "SEC"
"""The family of rules whose findings point to what should not be known."""

_LONGEST_SECRET: Final = 8_192
"""Characters around an excerpt that are searched for credentials, so that none is shown in part: more than a private key has."""


class Origin(NamedTuple):
    """Where a record's text begins in its file, from 1. `exact` is False where records have no text of their own."""

    line: int
    column: int = 1
    exact: bool = True


def offsets(record: Record, place: Place) -> tuple[int, int]:
    """Return the offsets of `place` in the record's own text."""
    if place.raw is not None:
        return place.raw
    return locate(record.text, record.parsed, place.path, place.part, place.chars)


def _position(text: str, offset: int, origin: Origin) -> tuple[int, int]:
    """Return line and column of an offset of a record that may span lines."""
    before = text[:offset]
    if "\n" not in before and "\r" not in before:
        return origin.line, origin.column + offset
    lines = before.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return origin.line + len(lines) - 1, len(lines[-1]) + 1


def locate_finding(
    finding: Finding,
    record: Record,
    origin: Origin,
    *,
    path: str,
    name: str,
    related: Callable[[Handle], tuple[int, int] | None],
) -> Diagnostic:
    """Return the diagnostic of a finding on a record that begins at `origin`."""
    if origin.exact:
        start, end = offsets(record, finding.place)
        line, column = _position(record.text, start, origin)
        end_line, end_column = _position(record.text, end, origin)
    else:
        start = end = 0
        line, column, end_line, end_column = origin.line, 1, origin.line, 1
    at = format_path(finding.place.path)
    return Diagnostic(
        code=finding.code,
        name=name,
        severity=finding.severity,
        path=path,
        line=line,
        column=column,
        end_line=end_line,
        end_column=end_column,
        at=at,
        message=finding.message,
        help=finding.help,
        related=_related(finding, path, related),
        fix=placed_fix(finding.fix, record, origin) if finding.fix is not None else None,
        count=finding.count,
        evidence=finding.evidence,
        excerpt=_excerpt(record.text, start, end, private=finding.code.startswith(_PRIVATE)) if origin.exact else None,
        fingerprint=xxh3_64_hexdigest(record.raw.strip() + f"\x00{finding.code}\x00{at}".encode("utf-8", "surrogatepass")),
    )


def placed_on_file(finding: Finding, *, path: str, name: str, related: Callable[[Handle], tuple[int, int] | None]) -> Diagnostic:
    """Return the diagnostic of a finding about the whole file: it sits on the first character."""
    return Diagnostic(
        code=finding.code,
        name=name,
        severity=finding.severity,
        path=path,
        line=1,
        column=1,
        end_line=1,
        end_column=1,
        at="",
        message=finding.message,
        help=finding.help,
        related=_related(finding, path, related),
        fix=PlacedFix(finding.fix.title, finding.fix.safety, ()) if finding.fix is not None else None,
        count=finding.count,
        evidence=finding.evidence,
        fingerprint=xxh3_64_hexdigest(f"{finding.code}\x00{finding.message}".encode("utf-8", "surrogatepass")),
    )


def placed_fix(fix: Fix, record: Record, origin: Origin) -> PlacedFix | None:
    """Return a fix as edits of the file's text; None where an edit's place is not there or records have no text."""
    if not origin.exact:
        return None
    edits = resolve(record, fix.edits)
    if edits is None:
        return None
    return PlacedFix(fix.title, fix.safety, tuple(_text_edit(record.text, *edit, origin) for edit in edits))


def _text_edit(text: str, start: int, end: int, new: str, origin: Origin) -> TextEdit:
    return TextEdit(*_position(text, start, origin), *_position(text, end, origin), new)


def _related(finding: Finding, path: str, place_of: Callable[[Handle], tuple[int, int] | None]) -> tuple[RelatedPlace, ...]:
    places: list[RelatedPlace] = []
    for one in finding.related:
        where = place_of(one.handle) if one.handle is not None and one.file is None else None
        if where is not None or one.handle is None:
            places.append(RelatedPlace(one.file or path, *(where or (one.line, 1)), one.message))
    return tuple(places)


def _excerpt(text: str, start: int, end: int, *, private: bool) -> Excerpt:
    """Cut out the neighbourhood of a place: never a whole record of 8 kB, one line at most, and credentials as dots.

    Of a finding that is about what should not be known, personal data are dots as well.
    """
    line_start = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    first = max(line_start, start - _EXCERPT_BEFORE)
    stops = [stop for stop in (text.find("\n", start), text.find("\r", start)) if stop >= 0]
    line_end = min([len(text), *stops])
    last = min(line_end, max(start, min(end, start + _EXCERPT_AFTER)) + _EXCERPT_AFTER)
    shown = text[max(first - _LONGEST_SECRET, 0) : last + _LONGEST_SECRET]
    hidden = (masked_personal(shown) if private else masked(shown))[min(first, _LONGEST_SECRET) :][: last - first]
    return Excerpt(
        hidden,
        start - first,
        max(min(end, last) - first, start - first),
        cut_before=first > line_start,
        cut_after=last < line_end,
    )
