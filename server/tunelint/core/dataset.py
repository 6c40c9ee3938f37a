"""Facts about a whole dataset file."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec

__all__ = ["Container", "DatasetSummary", "FileFacts", "Spot", "TokenTotals"]

Container = Literal["jsonl", "json", "json-stream", "csv", "parquet", "text", "foreign"]
"""How records lie in the file; `json-stream` is JSON values one after the other, each over some lines, `foreign` no records."""


class FileFacts(msgspec.Struct):
    """What is known of a file beside its records; the counts grow while it is read.

    `name` is the file's name as the user gave it, `size` its bytes as stored (None for a stream), `compression` the suffix it
    was unpacked from. `foreign_encoding` names an encoding that is no UTF-8, in which the records cannot be read. `content`
    says what the file is in place of a dataset, such as "an HTML page"; it has no records then. `damaged` tells that the text
    between the records is no sound JSON. `delimiter` is what stands between the columns of a table that is text. `lf`, `crlf`
    and `cr` count line ends; `final_newline` tells whether the last line has one.
    """

    name: str
    size: int | None = None
    container: Container = "jsonl"
    compression: str = ""
    bom: bool = False
    foreign_encoding: str = ""
    content: str = ""
    damaged: bool = False
    delimiter: str = ""
    lf: int = 0
    crlf: int = 0
    cr: int = 0
    final_newline: bool = True
    records: int = 0
    lines: int = 0


class TokenTotals(msgspec.Struct):
    """Tokens of a dataset, one pass over it: all of them, and those that the loss sees."""

    total: int
    trained: int
    encoding: str
    exact: bool = True


class Spot(msgspec.Struct, frozen=True):
    """A record of a dataset, by its file and line, and the tokens of its longest sequence where they were counted."""

    file: str
    line: int
    tokens: int = 0


class DatasetSummary(msgspec.Struct, frozen=True, kw_only=True):
    """The only facts about a dataset that a rule over several files may read.

    `records` are those that are not blank, over all of its files. `columns` are keys that nearly every record has. `lengths` are
    the tokens of the longest sequence of each record that was counted, by `encoding`, which is seldom that of the model: take
    them for estimates. `counted` is how many records were looked at for that, fewer than `records` in large files. `longest`
    are a few of these, the longest first; `heads` are the places of the first records of the files, `samples` the first
    objects among the records themselves, decoded. `digest` is a hash of the bytes of all files, 0 where they are too many.
    """

    format: str | None
    title: str = ""
    confidence: float = 0.0
    method: str | None = None
    records: int = 0
    columns: frozenset[str] = frozenset()
    lengths: Sequence[int] = ()
    counted: int = 0
    encoding: str = ""
    longest: Sequence[Spot] = ()
    heads: Sequence[Spot] = ()
    samples: Sequence[Mapping[str, Any]] = ()
    digest: int = 0
