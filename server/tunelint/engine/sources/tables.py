"""CSV and Parquet: a record a row. Their records have no JSON text of their own, so findings name a row and no column."""

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from tunelint.core.dataset import FileFacts
from tunelint.engine.locate import Origin
from tunelint.engine.sources.base import MAX_RECORD, Batch, SourceError, pick
from tunelint.engine.sources.streams import ByteStream
from tunelint.text.separated import Row, Rows

__all__ = ["CsvRows", "ParquetRows"]

_BATCH_ROWS: Final = 1_000


class CsvRows:
    """A CSV file with a header line, comma, semicolon, tab or bar between its fields.

    A row that cannot be read, because of its quotes or because it is no UTF-8, is a broken row of its batch, with its own text.
    """

    def __init__(self, stream: ByteStream, facts: FileFacts) -> None:
        self.facts = facts
        self._stream = stream

    def batches(self) -> Iterator[Batch]:
        """Yield rows as JSON objects of strings."""
        rows = self._rows()
        number = 0
        while some := list(islice(rows, _BATCH_ROWS)):
            yield Batch(
                number,
                some[0].line,
                [row.raw for row in some],
                [Origin(row.line, 1, exact=row.broken) for row in some],
                {index: row.oversized for index, row in enumerate(some) if row.oversized},
                frozenset(index for index, row in enumerate(some) if row.broken),
            )
            number += 1

    def _rows(self) -> Iterator["_Row"]:
        """Yield the rows below the header, which says what the columns are called; a header that is broken comes first."""
        csv.field_size_limit(MAX_RECORD)
        names: list[str] | None = None
        with self._stream.open() as file:
            rows = Rows(io.TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape", newline=""))
            self.facts.delimiter = rows.delimiter
            for row in rows:
                if names is not None or row.fields == []:
                    yield _encoded(row, names or [])
                    continue
                names = [_replaced(name) for name in row.fields or row.text.splitlines()[0].split(rows.delimiter)]
                head = _encoded(row, names)
                if head.broken:
                    yield head
            self.facts.lines = rows.line - 1

    def fetch(self, handles: Iterable[int]) -> dict[int, tuple[bytes, Origin]]:
        """Read some rows again."""
        return pick(self.batches(), handles)


class _Row(NamedTuple):
    """A row as its batch has it: an object of JSON, nothing for a blank line, or the text of one that is `broken`."""

    line: int
    raw: bytes
    broken: bool = False
    oversized: int = 0


def _encoded(row: Row, names: list[str]) -> _Row:
    if row.fields is not None:
        try:
            return _Row(row.line, msgspec.json.encode(_record(names, row.fields)) if row.fields else b"")
        except UnicodeEncodeError:  # bytes that are no UTF-8
            pass
    if len(row.text) > MAX_RECORD:
        return _Row(row.line, b"", oversized=len(row.text))
    return _Row(row.line, row.text.rstrip("\r\n").encode("utf-8", "surrogateescape"), broken=True)


def _replaced(name: str) -> str:
    """Return the name of a column as it is shown: without a quote that was never closed, and without bytes that are no UTF-8."""
    return name.strip('"').encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _record(names: list[str], fields: list[str]) -> dict[str, Any]:
    """Pair names and fields; fields without a name get one that says so, and names without a field stay away."""
    names = names + [f"column {index + 1}" for index in range(len(names), len(fields))]
    return dict(zip(names, fields, strict=False))


class ParquetRows:
    """A Parquet file, read with pyarrow, which the extra ``parquet`` installs."""

    def __init__(self, path: Path, facts: FileFacts) -> None:
        self.facts = facts
        self._path = path

    def batches(self) -> Iterator[Batch]:
        """Yield rows as JSON objects; the line of a row is its number."""
        try:
            import pyarrow as pa
            from pyarrow import parquet
        except ModuleNotFoundError as problem:
            raise SourceError(f"{self.facts.name}: reading Parquet needs pyarrow: pip install 'tunelint[parquet]'") from problem
        try:
            line = 1
            with parquet.ParquetFile(self._path) as file:
                for number, batch in enumerate(file.iter_batches(batch_size=_BATCH_ROWS)):
                    rows = [msgspec.json.encode(row, enc_hook=repr) for row in batch.to_pylist()]
                    yield Batch(number, line, rows, [Origin(line + index, 1, exact=False) for index in range(len(rows))])
                    line += len(rows)
            self.facts.lines = line - 1
        except (pa.ArrowException, OSError) as problem:
            raise SourceError(f"{self.facts.name}: no readable Parquet file ({problem})") from problem

    def fetch(self, handles: Iterable[int]) -> dict[int, tuple[bytes, Origin]]:
        """Read some rows again."""
        return pick(self.batches(), handles)
