"""Conversations as Google's Gemini API has them, for tuning on Vertex AI."""

from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

from tunelint.core.example import Example, MediaKind, MediaPart, Role, Tool, ToolCall, Turn
from tunelint.formats.base import Format
from tunelint.formats.openai_chat import tool_of
from tunelint.text.parse import Path

__all__ = ["FORMAT", "ROLES", "Content", "Instruction", "content_turn", "instruction_turns"]


class Blob(Struct, forbid_unknown_fields=True, rename={"mime_type": "mimeType"}):
    """Media inside the record, in base64."""

    mime_type: str
    data: str


class FileData(Struct, forbid_unknown_fields=True, rename={"mime_type": "mimeType", "file_uri": "fileUri"}):
    """Media by address."""

    mime_type: str
    file_uri: str


class FunctionCall(Struct, forbid_unknown_fields=True):
    """A call of a tool."""

    name: str
    args: dict[str, Any] | UnsetType = UNSET
    id: str | UnsetType = UNSET


class FunctionResponse(Struct, forbid_unknown_fields=True):
    """What a tool answered."""

    name: str
    response: Any = UNSET
    id: str | UnsetType = UNSET


class GeminiPart(
    Struct,
    forbid_unknown_fields=True,
    rename={
        "inline_data": "inlineData",
        "file_data": "fileData",
        "function_call": "functionCall",
        "function_response": "functionResponse",
        "video_metadata": "videoMetadata",
        "media_resolution": "mediaResolution",
    },
):
    """A piece of a turn: one of its members is set."""

    text: str | UnsetType = UNSET
    thought: bool | UnsetType = UNSET
    inline_data: Blob | UnsetType = UNSET
    file_data: FileData | UnsetType = UNSET
    function_call: FunctionCall | UnsetType = UNSET
    function_response: FunctionResponse | UnsetType = UNSET
    video_metadata: Any = UNSET
    media_resolution: Any = UNSET


class Content(Struct, forbid_unknown_fields=True):
    """A turn."""

    role: str
    parts: Annotated[list[GeminiPart], Meta(min_length=1)]


class Instruction(Struct, forbid_unknown_fields=True):
    """The system instruction; its role is ignored."""

    parts: Annotated[list[GeminiPart], Meta(min_length=1)]
    role: str | UnsetType = UNSET


class Row(
    Struct,
    forbid_unknown_fields=True,
    rename={
        "camel_instruction": "systemInstruction",
        "snake_instruction": "system_instruction",
        "tool_config": "toolConfig",
        "generation_config": "generationConfig",
    },
):
    """A conversation."""

    contents: Annotated[list[Content], Meta(min_length=1)]
    camel_instruction: Instruction | UnsetType = UNSET
    snake_instruction: Instruction | UnsetType = UNSET
    tools: list[dict[str, Any]] | UnsetType = UNSET
    tool_config: Any = UNSET
    generation_config: Any = UNSET
    labels: Any = UNSET


ROLES: dict[str, Role] = {"user": "user", "model": "assistant", "function": "tool", "system": "system"}


class Gemini(Format):
    """Turns under `contents`, each with a `role` (`user` or `model`) and `parts`, and a `systemInstruction` beside them.

    Vertex AI takes it for tuning Gemini models.

    ```jsonl good
    {"contents": [{"role": "user", "parts": [{"text": "Is it raining?"}]}, {"role": "model", "parts": [{"text": "No."}]}]}
    {"systemInstruction": {"role": "system", "parts": [{"text": "Be brief."}]}, "contents": [{"role": "user", "parts": [{"text": "Hi"}]}, {"role": "model", "parts": [{"text": "Hi!"}]}]}
    ```

    ```jsonl bad contents[1].parts
    {"contents": [{"role": "user", "parts": [{"text": "Is it raining?"}]}, {"role": "model", "parts": "No."}]}
    ```
    """

    name = "gemini"
    title = "Gemini"
    aliases = ("vertex", "google")
    rows = (Row,)
    roles = ROLES
    conversation = True

    def example(self, row: Any) -> Example:
        """Turn a row into the canonical example."""
        turns = instruction_turns(row.camel_instruction, "systemInstruction")
        turns += instruction_turns(row.snake_instruction, "system_instruction")
        turns += [content_turn(one, ("contents", index)) for index, one in enumerate(row.contents)]
        return Example(turns, tools=_tools(row.tools) if row.tools is not UNSET else None)


def instruction_turns(instruction: Instruction | UnsetType, key: str) -> list[Turn]:
    """Return the turn of a system instruction under `key`, none where there is none."""
    return [_turn("system", instruction.parts, (key,))] if isinstance(instruction, Instruction) else []


def content_turn(content: Content, at: Path) -> Turn:
    """Turn a content into a turn."""
    return _turn(content.role, content.parts, at)


def _turn(role: str, parts: list[GeminiPart], at: Path) -> Turn:
    texts: list[str] = []
    text_at: Path = (*at, "parts")
    media: list[MediaPart] = []
    calls: list[ToolCall] = []
    answers: list[str] = []
    for index, part in enumerate(parts):
        here: Path = (*at, "parts", index)
        if part.text is not UNSET and part.thought is not True:
            if not texts:
                text_at = (*here, "text")
            texts.append(part.text)
        if part.inline_data is not UNSET:
            source = f"data:{part.inline_data.mime_type};base64,{part.inline_data.data}"
            media.append(MediaPart(_kind(part.inline_data.mime_type), source, (*here, "inlineData", "data")))
        if part.file_data is not UNSET:
            media.append(MediaPart(_kind(part.file_data.mime_type), part.file_data.file_uri, (*here, "fileData", "fileUri")))
        if part.function_call is not UNSET:
            call = part.function_call
            calls.append(ToolCall(call.name, call.args if call.args is not UNSET else {}, (*here, "functionCall")))
        if part.function_response is not UNSET:
            answers.append(part.function_response.name)
    return Turn(
        role="tool" if answers else ROLES.get(role, "unknown"),
        text="\n".join(texts),
        at=at,
        text_at=text_at,
        speaker=role,
        calls=tuple(calls),
        media=tuple(media),
        name=answers[0] if answers else None,
    )


def _kind(mime_type: str) -> MediaKind:
    kind = mime_type.partition("/")[0]
    return kind if kind in {"video", "audio"} else "image"  # type: ignore[return-value]


def _tools(declared: list[dict[str, Any]]) -> list[Tool] | None:
    tools = []
    for index, entry in enumerate(declared):
        functions = entry.get("functionDeclarations", entry.get("function_declarations"))
        for number, function in enumerate(functions if isinstance(functions, list) else ()):
            if isinstance(function, dict):
                key = "functionDeclarations" if "functionDeclarations" in entry else "function_declarations"
                tools.append(tool_of(function, ("tools", index, key, number)))
    return tools or None


FORMAT = Gemini()
