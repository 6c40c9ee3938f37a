"""oumi's conversations: messages whose content may be parts that hold their own `content`."""

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from tunelint.core.example import Example, MediaKind, MediaPart, Role, Turn
from tunelint.formats.base import Format
from tunelint.text.parse import Path

__all__ = ["FORMAT"]

_KINDS: dict[str, MediaKind] = {"image_url": "image", "image_path": "image", "image_binary": "image"}


class OumiPart(Struct, forbid_unknown_fields=True):
    """A piece of a message."""

    type: Literal["text", "image_url", "image_path", "image_binary"]
    content: str
    binary: str | None | UnsetType = UNSET


class OumiMessage(Struct, forbid_unknown_fields=True):
    """Who says what."""

    role: str
    content: str | list[OumiPart]
    id: str | None | UnsetType = UNSET


class Row(Struct, forbid_unknown_fields=True):
    """A conversation, with any metadata."""

    messages: Annotated[list[OumiMessage], Meta(min_length=1)]
    metadata: dict[str, Any] | None | UnsetType = UNSET
    conversation_id: str | None | UnsetType = UNSET


ROLES: dict[str, Role] = {"system": "system", "user": "user", "assistant": "assistant", "tool": "tool"}


class Oumi(Format):
    """Conversations under `messages`, with `metadata` beside them; a part of a message holds its text or address in `content`.

    oumi reads it. Without such parts it is OpenAI chat, which everybody reads, also with metadata beside it.

    ```jsonl good
    {"messages": [{"role": "user", "content": [{"type": "image_url", "content": "https://example.com/dog.jpg"}, {"type": "text", "content": "What is it?"}]}, {"role": "assistant", "content": "A dog."}]}
    ```

    ```jsonl bad messages[1].content
    {"messages": [{"role": "user", "content": [{"type": "text", "content": "What is it?"}]}, {"role": "assistant", "content": 7}]}
    ```
    """

    name = "oumi"
    title = "oumi"
    rows = (Row,)
    roles = ROLES
    conversation = True

    def example(self, row: Any) -> Example:
        """Turn a row into the canonical example."""
        return Example([_turn(message, ("messages", index)) for index, message in enumerate(row.messages)])

    def suits(self, value: dict[str, Any]) -> float:
        """Return less for what is OpenAI chat as well, with metadata or without."""
        messages = value.get("messages")
        if "conversation_id" in value:
            return 1.0
        if not isinstance(messages, list):
            return 0.5
        parts = [
            part for one in messages if isinstance(one, dict) and isinstance(one.get("content"), list) for part in one["content"]
        ]
        return 1.0 if parts and all(isinstance(part, dict) and "content" in part for part in parts) else 0.6


def _turn(message: OumiMessage, at: Path) -> Turn:
    role = ROLES.get(message.role, "unknown")
    if isinstance(message.content, str):
        return Turn(role, message.content, at, (*at, "content"), message.role)
    texts = [part.content for part in message.content if part.type == "text"]
    media = [
        MediaPart(_KINDS[part.type], part.content, (*at, "content", index, "content"))
        for index, part in enumerate(message.content)
        if part.type in _KINDS
    ]
    return Turn(role, "\n".join(texts), at, (*at, "content"), message.role, media=tuple(media))


FORMAT = Oumi()
