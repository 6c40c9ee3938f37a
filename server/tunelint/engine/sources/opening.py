"""Finds out how records lie in a file, from its name and its first bytes."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from tunelint.core.dataset import Container, FileFacts
from tunelint.engine.locate import Origin
from tunelint.engine.sources.base import Batch, Source, SourceError, pick
from tunelint.engine.sources.foreign import foreign_content
from tunelint.engine.sources.jsonlines import BOM, JsonLines, TextLines
from tunelint.engine.sources.jsonvalues import JsonValues
from tunelint.engine.sources.remote import from_url, is_url
from tunelint.engine.sources.streams import COMPRESSIONS, ByteStream, from_path
from tunelint.engine.sources.tables import CsvRows, ParquetRows
from tunelint.text.parse import parse

__all__ = ["DATASET_SUFFIXES", "open_source", "open_stream", "plain_suffix", "sniff"]

_HEAD: Final = 256 << 10
_SHOWN: Final = 64
DATASET_SUFFIXES: Final = frozenset({".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".parquet", ".txt"})
"""Names under which datasets are looked for in a directory; compression suffixes may follow."""

_FOREIGN: Final = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
_PARQUET_MAGIC: Final = b"PAR1"


def plain_suffix(name: str) -> str:
    """Return the suffix of a file name in lower case, without that of a compression."""
    path = Path(name.lower())
    return (path.with_suffix("") if path.suffix.lstrip(".") in COMPRESSIONS else path).suffix


def open_source(path: Path, name: str | None = None) -> Source:
    """Return the records of the file at `path` or, where `name` is a URL, there; a `SourceError` says why there are none."""
    name = name if name is not None else str(path)
    if is_url(name):
        if plain_suffix(name) == ".parquet":
            raise SourceError(f"{name}: Parquet is read from disk only; copy the file here first")
        return open_stream(from_url(name))
    if plain_suffix(name) == ".parquet":
        stream = from_path(path, name)
        if stream.compression:
            raise SourceError(f"{name}: Parquet is compressed inside; unpack the file first")
        with stream.open() as file:
            if file.read(len(_PARQUET_MAGIC)) != _PARQUET_MAGIC:
                raise SourceError(f"{name}: no Parquet file (it does not begin with PAR1)")
        return ParquetRows(path, FileFacts(name, stream.size, "parquet"))
    return open_stream(from_path(path, name))


def open_stream(stream: ByteStream) -> Source:
    """Return the records of a stream of bytes."""
    with stream.open() as file:
        head = file.read(_HEAD)
    facts = FileFacts(stream.name, stream.size, compression=stream.compression)
    facts.foreign_encoding = _foreign_encoding(head)
    if facts.foreign_encoding:
        return _Unreadable(facts, [head[:_SHOWN]])
    facts.content = foreign_content(head.removeprefix(BOM), plain_suffix(stream.name))
    if facts.content:
        facts.container = "foreign"
        return _Unreadable(facts, [])
    facts.bom = head.startswith(BOM)
    facts.container = sniff(head.removeprefix(BOM), stream.name, complete=len(head) < _HEAD)
    match facts.container:
        case "csv":
            return CsvRows(stream, facts)
        case "text":
            return TextLines(stream, facts)
        case "jsonl":
            return JsonLines(stream, facts)
    return JsonValues(stream, facts)


class _Unreadable:
    """A file without records; of one in an encoding that nobody reads there are its first bytes, for a rule to complain about."""

    def __init__(self, facts: FileFacts, rows: list[bytes]) -> None:
        self.facts = facts
        self._rows = rows

    def batches(self) -> Iterator[Batch]:
        yield Batch(0, 1, self._rows, [Origin(1, 1, exact=False)] * len(self._rows), broken=frozenset(range(len(self._rows))))

    def fetch(self, handles: Iterable[int]) -> dict[int, tuple[bytes, Origin]]:
        return pick(self.batches(), handles)


def _foreign_encoding(head: bytes) -> str:
    for mark, encoding in _FOREIGN:
        if head.startswith(mark):
            return encoding
    sample = head[:4096]
    if b"\x00" not in sample or len(sample) < 4:
        return ""
    share = sample.count(b"\x00") / len(sample)
    odd, even = sample[1::2].count(b"\x00"), sample[0::2].count(b"\x00")
    return "UTF-16" if share > 0.2 and min(odd, even) < 0.1 * max(odd, even) else ""


def sniff(head: bytes, name: str, *, complete: bool) -> Container:
    """Return the container that the first bytes of a file show; `complete` tells whether they are all there are.

    The bytes decide, not the name, because files are named wrongly; the name only decides between CSV, text and JSON Lines.
    """
    suffix = plain_suffix(name)
    text = head.decode("utf-8", "replace").lstrip(" \t\r\n")
    if suffix == ".txt" and not text.startswith(("{", "[")):
        return "text"
    line = re.match(r"[^\r\n]*", text)
    assert line is not None
    first = line[0].rstrip()
    if suffix in {".csv", ".tsv"} and (not first.startswith("{") or parse(first).fault is not None):
        return "csv"
    rest = text[line.end() :].strip(" \t\r\n")
    if text.startswith("["):
        return _sniff_array(first, rest, text, suffix)
    if text.startswith("{") and rest and parse(first).fault is not None:
        value = parse(text, whole=False)
        spans_lines = value.fault is None and ("\n" in text[: value.end] or "\r" in text[: value.end])
        if spans_lines or (value.fault is not None and _runs_on(first, text, complete=complete)):
            return "json-stream"
    if suffix == ".json" and text and not rest and parse(first).fault is None:
        return "json"
    return "jsonl"


def _sniff_array(first: str, rest: str, text: str, suffix: str) -> Container:
    """Tell one array over the file from lines that are arrays."""
    if parse(first).fault is not None:
        return "json"
    if not rest:
        return "json" if suffix != ".jsonl" or first.lstrip("[ \t").startswith("{") else "jsonl"
    return "jsonl" if rest.startswith(("[", "{")) else "json"


def _runs_on(first: str, text: str, *, complete: bool) -> bool:
    """Tell whether an object whose text is faulty or longer than the head is laid out over lines rather than cut off in one."""
    second = text[len(first) :].lstrip(" \t\r\n")
    line = re.match(r"[^\r\n]*", second)
    if line is not None and line[0].startswith("{") and parse(line[0].rstrip()).fault is None:
        return False  # the next line is a record of its own
    return first in {"{", "{ "} or (not complete and not second.startswith("{"))
