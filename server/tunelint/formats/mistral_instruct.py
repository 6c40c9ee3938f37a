"""Mistral's own spellings of a conversation: `interactions` for messages, `text` for content."""

from collections.abc import Iterator
from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

from tunelint.core.example import Example, Turn
from tunelint.core.fault import Fault
from tunelint.formats.base import Format
from tunelint.formats.openai_chat import ROLES, Call, calls_of, first_flag

__all__ = ["FORMAT"]


class MistralMessage(Struct, forbid_unknown_fields=True):
    """A message; its words stand under `content` or `text`, not under both."""

    role: str
    content: str | None | UnsetType = UNSET
    text: str | None | UnsetType = UNSET
    weight: int | float | bool | None | UnsetType = UNSET
    name: str | None | UnsetType = UNSET
    tool_calls: list[Call] | None | UnsetType = UNSET
    tool_call_id: str | None | UnsetType = UNSET
    prefix: bool | None | UnsetType = UNSET


class InteractionsRow(Struct, forbid_unknown_fields=True):
    """A conversation under the older name."""

    interactions: Annotated[list[MistralMessage], Meta(min_length=1)]
    tools: list[dict[str, Any]] | None | UnsetType = UNSET
    available_tools: list[dict[str, Any]] | None | UnsetType = UNSET
    only_last: bool | None | UnsetType = UNSET
    system_prompt: str | None | UnsetType = UNSET


class MessagesRow(Struct, forbid_unknown_fields=True):
    """A conversation with Mistral's other spellings."""

    messages: Annotated[list[MistralMessage], Meta(min_length=1)]
    tools: list[dict[str, Any]] | None | UnsetType = UNSET
    available_tools: list[dict[str, Any]] | None | UnsetType = UNSET
    only_last: bool | None | UnsetType = UNSET
    system_prompt: str | None | UnsetType = UNSET


class MistralInstruct(Format):
    """Conversations under `interactions`, or with `text` in the messages, as mistral-finetune also takes them.

    With `messages` and `content` it is OpenAI chat, which Mistral takes as well.

    ```jsonl good
    {"interactions": [{"role": "user", "text": "Is it raining?"}, {"role": "assistant", "text": "No."}]}
    ```

    ```jsonl good target=mistral
    {"messages": [{"role": "user", "text": "Is it raining?"}, {"role": "assistant", "text": "No."}]}
    ```

    ```jsonl bad interactions[1]
    {"interactions": [{"role": "user", "text": "Is it raining?"}, {"role": "assistant", "text": "No.", "content": "No."}]}
    ```
    """

    name = "mistral-instruct"
    title = "Mistral instruct"
    aliases = ("interactions",)
    rows = (InteractionsRow, MessagesRow)
    roles = ROLES
    conversation = True

    def example(self, row: Any) -> Example:
        """Turn a row into the canonical example."""
        key = "interactions" if isinstance(row, InteractionsRow) else "messages"
        turns = []
        for index, one in enumerate(getattr(row, key)):
            at = (key, index)
            said = "text" if isinstance(one.text, str) else "content"
            turns.append(
                Turn(
                    ROLES.get(one.role, "unknown"),
                    getattr(one, said) or "",
                    at,
                    (*at, said),
                    one.role,
                    first_flag(one.weight),
                    calls_of(one.tool_calls or (), at),
                    one.tool_call_id or None,
                )
            )
        return Example(turns)

    def check(self, row: Any) -> Iterator[Fault]:
        """Yield messages that have both ways to say something, or none."""
        key = "interactions" if isinstance(row, InteractionsRow) else "messages"
        for index, one in enumerate(getattr(row, key)):
            if one.content is not UNSET and one.text is not UNSET:
                yield Fault("ambiguous", (key, index), '"content" or "text", not both', '"content" and "text"')
            elif one.content is UNSET and one.text is UNSET and not one.tool_calls:
                yield Fault("missing-key", (key, index), "a string", key="content")

    def suits(self, value: dict[str, Any]) -> float:
        """Return less for what is OpenAI chat as well."""
        if "interactions" in value or "available_tools" in value or "only_last" in value:
            return 1.0
        messages = value.get("messages")
        spelt = isinstance(messages, list) and any(isinstance(one, dict) and "text" in one for one in messages)
        return 1.0 if spelt else 0.6


FORMAT = MistralInstruct()
