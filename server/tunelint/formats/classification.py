"""Texts or conversations with labels, for Mistral's classifiers."""

from typing import Annotated, Any

from msgspec import Meta, Struct

from tunelint.core.example import Example, Turn, written
from tunelint.formats.base import Format
from tunelint.formats.openai_chat import ROLES, Message, turns_of

__all__ = ["FORMAT"]

Labels = dict[str, str | list[str]]


class Row(Struct, forbid_unknown_fields=True):
    """A text and its labels by name."""

    text: str
    labels: Labels


class MessagesRow(Struct, forbid_unknown_fields=True):
    """A conversation and its labels by name."""

    messages: Annotated[list[Message], Meta(min_length=1)]
    labels: Labels


class Classification(Format):
    """A `text` or `messages` with `labels`, an object of names and values: Mistral's classifier factory.

    ```jsonl good
    {"text": "The film was great", "labels": {"sentiment": "positive"}}
    {"text": "The film was dull", "labels": {"sentiment": "negative"}}
    ```

    ```jsonl bad labels
    {"text": "The film was great", "labels": "positive"}
    ```
    """

    name = "classification"
    title = "Mistral classification"
    rows = (Row, MessagesRow)

    def example(self, row: Any) -> Example:
        """Turn a row into the canonical example."""
        if isinstance(row, Row):
            turns = [Turn("user", row.text, ("text",), ("text",))]
        else:
            turns = turns_of(row.messages, ("messages",), ROLES)
        labels = written(row.labels)
        return Example([*turns, Turn("assistant", labels, ("labels",), ("labels",))])


FORMAT = Classification()
