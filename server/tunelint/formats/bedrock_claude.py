"""Conversations with a `system` text beside them: Amazon Bedrock's format for Claude."""

from collections.abc import Iterator
from typing import Annotated, Any

from msgspec import Meta, Struct

from tunelint.core.example import Example, Turn
from tunelint.core.fault import Fault
from tunelint.formats.base import Format
from tunelint.formats.openai_chat import ROLES, Message, check_messages, turns_of

__all__ = ["FORMAT"]


class Row(Struct, forbid_unknown_fields=True):
    """A conversation and the system text."""

    system: str
    messages: Annotated[list[Message], Meta(min_length=1)]


class BedrockClaude(Format):
    """A `system` text and `messages` of user and assistant.

    Amazon Bedrock takes it for Claude 3 Haiku. Without a system text it is OpenAI chat.

    ```jsonl good
    {"system": "Be brief.", "messages": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "No."}]}
    ```

    ```jsonl bad system
    {"system": ["Be brief."], "messages": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "No."}]}
    ```
    """

    name = "bedrock-claude"
    title = "Bedrock Claude"
    aliases = ("claude", "anthropic")
    rows = (Row,)
    roles = ROLES
    conversation = True

    def example(self, row: Any) -> Example:
        """Turn a row into the canonical example."""
        at = ("system",)
        return Example([Turn("system", row.system, at, at, "system"), *turns_of(row.messages, ("messages",), ROLES)])

    def check(self, row: Any) -> Iterator[Fault]:
        """Yield what a typed row lacks."""
        yield from check_messages(row.messages, ("messages",))


FORMAT = BedrockClaude()
