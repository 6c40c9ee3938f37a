"""ms-swift's preference data: a conversation with the answer to be liked in it, and the other one beside it."""

from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

from tunelint.core.example import Example, Turn
from tunelint.formats.base import Format
from tunelint.formats.openai_chat import ROLES, Message, listed_media, turns_of

__all__ = ["FORMAT"]


class Row(Struct, forbid_unknown_fields=True):
    """A conversation that ends with the better answer, and the text of the worse one."""

    messages: Annotated[list[Message], Meta(min_length=1)]
    rejected_response: str
    tools: str | list[Any] | None | UnsetType = UNSET
    images: list[Any] | str | None | UnsetType = UNSET
    videos: list[Any] | str | None | UnsetType = UNSET
    audios: list[Any] | str | None | UnsetType = UNSET
    objects: Any = UNSET
    channel: str | None | UnsetType = UNSET


class MessagesRow(Struct, forbid_unknown_fields=True):
    """The same with the worse conversation in messages."""

    messages: Annotated[list[Message], Meta(min_length=1)]
    rejected_messages: Annotated[list[Message], Meta(min_length=1)]
    tools: str | list[Any] | None | UnsetType = UNSET
    images: list[Any] | str | None | UnsetType = UNSET


class MsSwiftPreference(Format):
    """A conversation under `messages` that ends with the better answer, with the worse one under `rejected_response`.

    ```jsonl good
    {"messages": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "No."}], "rejected_response": "Who knows."}
    ```

    ```jsonl bad rejected_response
    {"messages": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "No."}], "rejected_response": 0}
    ```
    """

    name = "ms-swift-preference"
    title = "ms-swift preference"
    method = "preference"
    rows = (Row, MessagesRow)
    roles = ROLES
    conversation = True

    def example(self, row: Any) -> Example:
        """Turn a row into the canonical example."""
        turns = turns_of(row.messages, ("messages",), ROLES)
        if isinstance(row, Row):
            at = ("rejected_response",)
            rejected = [Turn("assistant", row.rejected_response, at, at, "assistant")]
        else:
            rejected = turns_of(row.rejected_messages, ("rejected_messages",), ROLES)[-1:]
        cut = len(turns) - 1 if turns[-1].role == "assistant" else len(turns)
        return Example(turns[:cut], chosen=turns[cut:], rejected=rejected, media=listed_media(row))


FORMAT = MsSwiftPreference()
