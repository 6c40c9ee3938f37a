"""An instruction, optionally with an input, and its output: the format of the Alpaca dataset and its many descendants."""

from collections.abc import Iterator
from typing import Any

from msgspec import UNSET, Struct, UnsetType

from tunelint.core.example import Example, Turn
from tunelint.core.fault import Fault
from tunelint.formats.base import THUMBED, Format, Glance
from tunelint.formats.openai_chat import listed_media
from tunelint.text.parse import Path

__all__ = ["FORMAT", "history_turns"]


class PlainRow(Struct, gc=False, forbid_unknown_fields=True):
    """The three columns of the original."""

    instruction: str
    input: str
    output: str


class Row(Struct, forbid_unknown_fields=True):
    """A record with all that some trainer reads: `system`, `history` and media are LLaMA-Factory's, `text` is of the original."""

    instruction: str
    output: str
    input: str | None | UnsetType = UNSET
    system: str | None | UnsetType = UNSET
    history: list[list[str]] | None | UnsetType = UNSET
    text: str | None | UnsetType = UNSET
    images: list[Any] | str | None | UnsetType = UNSET
    videos: list[Any] | str | None | UnsetType = UNSET
    audios: list[Any] | str | None | UnsetType = UNSET


class ResponseRow(Struct, forbid_unknown_fields=True):
    """The GPTeacher way: the answer is called `response`."""

    instruction: str
    response: str
    input: str | None | UnsetType = UNSET
    system: str | None | UnsetType = UNSET


class Alpaca(Format):
    """An `instruction`, an optional `input` and an `output`; GPTeacher's variant has a `response`.

    Axolotl, LLaMA-Factory, ms-swift, torchtune, Unsloth and oumi read it. An empty instruction with a filled input is fine.

    ```jsonl good
    {"instruction": "Name a colour.", "input": "", "output": "Blue."}
    {"instruction": "Add the numbers.", "input": "1, 2", "output": "3"}
    ```

    ```json good name=train.json
    [{"instruction": "Name a colour.", "output": "Blue."}, {"instruction": "Name a fruit.", "output": "Plum.", "system": "Be brief.", "history": [["Hi", "Hello"]]}]
    ```

    ```jsonl good
    {"instruction": "Name a colour.", "response": "Blue."}
    {"instruction": "Name a fruit.", "response": "Plum."}
    ```

    ```jsonl bad 1:
    {"instruction": "Name a colour.", "input": ""}
    ```

    ```jsonl bad output
    {"instruction": "Name a colour.", "input": "", "output": ["Blue."]}
    ```
    """

    name = "alpaca"
    title = "Alpaca"
    aliases = ("gpteacher", "instruct")
    rows = (Row, ResponseRow)
    plain = PlainRow

    def suits(self, value: dict[str, Any]) -> float:
        """Return less for a record with a thumb, whatever its type: it is meant to be unpaired preference data."""
        return THUMBED if "kto_tag" in value else 1.0

    def repair(self, value: dict[str, Any]) -> Iterator[Fault]:
        """Yield Dolly's name for the input, which no trainer reads: the answer would be learnt without what it answers about."""
        if isinstance(value.get("context"), str) and value["context"] and "input" not in value:
            yield Fault("unknown-key", ("context",), "", key="context", suggestion="input")

    def glance(self, row: Any) -> Glance:
        """Look at a plain row."""
        if row.instruction and row.input:
            return Glance(("", "", ""), [row.instruction, row.input, row.output], 12)
        return Glance(("", ""), [row.instruction or row.input, row.output], 12)

    def meant(self, speakers: tuple[str, ...]) -> tuple[Any, ...]:
        """Return the roles of a plain row: instruction and input are both the user's."""
        return ("user",) * (len(speakers) - 1) + ("assistant",)

    def example(self, row: Any) -> Example:
        """Turn a row into the canonical example."""
        answer_key = "response" if isinstance(row, ResponseRow) else "output"
        turns: list[Turn] = []
        system = getattr(row, "system", None)
        if system:
            turns.append(Turn("system", system, ("system",), ("system",)))
        turns += history_turns(row)
        turns += _request(row)
        turns.append(Turn("assistant", getattr(row, answer_key), (answer_key,), (answer_key,)))
        return Example(turns, media=listed_media(row))


def history_turns(row: Any) -> list[Turn]:
    """Return the turns of `history`: pairs of what the user and the assistant said before."""
    turns = []
    for index, pair in enumerate(getattr(row, "history", None) or ()):
        for side, text in enumerate(pair[:2]):
            at: Path = ("history", index, side)
            turns.append(Turn("assistant" if side else "user", text, at, at))
    return turns


def _request(row: Any) -> list[Turn]:
    """Return instruction and input; an empty one of the two is no turn, unless both are."""
    parts = [("instruction", row.instruction), ("input", row.input if isinstance(row.input, str) else "")]
    said = [Turn("user", text, (key,), (key,)) for key, text in parts if text]
    return said or [Turn("user", "", ("instruction",), ("instruction",))]


FORMAT = Alpaca()
