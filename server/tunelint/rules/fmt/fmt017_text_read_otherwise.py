"""FMT017: see the class."""

import re
from collections.abc import Hashable, Iterator, Sequence
from typing import Final

from tunelint.core.bag import Bag
from tunelint.core.block import PlainBlock
from tunelint.core.finding import Finding, Handle, Place, Severity
from tunelint.core.parts import parts_of
from tunelint.core.record import Record
from tunelint.rules.base import Context, TallyRule
from tunelint.rules.fmt._faults import READ_WITH_DATASETS

_TIME: Final = re.compile(
    r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:[ T]\d\d(?::?\d\d(?::?\d\d)?)?(?:Z|[+-]\d\d(?::?\d\d)?)?)?"
)
"""What Arrow's JSON reader takes for a date or a time."""

_NUMBER: Final = re.compile(r"\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*")
_BOOLEAN: Final = frozenset({"true", "false", "True", "False", "TRUE", "FALSE"})
_NOTHING: Final = frozenset(
    {
        "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A", "NA", "NULL", "NaN",
        "None", "n/a", "nan", "null",
    }
)  # fmt: skip
"""What pandas takes for a missing value in a CSV."""

_KINDS: Final = {"dates": "dates", "numbers": "numbers", "booleans": "booleans"}
_SHOWN: Final = 30
_MIN_RECORDS: Final = 5
"""Records below which it may be chance that all are of one kind."""


class TextReadOtherwise(TallyRule):
    """Texts are taken for dates, numbers or nothing by the library that trainers read tables with.

    ## Why

    Trainers read files with Hugging Face `datasets`, which guesses what a column holds. In JSON a column of nothing but ISO dates becomes
    times; in CSV one of digits becomes numbers (`007` is 7 then), and the words `None`, `NA` or `null` become a missing value wherever
    they stand. An answer that is no text is none: LLaMA-Factory drops the record, others stop with a `TypeError`.

    Only as many records are looked at as it takes to see texts of another kind; of a CSV all are.

    ## What to do

    Say something around the value (`The date is 2024-03-01.`), or write a conversation, whose texts stand together in one column. Data
    with such words is safe in JSON Lines.

    ## Examples

    ```jsonl good
    {"prompt": "When?", "completion": "2024-03-01"}
    {"prompt": "Until when?", "completion": "unknown"}
    ```

    ```jsonl good
    {"messages": [{"role": "user", "content": "When?"}, {"role": "assistant", "content": "2024-03-01"}]}
    ```

    ```csv good
    prompt,completion
    How many?,12
    Of what?,plums
    ```

    ```jsonl bad 1:completion times=10
    {"prompt": "When does term @ begin?", "completion": "2024-03-01T10:00:00Z"}
    {"prompt": "When does term @ end?", "completion": "2024-04-01"}
    ```

    ```csv bad 2:completion times=10
    prompt,completion
    How many of @?,12
    How many more of @?,007
    ```

    ```csv bad 3:completion
    prompt,completion
    Which side effect is named?,fever
    Which one here?,None
    ```

    Sources: datasets 4.0 and 5.2, the builders ``json`` and ``csv``, run on such files; pandas, ``read_csv`` (na_values);
    LLaMA-Factory 0.9.5, ``data/converter.py`` (an answer that is no `str` is none).
    """

    code = "FMT017"
    name = "text-read-otherwise"
    severity = Severity.WARNING
    limit = 60

    def applies(self, context: Context) -> bool:
        """Services read JSON as it stands, and tables of Parquet say what they hold."""
        read = context.target is None or context.target.name in READ_WITH_DATASETS
        return context.format is not None and context.file.container in {"jsonl", "json", "csv"} and read

    def observe_many(self, records: Sequence[Record], context: Context) -> Sequence[tuple[Hashable, Handle]]:
        """Observe many records; of plain ones without dates nothing but the texts is looked at."""
        if not isinstance(records, PlainBlock) or context.file.container == "csv":
            return super().observe_many(records, context)
        found: list[tuple[Hashable, Handle]] = []
        for index, (texts, handle) in enumerate(zip(parts_of(records.texts, records.starts), records.handles, strict=True)):
            dated = any(text[4:5] == "-" and _TIME.fullmatch(text) for text in texts)
            found.append((self.observe(records[index], context) if dated else ("", texts[-1][:_SHOWN]), handle))
        return found

    def observe(self, record: Record, context: Context) -> Hashable:
        """Return the columns whose text is taken for something else, and for what; of other records what overflows the bag soon."""
        example = record.example
        if example is None:
            return None
        table = context.file.container == "csv"
        texts = {str(turn.text_at[0]): turn.text for turn in example.all_turns if len(turn.text_at) == 1}
        found = sorted((column, kind) for column, text in texts.items() if (kind := _kind(text, table=table)))
        if found or table:
            return tuple(found) or None
        return ("", example.turns[-1].text[:_SHOWN] if example.turns else "")

    def report(self, bag: Bag, context: Context) -> Iterator[Finding]:
        """Yield a finding for each column that is all of one kind, and for each word that is taken for nothing."""
        if bag.overflown:
            return
        columns: dict[tuple[str, str], list[Hashable]] = {}
        for item in bag.counts:
            if isinstance(item, tuple) and item and isinstance(item[0], tuple):
                for pair in item:
                    columns.setdefault(pair, []).append(item)
        for (column, kind), items in sorted(columns.items()):
            count = sum(bag.counts[item] for item in items)
            first = bag.first(min(items, key=repr))[0]
            if kind not in _KINDS:
                yield self.finding(
                    f"{kind!r} in the column {column!r} is read as a missing value, in {count:,} of the records",
                    Place((column,)),
                    handle=first,
                    help="write it otherwise, or give the data as JSON Lines: pandas takes the word for an empty cell",
                )
            elif count == context.file.records >= _MIN_RECORDS:
                yield self.finding(
                    f"all texts of the column {column!r} are {kind}, and are read as such and not as text",
                    Place((column,)),
                    handle=first,
                    help=_help(kind),
                )


def _kind(text: str, *, table: bool) -> str:
    """Return what a text is taken for, the word itself for nothing at all; empty where it stays a text."""
    if not table:
        return "dates" if _TIME.fullmatch(text) else ""
    if text in _NOTHING:
        return text
    return "numbers" if _NUMBER.fullmatch(text) else "booleans" if text in _BOOLEAN else ""


def _help(kind: str) -> str:
    if kind == "dates":
        return "write a conversation, or a word around the date: an answer that is no text is dropped, or the run stops"
    return "give the data as JSON Lines with the values in quotes: an answer that is no text is dropped, or the run stops"
