"""Answers with a thumb up or down: unpaired preference data for Kahneman-Tversky optimisation."""

from collections.abc import Iterator
from typing import Any

from msgspec import UNSET, Struct, UnsetType

from tunelint.core.example import Example, Turn
from tunelint.core.fault import Fault
from tunelint.formats.base import Format
from tunelint.formats.openai_chat import ROLES, Message, check_messages, listed_media, turns_of
from tunelint.formats.sharegpt import SPEAKERS, Spoken, spoken_turns
from tunelint.text.parse import Path

__all__ = ["FORMAT"]


class Row(Struct, forbid_unknown_fields=True):
    """TRL's form."""

    prompt: str | list[Message]
    completion: str | list[Message]
    label: bool
    images: list[Any] | str | None | UnsetType = UNSET


class InstructionRow(Struct, forbid_unknown_fields=True):
    """Axolotl's Argilla form."""

    instruction: str
    completion: str
    label: bool
    system: str | None | UnsetType = UNSET


class QuestionRow(Struct, forbid_unknown_fields=True):
    """Axolotl's Intel form."""

    question: str
    completion: str
    label: bool
    system: str | None | UnsetType = UNSET


class MessagesRow(Struct, forbid_unknown_fields=True):
    """A conversation and its thumb, as LLaMA-Factory and ms-swift have it."""

    messages: list[Message]
    label: bool
    tools: str | list[Any] | None | UnsetType = UNSET
    images: list[Any] | str | None | UnsetType = UNSET


class AlpacaRow(Struct, forbid_unknown_fields=True):
    """LLaMA-Factory's Alpaca form."""

    instruction: str
    output: str
    kto_tag: bool
    input: str | None | UnsetType = UNSET
    system: str | None | UnsetType = UNSET


class ConversationsRow(Struct, forbid_unknown_fields=True):
    """LLaMA-Factory's ShareGPT form."""

    conversations: list[Spoken]
    kto_tag: bool
    system: str | None | UnsetType = UNSET
    tools: str | list[Any] | None | UnsetType = UNSET
    images: list[Any] | str | None | UnsetType = UNSET


class KTO(Format):
    """An answer with a thumb: `label` (TRL, ms-swift) or `kto_tag` (LLaMA-Factory), true or false.

    ```jsonl good
    {"prompt": "Is it raining?", "completion": "No.", "label": true}
    {"prompt": "Is it snowing?", "completion": "Who knows.", "label": false}
    ```

    ```jsonl good
    {"messages": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "No."}], "label": true}
    {"messages": [{"role": "user", "content": "Is it snowing?"}, {"role": "assistant", "content": "Who knows."}], "label": false}
    ```

    ```jsonl good
    {"instruction": "Is it raining?", "input": "", "output": "No.", "kto_tag": true}
    ```

    ```jsonl bad label
    {"prompt": "Is it raining?", "completion": "No.", "label": "true"}
    ```

    ```jsonl bad kto_tag
    {"instruction": "Is it raining?", "input": "", "output": "No.", "kto_tag": "true"}
    ```
    """

    name = "kto"
    title = "unpaired preference"
    aliases = ("unpaired-preference", "trl-unpaired")
    method = "kto"
    rows = (Row, InstructionRow, QuestionRow, MessagesRow, AlpacaRow, ConversationsRow)
    roles = SPEAKERS | ROLES
    conversation = True

    def example(self, row: Any) -> Example:
        """Turn a row into the canonical example."""
        match row:
            case Row():
                turns = _said(row.prompt, "prompt", "user") + _said(row.completion, "completion", "assistant")
            case InstructionRow():
                turns = _said(row.instruction, "instruction", "user") + _said(row.completion, "completion", "assistant")
            case QuestionRow():
                turns = _said(row.question, "question", "user") + _said(row.completion, "completion", "assistant")
            case MessagesRow():
                turns = turns_of(row.messages, ("messages",), ROLES)
            case AlpacaRow():
                turns = [
                    turn
                    for key in ("instruction", "input")
                    if getattr(row, key)
                    for turn in _said(getattr(row, key), key, "user")
                ]
                turns += _said(row.output, "output", "assistant")
            case _:
                turns = spoken_turns(row.conversations, ("conversations",))
        system = getattr(row, "system", None)
        if system:
            turns.insert(0, Turn("system", system, ("system",), ("system",), "system"))
        label = row.kto_tag if isinstance(row, AlpacaRow | ConversationsRow) else row.label
        return Example(turns, label=label, media=listed_media(row))

    def check(self, row: Any) -> Iterator[Fault]:
        """Yield what a typed row lacks."""
        for key in ("prompt", "completion", "messages"):
            value = getattr(row, key, None)
            if isinstance(value, list):
                yield from check_messages(value, (key,))


def _said(value: Any, key: str, speaker: str) -> list[Turn]:
    at: Path = (key,)
    return [Turn(ROLES[speaker], value, at, at, speaker)] if isinstance(value, str) else turns_of(value, at, ROLES)


FORMAT = KTO()
