"""LLaMA-Factory's own version 1 format: messages made of parts, each with a `type` and a `value`."""

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from tunelint.core.example import Example, MediaPart, Role, ToolCall, Turn
from tunelint.formats.base import Format
from tunelint.formats.shape import read_json
from tunelint.formats.sharegpt import tools_in_text
from tunelint.text.parse import Path

__all__ = ["FORMAT", "ROLES", "V1Message", "v1_turns"]

PartType = Literal["text", "reasoning", "tool_call", "image_url", "video_url", "audio_url", "image", "video", "audio"]


class V1Part(Struct, forbid_unknown_fields=True):
    """A piece of a message."""

    type: PartType
    value: str


class V1Message(Struct, forbid_unknown_fields=True):
    """A message; with `loss_weight` 0 it is not learnt."""

    role: str
    content: Annotated[list[V1Part], Meta(min_length=1)]
    loss_weight: float | UnsetType = UNSET


class Row(Struct, forbid_unknown_fields=True):
    """A conversation."""

    messages: Annotated[list[V1Message], Meta(min_length=1)]
    tools: str | None | UnsetType = UNSET
    extra_info: Any = UNSET


ROLES: dict[str, Role] = {"system": "system", "user": "user", "assistant": "assistant", "tool": "tool"}


class LlamaFactoryV1(Format):
    """Conversations under `messages` whose content is a list of parts, each with a `type` and a `value`.

    LLaMA-Factory reads it since version 1; nobody else does.

    ```jsonl good
    {"messages": [{"role": "user", "content": [{"type": "text", "value": "Hi"}], "loss_weight": 0.0}, {"role": "assistant", "content": [{"type": "text", "value": "Hello!"}], "loss_weight": 1.0}]}
    ```

    ```jsonl bad messages[1].content[0].type
    {"messages": [{"role": "user", "content": [{"type": "text", "value": "Hi"}]}, {"role": "assistant", "content": [{"type": "words", "value": "Hello!"}]}]}
    ```
    """

    name = "llama-factory-v1"
    title = "LLaMA-Factory v1"
    rows = (Row,)
    roles = ROLES
    conversation = True

    def example(self, row: Any) -> Example:
        """Turn a row into the canonical example."""
        return Example(v1_turns(row.messages, ("messages",)), tools=tools_in_text(row.tools))

    def suits(self, value: dict[str, Any]) -> float:
        """Return less where no part has a `value`: that is a conversation which everybody reads."""
        messages = value.get("messages")
        contents = [one.get("content") for one in messages if isinstance(one, dict)] if isinstance(messages, list) else []
        parts = [part for content in contents if isinstance(content, list) for part in content]
        return 1.0 if any(isinstance(part, dict) and "value" in part for part in parts) else 0.8


def v1_turns(messages: list[V1Message], at: Path) -> list[Turn]:
    """Turn messages into turns."""
    return [_turn(message, (*at, index)) for index, message in enumerate(messages)]


def _turn(message: V1Message, at: Path) -> Turn:
    texts: list[str] = []
    media: list[MediaPart] = []
    calls: list[ToolCall] = []
    reasoning = None
    text_at: Path = (*at, "content")
    for index, part in enumerate(message.content):
        here = (*at, "content", index, "value")
        if part.type == "text":
            if not texts:
                text_at = here
            texts.append(part.value)
        elif part.type == "reasoning":
            reasoning = part.value
        elif part.type == "tool_call":
            calls.append(_call(part.value, here))
        else:
            media.append(MediaPart(part.type.removesuffix("_url"), part.value, here))  # type: ignore[arg-type]
    return Turn(
        role=ROLES.get(message.role, "unknown"),
        text="\n".join(texts),
        at=at,
        text_at=text_at,
        speaker=message.role,
        trained=None if message.loss_weight is UNSET else bool(message.loss_weight),
        calls=tuple(calls),
        media=tuple(media),
        reasoning=reasoning,
    )


def _call(text: str, at: Path) -> ToolCall:
    value = read_json(text)
    if not isinstance(value, dict):
        return ToolCall("", text, at)
    return ToolCall(str(value.get("name", "")), value.get("arguments"), at)


FORMAT = LlamaFactoryV1()
