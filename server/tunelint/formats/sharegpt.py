"""Conversations of `from` and `value`, as the ShareGPT dumps have them and LLaMA-Factory, Axolotl and others read them."""

from collections.abc import Sequence
from operator import attrgetter
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from tunelint.core.example import Example, Role, Tool, ToolCall, Turn
from tunelint.formats.base import Format, Glance
from tunelint.formats.openai_chat import first_flag, listed_media, listed_tools
from tunelint.formats.shape import read_json
from tunelint.text.parse import Path

__all__ = ["FORMAT", "SPEAKERS", "ShareGPT", "Spoken", "spoken_turn", "spoken_turns", "tools_in_text"]


class PlainSpoken(Struct, gc=False, forbid_unknown_fields=True):
    """The commonest turn."""

    from_: str = msgspec.field(name="from")
    value: str


class PlainRow(Struct, gc=False, forbid_unknown_fields=True):
    """The commonest record."""

    conversations: Annotated[list[PlainSpoken], Meta(min_length=1)]


class Spoken(Struct, forbid_unknown_fields=True):
    """A turn with the flags that trainers read: `weight` and `train` are Axolotl's, `loss` ms-swift's, `label` NeMo's."""

    from_: str = msgspec.field(name="from")
    value: str | None
    weight: int | float | bool | None | UnsetType = UNSET
    train: bool | None | UnsetType = UNSET
    loss: bool | None | UnsetType = UNSET
    label: str | None | UnsetType = UNSET


class Row(Struct, forbid_unknown_fields=True):
    """A conversation with what LLaMA-Factory reads beside it; `image` is LLaVA's, which ms-swift reads as well."""

    conversations: Annotated[list[Spoken], Meta(min_length=1)]
    system: str | None | UnsetType = UNSET
    tools: str | list[Any] | None | UnsetType = UNSET
    images: list[Any] | str | None | UnsetType = UNSET
    image: list[Any] | str | None | UnsetType = UNSET
    videos: list[Any] | str | None | UnsetType = UNSET
    audios: list[Any] | str | None | UnsetType = UNSET


class RoleSpoken(Struct, forbid_unknown_fields=True):
    """A turn whose keys are those of chat messages."""

    role: str
    content: str | None


class RoleRow(Struct, forbid_unknown_fields=True):
    """Chat messages under the key of ShareGPT."""

    conversations: Annotated[list[RoleSpoken], Meta(min_length=1)]
    system: str | None | UnsetType = UNSET
    tools: str | list[Any] | None | UnsetType = UNSET


class MessagesRow(Struct, forbid_unknown_fields=True):
    """Turns of ShareGPT under the key of chat messages, which trainers read that look into the turns or map columns."""

    messages: Annotated[list[Spoken], Meta(min_length=1)]
    system: str | None | UnsetType = UNSET
    tools: str | list[Any] | None | UnsetType = UNSET
    images: list[Any] | str | None | UnsetType = UNSET
    videos: list[Any] | str | None | UnsetType = UNSET
    audios: list[Any] | str | None | UnsetType = UNSET


SPEAKERS: dict[str, Role] = {
    "human": "user",
    "gpt": "assistant",
    "system": "system",
    "observation": "tool",
    "function_call": "assistant",
    "user": "user",
    "assistant": "assistant",
    "tool": "tool",
    "chatgpt": "assistant",
    "bing": "assistant",
    "bard": "assistant",
    "function_response": "tool",
}
_from_of = attrgetter("from_")
_value_of = attrgetter("value")


class ShareGPT(Format):
    r"""Turns under `conversations`, each `from` somebody with a `value`.

    LLaMA-Factory, Axolotl, ms-swift, torchtune, Unsloth and NeMo read it; LLaMA-Factory also reads `system`, `tools` (JSON text)
    and media beside it. Some files have `role` and `content` in the turns, or the turns under `messages`.

    ```jsonl good
    {"conversations": [{"from": "human", "value": "Is it raining?"}, {"from": "gpt", "value": "No."}]}
    {"conversations": [{"from": "system", "value": "Be brief."}, {"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Hi!"}]}
    ```

    ```jsonl good
    {"conversations": [{"from": "human", "value": "Weather in Bonn?"}, {"from": "function_call", "value": "{\"name\": \"weather\", \"arguments\": {\"city\": \"Bonn\"}}"}, {"from": "observation", "value": "sunny"}, {"from": "gpt", "value": "Sunny."}], "tools": "[{\"name\": \"weather\", \"parameters\": {\"type\": \"object\"}}]"}
    ```

    ```jsonl good
    {"conversations": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "No."}]}
    ```

    ```jsonl good
    {"messages": [{"from": "human", "value": "Is it raining?"}, {"from": "gpt", "value": "No."}]}
    ```

    ```jsonl bad conversations[1]
    {"conversations": [{"from": "human", "value": "Is it raining?"}, {"from": "gpt"}]}
    ```
    """

    name = "sharegpt"
    title = "ShareGPT"
    aliases = ("conversations",)
    rows = (Row, RoleRow, MessagesRow)
    plain = PlainRow
    roles = SPEAKERS
    conversation = True
    calling = frozenset({"function_call"})

    def glance(self, row: Any) -> Glance:
        """Look at a plain row."""
        turns = row.conversations
        return Glance(tuple(map(_from_of, turns)), list(map(_value_of, turns)), 2 + 8 * len(turns))

    def example(self, row: Any) -> Example:
        """Turn a row into the canonical example."""
        turns: list[Turn] = []
        system = getattr(row, "system", None)
        if system:
            turns.append(Turn("system", system, ("system",), ("system",), "system"))
        key = "messages" if isinstance(row, MessagesRow) else "conversations"
        turns += spoken_turns(getattr(row, key), (key,))
        return Example(turns, tools=tools_in_text(getattr(row, "tools", None)), media=listed_media(row))


def spoken_turns(spoken: Sequence[Any], at: Path) -> list[Turn]:
    """Turn spoken turns of any kind into turns."""
    return [spoken_turn(one, (*at, index)) for index, one in enumerate(spoken)]


def spoken_turn(one: Any, at: Path) -> Turn:
    """Turn one spoken turn into a turn."""
    speaker, key, text = (one.role, "content", one.content) if isinstance(one, RoleSpoken) else (one.from_, "value", one.value)
    role = SPEAKERS.get(speaker, "unknown")
    calls = _calls(text, at, key) if speaker == "function_call" else ()
    trained = first_flag(*(getattr(one, name, UNSET) for name in ("weight", "train", "loss")))
    return Turn(role, text or "", at, (*at, key), speaker, trained, calls)


def _calls(text: str | None, at: Path, key: str) -> tuple[ToolCall, ...]:
    """Read the calls that the text of a `function_call` turn holds as JSON."""
    value = read_json(text or "")
    entries = value if isinstance(value, list) else [value]
    return tuple(
        ToolCall(str(entry.get("name", "")), entry.get("arguments", entry.get("parameters")), (*at, key))
        for entry in entries
        if isinstance(entry, dict)
    )


def tools_in_text(declared: Any) -> list[Tool] | None:
    """Return the tools that a list or a JSON text declares, None when it declares none or cannot be read."""
    at_each = isinstance(declared, list)
    return listed_tools(read_json(declared) if isinstance(declared, str) else declared, "tools", at_each=at_each) or None


FORMAT = ShareGPT()
