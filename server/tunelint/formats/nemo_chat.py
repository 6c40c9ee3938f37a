"""NeMo's chat data: ShareGPT turns with a mask that names who is not learnt."""

from collections.abc import Iterator
from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

from tunelint.core.example import Example, Turn
from tunelint.core.fault import Fault
from tunelint.formats.base import Format
from tunelint.formats.sharegpt import Spoken, spoken_turns

__all__ = ["FORMAT"]


class Row(Struct, forbid_unknown_fields=True):
    """A conversation; the turns of `mask` are left out of the loss."""

    conversations: Annotated[list[Spoken], Meta(min_length=1)]
    mask: str
    system: str | None | UnsetType = UNSET
    type: str | None | UnsetType = UNSET
    dataset: str | None | UnsetType = UNSET


class NemoChat(Format):
    """Turns under `conversations` with a `mask` that names the speaker whose turns are not learnt, and a `system` text.

    Speakers may be called anything, as long as the mask names one of them.

    ```jsonl good
    {"system": "Be brief.", "mask": "User", "conversations": [{"from": "User", "value": "Is it raining?"}, {"from": "Assistant", "value": "No."}]}
    ```

    ```jsonl bad mask
    {"system": "Be brief.", "mask": "human", "conversations": [{"from": "User", "value": "Is it raining?"}, {"from": "Assistant", "value": "No."}]}
    ```
    """

    name = "nemo-chat"
    title = "NeMo chat"
    rows = (Row,)

    def example(self, row: Any) -> Example:
        """Turn a row into the canonical example: everybody but the masked speaker is learnt."""
        turns = [Turn("system", row.system, ("system",), ("system",))] if row.system else []
        for turn in spoken_turns(row.conversations, ("conversations",)):
            turn.trained = turn.speaker != row.mask
            turn.role = "assistant" if turn.trained else "user"
            turns.append(turn)
        return Example(turns)

    def check(self, row: Any) -> Iterator[Fault]:
        """Yield a mask that names nobody."""
        speakers = list(dict.fromkeys(one.from_ for one in row.conversations))
        if row.mask not in speakers:
            words = " or ".join(f'"{speaker}"' for speaker in speakers)
            yield Fault("invalid-mask", ("mask",), f"a speaker of the conversation: {words}", row.mask)


FORMAT = NemoChat()
