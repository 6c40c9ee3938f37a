"""From a record's bytes to a `Record`, by the cheapest road that proves it clean."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any, Final

import msgspec

from tunelint.core.block import PlainBlock
from tunelint.core.example import Role
from tunelint.core.fault import Fault
from tunelint.core.finding import Handle
from tunelint.core.parts import parts_of
from tunelint.core.record import ABSENT, Record
from tunelint.engine.triggers import Triggers, starts_of_rows
from tunelint.formats.base import Format
from tunelint.formats.shape import MISFITS, nearest_row, prune
from tunelint.rules.base import Wake

__all__ = ["Reader"]

_UNREADABLE: Final = int(Wake.UNREADABLE)
_FAULTY: Final = int(Wake.FAULTY)
_RICH: Final = int(Wake.RICH)
_ROLES: Final = int(Wake.ROLES)
_TOOLS: Final = int(Wake.TOOLS)
_MEDIA: Final = int(Wake.MEDIA)
_BLANK: Final = int(Wake.BLANK)
_OTHER: Final = int(Wake.OTHER)
_SINGLE: Final = int(Wake.SINGLE)

_LEAST_RUN: Final = 16
"""Fewer records are read and checked one by one in less time than their columns take."""

_ESCAPED_QUOTE: Final = rb"\u0022"
"""A quotation mark that is none in the raw text."""


class Reader:
    """Reads the records of one file, whose format is known or None.

    The fast road decodes a line into the format's closed plain struct, which proves its shape in one call. It is left when
    that fails, or when the line has more keys than the struct: then a key stands twice, which no decoder reports. The slow
    road reads the value, converts it to the format's full shape, and lists the faults where that fails.
    """

    def __init__(self, form: Format | None, triggers: Triggers, suspicious: Callable[[tuple[str, ...]], bool]) -> None:
        """`suspicious` tells whether any rule about roles has something to say of a sequence of speakers."""
        self._form = form
        self._triggers = triggers
        self._suspicious = suspicious
        self._sequences: dict[tuple[str, ...], tuple[tuple[Role, ...], int]] = {}
        decoder = msgspec.json.Decoder(form.plain) if form is not None and form.plain is not None else None
        self._decode = decoder.decode if decoder is not None else None
        self._decode_lines = decoder.decode_lines if decoder is not None else None

    def read_block(self, rows: Sequence[bytes], base: int, block: bytes | None = None) -> Sequence[Record]:
        """Read the records of a batch, whose handles count from `base`; `block` is their text in one piece, if there is one.

        What can be proved for the whole block at once is not asked of each record: that no key stands twice, and that no
        trigger stands anywhere in it. A `PlainBlock` is returned where all are of the plain shape.
        """
        plain = self._read_plain(rows, base, block) if block is not None and self._decode is not None else None
        if plain is not None:
            return plain
        return [self.read(raw, base + index) for index, raw in enumerate(rows)]

    def read_parts(self, rows: Sequence[bytes], base: int, block: bytes | None) -> Iterator[Sequence[Record]]:
        """Read what `read_block` reads, in parts that follow each other, where a few records are not of the plain shape.

        Long runs of others between them are a `PlainBlock` each.
        """
        if block is None or self._decode is None:
            yield self.read_block(rows, base)
            return
        plain = self._read_plain(rows, base, block)
        if plain is not None:
            yield plain
            return
        starts = [*starts_of_rows(block, rows), len(block)]
        odd = [index for index, raw in enumerate(rows) if not self._is_plain(raw)]
        done = 0
        for before, end in pairwise([-1, *odd, len(rows)]):
            first = before + 1
            if end - first >= _LEAST_RUN:
                if done < first:
                    yield self.read_block(rows[done:first], base + done)
                yield self.read_block(rows[first:end], base + first, block[starts[first] : starts[end]])
                done = end
        if done < len(rows):
            yield self.read_block(rows[done:], base + done)

    def _is_plain(self, raw: bytes) -> bool:
        try:
            return self._decode is not None and self._decode(raw) is not None
        except (msgspec.MsgspecError, ValueError, RecursionError):
            return False

    def _read_plain(self, rows: Sequence[bytes], base: int, block: bytes) -> Sequence[Record] | None:
        """Read rows that are all of the plain shape; None when one is not.

        Where all rows begin and end with a brace, no value reaches from one row into the next: a line end between a closing and
        an opening brace can be nowhere inside a value. So as many values as rows means a value a row.
        """
        form, decode_lines = self._form, self._decode_lines
        assert form is not None
        assert decode_lines is not None
        try:
            decoded = decode_lines(block)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            return None
        if len(decoded) != len(rows) or not all(raw[:1] == b"{" and raw[-1:] == b"}" for raw in rows):
            return None
        speakers, texts, quotes = form.glances(decoded)
        flags = self._triggers.rows(block, rows)
        everything = self._triggers.everything
        hidden = (not everything or everything in flags.values()) and _ESCAPED_QUOTE in block
        judged = {each: self._sequences.get(each) or self._judge(each) for each in set(speakers)}
        if any(woken for _, woken in judged.values()):
            for index, each in enumerate(speakers):
                if woken := judged[each][1]:
                    flags[index] = flags.get(index, 0) | woken
        roles = [judged[each][0] for each in speakers]
        plain = PlainBlock(rows, base, decoded, form.example, texts, roles, flags)
        if any(map(str.isspace, texts)) or "" in texts:
            for index, those in enumerate(parts_of(texts, plain.starts)):
                if any(not text or text.isspace() for text in those):
                    flags[index] = flags.get(index, 0) | _BLANK
        if not hidden and _quotes_in(block) == sum(quotes) + "".join(texts).count('"'):
            return plain
        parts = zip(rows, parts_of(texts, plain.starts), quotes, strict=True)
        doubtful = {index for index, (raw, those, number) in enumerate(parts) if not _keys_stand_once(raw, those, number)}
        if not doubtful:
            return plain
        return [
            self._read_slowly(Record(raw, base + index)) if index in doubtful else plain[index] for index, raw in enumerate(rows)
        ]

    def read(self, raw: bytes, handle: Handle, *, woken: bool = True) -> Record:
        """Read one record; nothing in `raw` makes this raise. Unless it may be `woken` no trigger is looked for in it."""
        form, decode = self._form, self._decode
        if decode is None or form is None:
            return self._read_slowly(Record(raw, handle))
        try:
            row = decode(raw)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            return self._read_slowly(Record(raw, handle))
        speakers, texts, quotes = form.glance(row)
        if not _keys_stand_once(raw, texts, quotes):
            return self._read_slowly(Record(raw, handle))
        roles, flags = self._sequences.get(speakers) or self._judge(speakers)
        for text in texts:
            if not text or text.isspace():
                flags |= _BLANK
        return Record.plain(raw, handle, row, form.example, texts, roles, flags | (self._triggers.find(raw) if woken else 0))

    def _judge(self, speakers: tuple[str, ...]) -> tuple[tuple[Role, ...], int]:
        """Return what a sequence of speakers means and whether the rules about roles have something to say of it."""
        form = self._form
        assert form is not None
        roles = form.meant(speakers)
        flags = _ROLES if form.conversation and self._suspicious(speakers) else 0
        if "tool" in roles or not form.calling.isdisjoint(speakers):
            flags |= _TOOLS
        if form.conversation and len(speakers) == 1:
            flags |= _SINGLE
        found = self._sequences[speakers] = (roles, flags)
        return found

    def _read_slowly(self, record: Record) -> Record:
        record.flags = self._triggers.find(record.raw)
        unusual: list[object] = []
        try:
            text = record.raw.decode()
            value = json.loads(
                text, object_pairs_hook=_pairs_reader(unusual), parse_constant=lambda word: _note(unusual, float(word))
            )
        except (ValueError, RecursionError):
            record.flags |= _UNREADABLE
            value = record.value if record.raw else ABSENT
        else:
            record.value = value
            if unusual or _has_lone_surrogate(record.raw, text):
                record.flags |= _UNREADABLE
        if not isinstance(value, dict):
            record.flags |= _UNREADABLE
        elif self._form is not None:
            self._fit(record, self._form)
        else:
            record.flags |= _OTHER
        return record

    def _fit(self, record: Record, form: Format) -> None:
        """Convert the value to the format's shape, or list the faults."""
        value = record.value
        for row_type in form.rows:
            try:
                row = msgspec.convert(value, row_type)
            except MISFITS:
                continue
            self._accept(record, form, form.complete(row, value), ())
            return
        known = list(form.repair(value))
        row_type, faults = nearest_row(value, form.rows)
        places = {fault.path for fault in known}
        faults = known + [fault for fault in faults if fault.path not in places and not form.explains(known, fault)]
        if all(fault.kind == "unknown-key" for fault in faults):
            try:
                row = msgspec.convert(prune(value, faults), row_type)
            except MISFITS:
                pass
            else:
                self._accept(record, form, form.complete(row, value), tuple(faults))
                return
        record.faults = tuple(faults)
        record.flags |= _FAULTY

    def _accept(self, record: Record, form: Format, row: Any, unknown: tuple[Fault, ...]) -> None:
        faults = _joined(tuple(form.check(row)), unknown)
        record.faults = faults
        if faults:
            record.flags |= _FAULTY
        if any(fault.kind != "unknown-key" for fault in faults):
            return
        record.row = row
        record.make = form.example
        example = record.example
        assert example is not None
        record.flags |= _RICH
        for turn in example.all_turns:
            if turn.calls or turn.call_id or turn.role == "tool":
                record.flags |= _TOOLS
            if turn.media:
                record.flags |= _MEDIA
            if not turn.text or turn.text.isspace():
                record.flags |= _BLANK
        if example.tools:
            record.flags |= _TOOLS
        if example.media:
            record.flags |= _MEDIA
        if form.conversation:
            speakers = example.speakers
            found = self._sequences.get(speakers)
            record.flags |= (found if found is not None else self._judge(speakers))[1]


def _quotes_in(block: bytes) -> int:
    """Return how many quotation marks there are; numpy, where it is loaded, takes a quarter of the time."""
    if "numpy" not in sys.modules:
        return block.count(b'"')
    import numpy as np

    return int(np.count_nonzero(np.frombuffer(block, np.uint8) == ord('"')))


def _keys_stand_once(raw: bytes, texts: Sequence[str], quotes: int) -> bool:
    """Tell whether a record of the plain shape with these texts surely has each of its keys once.

    Its keys and strings have `quotes` quotation marks around them, and those within the texts are escaped; a key that stands
    twice adds more. False where a quotation mark is escaped by its number, or stands in a role: then it is hard to say.
    """
    return raw.count(b'"') == quotes + sum([text.count('"') for text in texts]) and _ESCAPED_QUOTE not in raw


def _joined(missing: tuple[Fault, ...], unknown: tuple[Fault, ...]) -> tuple[Fault, ...]:
    """Join a missing key with the unknown one that is probably its misspelling: one fault, not two."""
    if not missing or not unknown:
        return missing + unknown
    joined: list[Fault] = []
    used: set[int] = set()
    for fault in missing:
        for index, other in enumerate(unknown):
            if fault.kind == "missing-key" and other.path[:-1] == fault.path and other.suggestion == fault.key:
                fault = msgspec.structs.replace(fault, suggestion=other.key, found=other.key)  # noqa: PLW2901
                used.add(index)
        joined.append(fault)
    return (*joined, *(other for index, other in enumerate(unknown) if index not in used))


def _pairs_reader(unusual: list[object]) -> Callable[[list[tuple[str, Any]]], dict[str, Any]]:
    def read(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            unusual.append(pairs)
        return found

    return read


def _note(unusual: list[object], value: float) -> float:
    unusual.append(value)
    return value


def _has_lone_surrogate(raw: bytes, text: str) -> bool:
    """Tell whether a string of the record holds half a surrogate pair, which JSON can write and UTF-8 cannot."""
    if b"\\ud" not in raw and b"\\uD" not in raw:
        return False
    from tunelint.text.surrogates import lone_surrogates

    return any(True for _ in lone_surrogates(text))
