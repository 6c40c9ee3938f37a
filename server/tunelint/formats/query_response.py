"""Questions with answers under the names that only ms-swift's automatic column mapping knows."""

from typing import Any

from msgspec import UNSET, Struct, UnsetType

from tunelint.core.example import Example, Turn
from tunelint.formats.alpaca import history_turns
from tunelint.formats.base import Format

__all__ = ["FORMAT"]


class Row(Struct, forbid_unknown_fields=True):
    """ms-swift's first names for them."""

    query: str
    response: str
    system: str | None | UnsetType = UNSET
    history: list[list[str]] | None | UnsetType = UNSET


class AnswerRow(Struct, forbid_unknown_fields=True):
    """The commonest other names."""

    question: str
    answer: str
    system: str | None | UnsetType = UNSET


class QueryResponse(Format):
    """A `query` and its `response`, or a `question` and its `answer`: ms-swift maps such columns, nobody else does.

    ```jsonl good target=ms-swift
    {"query": "Name a colour.", "response": "Blue."}
    {"query": "Name a fruit.", "response": "Plum."}
    ```

    ```jsonl bad response
    {"query": "Name a colour.", "response": 7}
    ```
    """

    name = "query-response"
    title = "query/response"
    aliases = ("question-answer",)
    rows = (Row, AnswerRow)
    only_for = frozenset({"ms-swift"})

    def example(self, row: Any) -> Example:
        """Turn a row into the canonical example."""
        turns: list[Turn] = []
        if row.system:
            turns.append(Turn("system", row.system, ("system",), ("system",)))
        turns += history_turns(row)
        asked, answered = ("query", "response") if isinstance(row, Row) else ("question", "answer")
        turns.append(Turn("user", getattr(row, asked), (asked,), (asked,)))
        turns.append(Turn("assistant", getattr(row, answered), (answered,), (answered,)))
        return Example(turns)


FORMAT = QueryResponse()
