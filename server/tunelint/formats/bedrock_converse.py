"""Conversations in the shape of Amazon Bedrock's Converse API, for Nova and Llama models."""

from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

from tunelint.core.example import Example, MediaKind, MediaPart, Role, Tool, ToolCall, Turn
from tunelint.formats.base import Format
from tunelint.text.parse import Path

__all__ = ["FORMAT", "BedrockConverse"]


class S3Location(Struct, forbid_unknown_fields=True):
    """Where a file lies."""

    uri: str
    bucketOwner: str | UnsetType = UNSET  # noqa: N815  the API's own name


class Source(Struct, forbid_unknown_fields=True):
    """Media by address, or as bytes in base64."""

    s3Location: S3Location | UnsetType = UNSET  # noqa: N815
    bytes: str | UnsetType = UNSET


class Media(Struct, forbid_unknown_fields=True):
    """An image or a video."""

    format: str
    source: Source


class ConversePart(Struct, forbid_unknown_fields=True):
    """A piece of a turn: one of its members is set."""

    text: str | UnsetType = UNSET
    image: Media | UnsetType = UNSET
    video: Media | UnsetType = UNSET
    document: Any = UNSET
    reasoningContent: Any = UNSET  # noqa: N815
    toolUse: dict[str, Any] | UnsetType = UNSET  # noqa: N815
    toolResult: dict[str, Any] | UnsetType = UNSET  # noqa: N815


class ConverseMessage(Struct, forbid_unknown_fields=True):
    """Who says what."""

    role: str
    content: Annotated[list[ConversePart], Meta(min_length=1)]


class SystemPart(Struct, forbid_unknown_fields=True):
    """A piece of the system text."""

    text: str


class Row(Struct, forbid_unknown_fields=True):
    """A conversation."""

    messages: Annotated[list[ConverseMessage], Meta(min_length=1)]
    schemaVersion: str | UnsetType = UNSET  # noqa: N815
    system: list[SystemPart] | UnsetType = UNSET
    toolConfig: Any = UNSET  # noqa: N815


ROLES: dict[str, Role] = {"user": "user", "assistant": "assistant"}


class BedrockConverse(Format):
    """Messages whose content is a list of parts without a type, with `system` parts and a `schemaVersion` beside them.

    Amazon Bedrock takes it for Nova and Llama 3.2 models.

    ```jsonl good
    {"schemaVersion": "bedrock-conversation-2024", "system": [{"text": "Be brief."}], "messages": [{"role": "user", "content": [{"text": "Is it raining?"}]}, {"role": "assistant", "content": [{"text": "No."}]}]}
    ```

    ```jsonl good
    {"schemaVersion": "bedrock-conversation-2024", "messages": [{"role": "user", "content": [{"text": "Bonn and Ulm?"}]}, {"role": "assistant", "content": [{"toolUse": {"toolUseId": "a1", "name": "weather", "input": {"city": "Bonn"}}}, {"toolUse": {"toolUseId": "a2", "name": "weather", "input": {"city": "Ulm"}}}]}, {"role": "user", "content": [{"toolResult": {"toolUseId": "a1", "content": [{"text": "rain"}]}}, {"toolResult": {"toolUseId": "a2", "content": [{"text": "sun"}]}}]}, {"role": "assistant", "content": [{"text": "Rain and sun."}]}], "toolConfig": {"tools": [{"toolSpec": {"name": "weather", "inputSchema": {"json": {"type": "object", "properties": {"city": {"type": "string"}}}}}}]}}
    ```

    ```jsonl bad messages[1].content
    {"schemaVersion": "bedrock-conversation-2024", "messages": [{"role": "user", "content": [{"text": "Is it raining?"}]}, {"role": "assistant", "content": "No."}]}
    ```
    """

    name = "bedrock-converse"
    title = "Bedrock conversation"
    aliases = ("nova", "converse")
    rows = (Row,)
    roles = ROLES | {"system": "system"}
    conversation = True

    def example(self, row: Any) -> Example:
        """Turn a row into the canonical example."""
        turns = []
        if row.system is not UNSET and row.system:
            at: Path = ("system",)
            turns.append(Turn("system", "\n".join(part.text for part in row.system), at, at, "system"))
        turns += [_turn(one, ("messages", index)) for index, one in enumerate(row.messages)]
        return Example(turns, tools=_tools(row.toolConfig))

    def suits(self, value: dict[str, Any]) -> float:
        """Return less where nothing tells it from chat with lists of parts, or where a single turn waits for its answer."""
        messages = value.get("messages")
        if isinstance(messages, list) and len(messages) == 1:
            return 0.8
        return 1.0 if "schemaVersion" in value or isinstance(value.get("system"), list) else 0.9


def _turn(message: ConverseMessage, at: Path) -> Turn:
    texts: list[str] = []
    text_at: Path = (*at, "content")
    media: list[MediaPart] = []
    calls: list[ToolCall] = []
    answers: list[tuple[str, Path]] = []
    for index, part in enumerate(message.content):
        here: Path = (*at, "content", index)
        if part.text is not UNSET:
            if not texts:
                text_at = (*here, "text")
            texts.append(part.text)
        for kind, one in (("image", part.image), ("video", part.video)):
            if one is not UNSET:
                media.append(_media(kind, one, here))  # type: ignore[arg-type]
        if part.toolUse is not UNSET:
            use = part.toolUse
            calls.append(ToolCall(str(use.get("name", "")), use.get("input"), (*here, "toolUse"), use.get("toolUseId")))
        if part.toolResult is not UNSET:
            answers.append((str(part.toolResult.get("toolUseId", "")), (*here, "toolResult", "toolUseId")))
    return Turn(
        role="tool" if answers else ROLES.get(message.role, "unknown"),
        text="\n".join(texts),
        at=at,
        text_at=text_at,
        speaker=message.role,
        calls=tuple(calls),
        answers=tuple(answers),
        media=tuple(media),
    )


def _tools(config: Any) -> list[Tool] | None:
    """Return the tools that a `toolConfig` declares, None where it declares none."""
    listed = config.get("tools") if isinstance(config, dict) else None
    tools = []
    for index, entry in enumerate(listed if isinstance(listed, list) else ()):
        spec = entry.get("toolSpec") if isinstance(entry, dict) else None
        if isinstance(spec, dict):
            schema = spec.get("inputSchema")
            parameters = schema.get("json") if isinstance(schema, dict) else None
            at: Path = ("toolConfig", "tools", index, "toolSpec")
            tools.append(Tool(str(spec.get("name", "")), parameters, at, str(spec.get("description", ""))))
    return tools or None


def _media(kind: MediaKind, one: Media, at: Path) -> MediaPart:
    if one.source.s3Location is not UNSET:
        return MediaPart(kind, one.source.s3Location.uri, (*at, kind, "source", "s3Location", "uri"))
    data = one.source.bytes if one.source.bytes is not UNSET else ""
    return MediaPart(kind, f"data:{kind}/{one.format};base64,{data}", (*at, kind, "source"))


FORMAT = BedrockConverse()
