"""Cohere's conversations, whose roles are System, User and Chatbot."""

from typing import Annotated, Any

from msgspec import Meta, Struct

from tunelint.core.example import Example, Role, Turn
from tunelint.formats.base import Format

__all__ = ["FORMAT"]


class CohereMessage(Struct, forbid_unknown_fields=True):
    """Who says what."""

    role: str
    content: str


class Row(Struct, forbid_unknown_fields=True):
    """A conversation."""

    messages: Annotated[list[CohereMessage], Meta(min_length=1)]


ROLES: dict[str, Role] = {"System": "system", "User": "user", "Chatbot": "assistant"}


class Cohere(Format):
    """Conversations under `messages` with the roles `System`, `User` and `Chatbot`.

    Cohere took it until it ended fine-tuning in September 2025.

    ```jsonl good target=cohere
    {"messages": [{"role": "System", "content": "Be brief."}, {"role": "User", "content": "Is it raining?"}, {"role": "Chatbot", "content": "No."}]}
    ```

    ```jsonl bad messages[1].content
    {"messages": [{"role": "User", "content": "Is it raining?"}, {"role": "Chatbot", "content": 7}]}
    ```
    """

    name = "cohere"
    title = "Cohere chat"
    rows = (Row,)
    roles = ROLES
    conversation = True
    only_for = frozenset({"cohere"})

    def example(self, row: Any) -> Example:
        """Turn a row into the canonical example."""
        return Example(
            [
                Turn(ROLES.get(one.role, "unknown"), one.content, ("messages", index), ("messages", index, "content"), one.role)
                for index, one in enumerate(row.messages)
            ]
        )


FORMAT = Cohere()
