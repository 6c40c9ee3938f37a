"""Conversations as pairs of what the human and the assistant said: one of the forms that ms-swift reads."""

from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

from tunelint.core.example import Example, Turn
from tunelint.formats.base import Format

__all__ = ["FORMAT"]


class Exchange(Struct, forbid_unknown_fields=True):
    """What one said and what the other answered."""

    human: str
    assistant: str


class Row(Struct, forbid_unknown_fields=True):
    """The exchanges, with a system text."""

    conversation: Annotated[list[Exchange], Meta(min_length=1)]
    system: str | None | UnsetType = UNSET


class ConversationPairs(Format):
    """A `conversation` of pairs, each with what the `human` said and what the `assistant` answered; ms-swift reads it.

    ```jsonl good
    {"system": "Be brief.", "conversation": [{"human": "Is it raining?", "assistant": "No."}, {"human": "Sure?", "assistant": "Yes."}]}
    ```

    ```jsonl bad conversation[0]
    {"conversation": [{"human": "Is it raining?"}]}
    ```
    """

    name = "conversation-pairs"
    title = "conversation pairs"
    rows = (Row,)
    roles = {"system": "system", "human": "user", "assistant": "assistant"}  # noqa: RUF012  a mapping as of every format

    def example(self, row: Any) -> Example:
        """Turn a row into the canonical example."""
        turns = [Turn("system", row.system, ("system",), ("system",), "system")] if row.system else []
        for index, one in enumerate(row.conversation):
            at = ("conversation", index)
            turns.append(Turn("user", one.human, (*at, "human"), (*at, "human"), "human"))
            turns.append(Turn("assistant", one.assistant, (*at, "assistant"), (*at, "assistant"), "assistant"))
        return Example(turns)

    def suits(self, value: dict[str, Any]) -> float:
        """Return less for a `conversation` of anything else, as chat logs have it."""
        exchanges = value.get("conversation")
        pairs = isinstance(exchanges, list) and exchanges and isinstance(exchanges[0], dict) and "human" in exchanges[0]
        return 1.0 if pairs else 0.4


FORMAT = ConversationPairs()
