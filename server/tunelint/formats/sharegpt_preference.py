"""ShareGPT conversations with a chosen and a rejected answer: LLaMA-Factory's preference data."""

from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

from tunelint.core.example import Example, Turn
from tunelint.formats.base import Format
from tunelint.formats.openai_chat import listed_media
from tunelint.formats.sharegpt import SPEAKERS, RoleSpoken, Spoken, spoken_turn, spoken_turns, tools_in_text

__all__ = ["FORMAT"]


class Row(Struct, forbid_unknown_fields=True):
    """A conversation that ends with the user, and two answers to it."""

    conversations: Annotated[list[Spoken], Meta(min_length=1)]
    chosen: Spoken
    rejected: Spoken
    system: str | None | UnsetType = UNSET
    tools: str | list[Any] | None | UnsetType = UNSET
    images: list[Any] | str | None | UnsetType = UNSET
    videos: list[Any] | str | None | UnsetType = UNSET
    audios: list[Any] | str | None | UnsetType = UNSET


class RoleRow(Struct, forbid_unknown_fields=True):
    """The same with the keys of chat messages."""

    conversations: Annotated[list[RoleSpoken], Meta(min_length=1)]
    chosen: RoleSpoken
    rejected: RoleSpoken
    system: str | None | UnsetType = UNSET


class ShareGPTPreference(Format):
    """Turns under `conversations` with one `chosen` and one `rejected` answer.

    LLaMA-Factory reads it with `ranking: true`.

    ```jsonl good
    {"conversations": [{"from": "human", "value": "Is it raining?"}], "chosen": {"from": "gpt", "value": "No."}, "rejected": {"from": "gpt", "value": "Who knows."}}
    ```

    ```jsonl bad chosen
    {"conversations": [{"from": "human", "value": "Is it raining?"}], "chosen": {"from": "gpt"}, "rejected": {"from": "gpt", "value": "Who knows."}}
    ```
    """

    name = "sharegpt-preference"
    title = "ShareGPT preference"
    method = "preference"
    rows = (Row, RoleRow)
    roles = SPEAKERS
    conversation = True

    def example(self, row: Any) -> Example:
        """Turn a row into the canonical example."""
        turns: list[Turn] = []
        if row.system:
            turns.append(Turn("system", row.system, ("system",), ("system",), "system"))
        turns += spoken_turns(row.conversations, ("conversations",))
        return Example(
            turns,
            chosen=[spoken_turn(row.chosen, ("chosen",))],
            rejected=[spoken_turn(row.rejected, ("rejected",))],
            tools=tools_in_text(getattr(row, "tools", None)),
            media=listed_media(row),
        )


FORMAT = ShareGPTPreference()
