"""CSV and Parquet: a record a row. Their records have no JSON text of their own, so findings name a row and no column."""

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from tunelint.core.dataset import FileFacts
from tunelint.engine.locate import Origin
from tunelint.engine.sources.base import MAX_RECORD, Batch, SourceError, pick
from tunelint.engine.sources.streams import ByteStream

__all__ = ["CsvRows", "ParquetRows"]

_BATCH_ROWS: Final = 1_000
_DELIMITERS: Final = ",;\t|"


class CsvRows:
    """A CSV file with a header line, comma, semicolon, tab or bar between its fields."""

    def __init__(self, stream: ByteStream, facts: FileFacts) -> None:
        self.facts = facts
        self._stream = stream

    def batches(self) -> Iterator[Batch]:
        """Yield rows as JSON objects of strings."""
        csv.field_size_limit(MAX_RECORD)
        number = 0
        rows: list[bytes] = []
        origins: list[Origin] = []
        with self._stream.open() as file:
            text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="")
            head = text.readline()
            if not head:
                return
            delimiter = self.facts.delimiter = max(_DELIMITERS, key=head.count)
            names = next(csv.reader([head], delimiter=delimiter))
            reader = csv.reader(text, delimiter=delimiter, strict=True)
            line = 2
            try:
                for fields in reader:
                    rows.append(msgspec.json.encode(_row(names, fields)) if fields else b"")
                    origins.append(Origin(line, 1, exact=False))
                    line = reader.line_num + 2
                    if len(rows) >= _BATCH_ROWS:
                        yield Batch(number, origins[0].line, rows, origins)
                        number, rows, origins = number + 1, [], []
            except csv.Error as problem:
                raise SourceError(
                    f"{self.facts.name}:{line}:1: no valid CSV ({problem}); quote fields that hold line ends"
                ) from problem
            if rows:
                yield Batch(number, origins[0].line, rows, origins)
            self.facts.lines = line - 1

    def fetch(self, handles: Iterable[int]) -> dict[int, tuple[bytes, Origin]]:
        """Read some rows again."""
        return pick(self.batches(), handles)


def _row(names: list[str], fields: list[str]) -> dict[str, Any]:
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
