"""Conversations as OpenAI defined them, which most providers and trainers read."""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from tunelint.core.example import Example, MediaKind, MediaPart, Role, Tool, ToolCall, Turn
from tunelint.core.fault import Fault
from tunelint.core.parts import parts_of, starts_of
from tunelint.formats.base import Format, Glance, Glances
from tunelint.formats.shape import read_json
from tunelint.text.parse import Path

__all__ = [
    "FORMAT",
    "Message",
    "OpenAIChat",
    "PlainMessage",
    "calls_of",
    "check_messages",
    "declared_tools",
    "first_flag",
    "listed_media",
    "listed_tools",
    "turns_of",
]


class PlainMessage(Struct, gc=False, forbid_unknown_fields=True):
    """The commonest message: who says what."""

    role: str
    content: str


class PlainRow(Struct, gc=False, forbid_unknown_fields=True):
    """The commonest record."""

    messages: Annotated[list[PlainMessage], Meta(min_length=1)]


class TextPart(Struct, tag_field="type", tag="text", forbid_unknown_fields=True):
    """A piece of text. `train` and `weight` are Axolotl's."""

    text: str
    train: bool | None | UnsetType = UNSET
    weight: float | None | UnsetType = UNSET


class RefusalPart(Struct, tag_field="type", tag="refusal", forbid_unknown_fields=True):
    """A refusal of the assistant."""

    refusal: str


class ImageAddress(Struct, forbid_unknown_fields=True):
    """Where an image is: an address or a data URL."""

    url: str
    detail: Literal["auto", "low", "high"] | UnsetType = UNSET


class ImageUrlPart(Struct, tag_field="type", tag="image_url", forbid_unknown_fields=True):
    """An image. Mistral writes the address without an object around it."""

    image_url: ImageAddress | str


class ImagePart(Struct, tag_field="type", tag="image"):
    """An image as Hugging Face chat templates write it."""

    image: Any = None
    url: Any = None
    path: Any = None
    base64: Any = None


class VideoPart(Struct, tag_field="type", tag="video"):
    """A video as Hugging Face chat templates write it."""

    video: Any = None
    url: Any = None
    path: Any = None


class AudioPart(Struct, tag_field="type", tag="audio"):
    """A sound as Hugging Face chat templates write it."""

    audio: Any = None
    url: Any = None
    path: Any = None


class InputAudioPart(Struct, tag_field="type", tag="input_audio"):
    """A sound as OpenAI writes it."""

    input_audio: dict[str, Any]


class VideoUrlPart(Struct, tag_field="type", tag="video_url"):
    """A video by address, as Fireworks and vLLM write it."""

    video_url: dict[str, Any] | str


Part = TextPart | RefusalPart | ImageUrlPart | ImagePart | VideoPart | AudioPart | InputAudioPart | VideoUrlPart


class FunctionCall(Struct, forbid_unknown_fields=True):
    """What is called. OpenAI wants the arguments as JSON text, TRL as an object."""

    name: str
    arguments: str | dict[str, Any] | None


class Call(Struct, forbid_unknown_fields=True):
    """A tool call; TRL and Axolotl need neither id nor type."""

    function: FunctionCall
    id: str | None | UnsetType = UNSET
    type: Literal["function"] | None | UnsetType = UNSET
    index: int | None | UnsetType = UNSET


class Message(Struct, forbid_unknown_fields=True):
    """A message with all that some consumer reads.

    `weight` is OpenAI's, `train`, `training` and `train_detail` Axolotl's, `loss` and `loss_scale` ms-swift's, `thinking` and
    `reasoning_content` those of templates for reasoning models.
    """

    role: str
    content: str | list[Part] | None | UnsetType = UNSET
    name: str | None | UnsetType = UNSET
    weight: int | float | bool | None | UnsetType = UNSET
    tool_calls: list[Call] | None | UnsetType = UNSET
    tool_call_id: str | None | UnsetType = UNSET
    function_call: FunctionCall | None | UnsetType = UNSET
    refusal: str | None | UnsetType = UNSET
    audio: dict[str, Any] | None | UnsetType = UNSET
    thinking: str | None | UnsetType = UNSET
    reasoning_content: str | None | UnsetType = UNSET
    prefix: bool | None | UnsetType = UNSET
    train: bool | None | UnsetType = UNSET
    training: bool | None | UnsetType = UNSET
    train_detail: list[dict[str, Any]] | None | UnsetType = UNSET
    loss: bool | None | UnsetType = UNSET
    loss_scale: float | None | UnsetType = UNSET


class Row(Struct, forbid_unknown_fields=True):
    """A record with all that some consumer reads. What a tool declares is for the rules about tools to check."""

    messages: Annotated[list[Message], Meta(min_length=1)]
    tools: list[dict[str, Any]] | str | None | UnsetType = UNSET
    parallel_tool_calls: bool | None | UnsetType = UNSET
    functions: list[dict[str, Any]] | None | UnsetType = UNSET
    chat_template_kwargs: dict[str, Any] | None | UnsetType = UNSET
    images: list[Any] | str | None | UnsetType = UNSET
    videos: list[Any] | str | None | UnsetType = UNSET
    audios: list[Any] | str | None | UnsetType = UNSET


ROLES: dict[str, Role] = {
    "system": "system",
    "user": "user",
    "assistant": "assistant",
    "tool": "tool",
    "developer": "system",
    "function": "tool",
}


class OpenAIChat(Format):
    r"""Conversations under `messages`, each message with a `role` and its `content`.

    OpenAI, Azure, Together, Fireworks and Mistral take it, and TRL, Axolotl, LLaMA-Factory, ms-swift, torchtune, Unsloth and
    Databricks read it.

    ```jsonl good
    {"messages": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "No."}]}
    {"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hi!", "weight": 1}]}
    ```

    ```jsonl good
    {"messages": [{"role": "user", "content": [{"type": "text", "text": "What is it?"}, {"type": "image_url", "image_url": {"url": "https://example.com/cat.png"}}]}, {"role": "assistant", "content": "A cat."}]}
    ```

    ```jsonl good
    {"messages": [{"role": "user", "content": "Weather in Bonn?"}, {"role": "assistant", "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "weather", "arguments": "{\"city\": \"Bonn\"}"}}]}], "tools": [{"type": "function", "function": {"name": "weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}}]}
    ```

    ```jsonl bad messages[0]
    {"messages": [{"role": "user"}, {"role": "assistant", "content": "No."}]}
    ```

    ```jsonl bad messages[1].content
    {"messages": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": 7}]}
    ```
    """

    name = "openai-chat"
    title = "OpenAI chat"
    aliases = ("chat", "messages", "chatml", "conversational")
    rows = (Row,)
    plain = PlainRow
    roles = ROLES
    conversation = True

    def glance(self, row: Any) -> Glance:
        """Look at a plain row."""
        messages = row.messages
        texts = [message.content for message in messages]
        return Glance(tuple([message.role for message in messages]), texts, 2 + 8 * len(messages))

    def glances(self, rows: Sequence[Any]) -> Glances:
        """Look at many plain rows."""
        conversations = [row.messages for row in rows]
        messages = list(chain.from_iterable(conversations))
        speakers = parts_of([message.role for message in messages], starts_of(conversations))
        quotes = [2 + 8 * len(conversation) for conversation in conversations]
        return Glances(list(map(tuple, speakers)), [message.content for message in messages], quotes)

    def example(self, row: Any) -> Example:
        """Turn a row into the canonical example."""
        if type(row) is PlainRow:
            return Example(turns=plain_turns(row.messages, ("messages",), self.roles))
        turns = turns_of(row.messages, ("messages",), self.roles)
        return Example(turns=turns, tools=declared_tools(row), media=listed_media(row))

    def check(self, row: Any) -> Iterator[Fault]:
        """Yield what a typed row lacks."""
        yield from check_messages(row.messages, ("messages",))

    def suits(self, value: dict[str, Any]) -> float:
        """Return less for a conversation that waits for its answer: it may be reinforcement data."""
        messages = value.get("messages")
        last = messages[-1] if isinstance(messages, list) and messages else None
        return 0.8 if isinstance(last, dict) and last.get("role") == "user" else 1.0


def plain_turns(messages: list[PlainMessage], at: Path, roles: dict[str, Role]) -> list[Turn]:
    """Turn plain messages into turns."""
    turns = []
    for index, message in enumerate(messages):
        here = (*at, index)
        turns.append(Turn(roles.get(message.role, "unknown"), message.content, here, (*here, "content"), message.role))
    return turns


def turns_of(messages: list[Message], at: Path, roles: dict[str, Role]) -> list[Turn]:
    """Turn messages of any kind into turns."""
    return [_turn_of(message, (*at, index), roles) for index, message in enumerate(messages)]


def _turn_of(message: Message, at: Path, roles: dict[str, Role]) -> Turn:
    text, media = _content(message, (*at, "content"))
    return Turn(
        role=roles.get(message.role, "unknown"),
        text=text,
        at=at,
        text_at=(*at, "content"),
        speaker=message.role,
        trained=first_flag(message.weight, message.train, message.training, message.loss),
        calls=_calls(message, at),
        call_id=message.tool_call_id or None,
        media=media,
        reasoning=message.reasoning_content or message.thinking or None,
        name=message.name or None,
    )


def first_flag(*flags: Any) -> bool | None:
    """Return the first of the flags by which a record says whether a turn is learnt from; None when it has none."""
    for flag in flags:
        if flag is not UNSET and flag is not None:
            return bool(flag)
    return None


def _content(message: Message, at: Path) -> tuple[str, tuple[MediaPart, ...]]:
    content = message.content
    if isinstance(content, str):
        return content, ()
    if not isinstance(content, list):
        return message.refusal or "", ()
    texts: list[str] = []
    media: list[MediaPart] = []
    for index, part in enumerate(content):
        match part:
            case TextPart():
                texts.append(part.text)
            case RefusalPart():
                texts.append(part.refusal)
            case _:
                media.append(_media_part(part, (*at, index)))
    return "\n".join(texts), tuple(media)


def _media_part(part: Part, at: Path) -> MediaPart:
    match part:
        case ImageUrlPart():
            if isinstance(part.image_url, str):
                return MediaPart("image", part.image_url, (*at, "image_url"))
            return MediaPart("image", part.image_url.url, (*at, "image_url", "url"))
        case VideoUrlPart():
            if isinstance(part.video_url, str):
                return MediaPart("video", part.video_url, (*at, "video_url"))
            return MediaPart("video", part.video_url.get("url"), (*at, "video_url", "url"))
        case InputAudioPart():
            return MediaPart("audio", part.input_audio.get("data"), (*at, "input_audio", "data"))
        case ImagePart():
            return MediaPart("image", part.image or part.url or part.path or part.base64, at)
        case VideoPart():
            return MediaPart("video", part.video or part.url or part.path, at)
        case AudioPart():
            return MediaPart("audio", part.audio or part.url or part.path, at)
        case _:
            raise AssertionError(part)


def _calls(message: Message, at: Path) -> tuple[ToolCall, ...]:
    calls = calls_of(message.tool_calls or (), at)
    if message.function_call:
        calls += (ToolCall(message.function_call.name, message.function_call.arguments, (*at, "function_call")),)
    return calls


def calls_of(calls: Sequence[Call], at: Path) -> tuple[ToolCall, ...]:
    """Turn the `tool_calls` of a message into tool calls."""
    return tuple(
        ToolCall(call.function.name, call.function.arguments, (*at, "tool_calls", index), call.id or None)
        for index, call in enumerate(calls)
    )


def declared_tools(row: Any) -> list[Tool] | None:
    """Return the tools that a row declares under `tools` or `functions`, None when it declares none."""
    declared = row.tools if row.tools is not UNSET else None
    if isinstance(declared, str):
        declared = read_json(declared)
    tools = listed_tools(declared, "tools", at_each=isinstance(row.tools, list))
    tools += listed_tools(getattr(row, "functions", None), "functions", at_each=True)
    return tools if tools or declared else None


def listed_tools(declared: Any, key: str, *, at_each: bool) -> list[Tool]:
    """Return the tools of a list under `key`; they have places of their own unless the list is JSON text in a string."""
    tools = []
    for index, entry in enumerate(declared if isinstance(declared, list) else ()):
        inner = entry.get("function") if isinstance(entry, dict) else None
        function = inner if isinstance(inner, dict) else entry
        if isinstance(function, dict):
            tools.append(tool_of(function, (key, index) if at_each else (key,)))
    return tools


def tool_of(function: dict[str, Any], at: Path) -> Tool:
    """Return the tool that a declaration describes."""
    return Tool(str(function.get("name", "")), function.get("parameters"), at, str(function.get("description", "")))


def listed_media(row: Any) -> list[MediaPart] | None:
    """Return the media that a record lists beside its texts, None where it lists none."""
    kinds: tuple[tuple[str, MediaKind], ...] = (
        ("images", "image"),
        ("image", "image"),
        ("videos", "video"),
        ("audios", "audio"),
    )
    listed = [(key, kind, getattr(row, key, UNSET)) for key, kind in kinds]
    if all(value is UNSET or value is None for _, _, value in listed):
        return None
    found: list[MediaPart] = []
    for key, kind, value in listed:
        if isinstance(value, list):
            found += [MediaPart(kind, item, (key, index)) for index, item in enumerate(value)]
        elif isinstance(value, str):
            found.append(MediaPart(kind, value, (key,)))
    return found


def check_messages(messages: list[Message], at: Path) -> Iterator[Fault]:
    """Yield a fault for each message that lacks its content: only an assistant that calls tools may."""
    for index, message in enumerate(messages):
        calls = message.tool_calls or message.function_call or message.refusal or message.audio
        if message.content is UNSET and not (calls and message.role == "assistant") and not message.reasoning_content:
            yield Fault("missing-key", (*at, index), "a string or a list of parts", key="content")


FORMAT = OpenAIChat()
