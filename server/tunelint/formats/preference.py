"""A chosen and a rejected answer, as TRL and what is built on it read them."""

from collections.abc import Iterator
from typing import Any

from msgspec import UNSET, Struct, UnsetType

from tunelint.core.example import Example, Turn
from tunelint.core.fault import Fault
from tunelint.formats.base import Format
from tunelint.formats.openai_chat import ROLES, Message, check_messages, declared_tools, listed_media, turns_of
from tunelint.formats.sharegpt import tools_in_text
from tunelint.text.parse import Path

__all__ = ["FORMAT", "parted"]

Said = str | list[Message] | Message


class Row(Struct, forbid_unknown_fields=True):
    """Two answers and what they answer: `prompt` is TRL's, `messages` and `question` Axolotl's, `instruction` LLaMA-Factory's."""

    chosen: Said
    rejected: Said
    prompt: Said | None | UnsetType = UNSET
    messages: list[Message] | None | UnsetType = UNSET
    question: str | None | UnsetType = UNSET
    instruction: str | None | UnsetType = UNSET
    input: str | None | UnsetType = UNSET
    system: str | None | UnsetType = UNSET
    tools: list[dict[str, Any]] | str | None | UnsetType = UNSET
    images: list[Any] | str | None | UnsetType = UNSET
    videos: list[Any] | str | None | UnsetType = UNSET
    audios: list[Any] | str | None | UnsetType = UNSET
    score_chosen: float | None | UnsetType = UNSET
    score_rejected: float | None | UnsetType = UNSET
    margin: float | None | UnsetType = UNSET
    chat_template_kwargs: dict[str, Any] | None | UnsetType = UNSET


class ResponseRow(Struct, forbid_unknown_fields=True):
    """NeMo's names."""

    prompt: str
    chosen_response: str
    rejected_response: str


class InstructionRow(Struct, forbid_unknown_fields=True):
    """Argilla's names, which Axolotl reads."""

    instruction: str
    chosen_response: str
    rejected_response: str
    system: str | None | UnsetType = UNSET


class PairedRow(Struct, forbid_unknown_fields=True):
    """The names of the Stack Exchange pairs, which torchtune reads."""

    question: str
    response_j: str
    response_k: str


class ConversationsRow(Struct, forbid_unknown_fields=True):
    """The names of torchtune's guide, which its column map turns into `chosen` and `rejected`."""

    chosen_conversations: list[Message]
    rejected_conversations: list[Message]


_ANSWERS: dict[Any, tuple[str, str]] = {
    Row: ("chosen", "rejected"),
    ResponseRow: ("chosen_response", "rejected_response"),
    InstructionRow: ("chosen_response", "rejected_response"),
    PairedRow: ("response_j", "response_k"),
    ConversationsRow: ("chosen_conversations", "rejected_conversations"),
}


_PROMPTS: dict[Any, str] = {ResponseRow: "prompt", InstructionRow: "instruction", PairedRow: "question"}


class Preference(Format):
    """A `chosen` and a `rejected` answer, with the `prompt` beside them or at their beginning; strings or messages.

    TRL (DPO, ORPO, reward models) reads it, with it Unsloth, and torchtune; Axolotl takes `question` or `messages` for the prompt,
    LLaMA-Factory `instruction` and `input`, NeMo calls the answers `chosen_response` and `rejected_response`.

    ```jsonl good
    {"prompt": "Is it raining?", "chosen": "No.", "rejected": "Who knows."}
    {"prompt": "Is it snowing?", "chosen": "No.", "rejected": "Maybe."}
    ```

    ```jsonl good
    {"prompt": [{"role": "user", "content": "Is it raining?"}], "chosen": [{"role": "assistant", "content": "No."}], "rejected": [{"role": "assistant", "content": "Who knows."}]}
    ```

    ```jsonl good
    {"chosen": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "No."}], "rejected": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "Who knows."}]}
    ```

    ```jsonl good
    {"chosen_conversations": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "No."}], "rejected_conversations": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "Who knows."}]}
    ```

    ```jsonl good
    {"instruction": "Is it raining?", "input": "", "chosen": "No.", "rejected": "Who knows."}
    ```

    ```jsonl bad rejected
    {"prompt": "Is it raining?", "chosen": "No.", "rejected": 0}
    ```

    ```jsonl bad 1:
    {"prompt": "Is it raining?", "chosen": "No."}
    ```
    """

    name = "preference"
    title = "preference"
    aliases = ("trl-preference", "chosen-rejected", "ranking")
    method = "preference"
    rows = (Row, ResponseRow, InstructionRow, PairedRow, ConversationsRow)
    roles = ROLES
    conversation = True

    def example(self, row: Any) -> Example:
        """Turn a row into the canonical example; a prompt at the beginning of both answers is taken out of them."""
        better, worse = _ANSWERS[type(row)]
        chosen, rejected = _said(getattr(row, better), better, answer=True), _said(getattr(row, worse), worse, answer=True)
        turns = _prompt(row) if isinstance(row, Row) else _plain_prompt(row)
        if not turns and len(chosen) > 1:
            turns, chosen, rejected = parted(chosen, rejected)
        tools = getattr(row, "tools", None)
        declared = declared_tools(row) if isinstance(tools, list) else tools_in_text(tools)
        return Example(turns, chosen=chosen, rejected=rejected, tools=declared, media=listed_media(row))

    def check(self, row: Any) -> Iterator[Fault]:
        """Yield what a typed row lacks."""
        if not isinstance(row, Row):
            return
        for key in ("prompt", "messages", "chosen", "rejected"):
            value = getattr(row, key)
            if isinstance(value, list):
                yield from check_messages(value, (key,))


def parted(chosen: list[Turn], rejected: list[Turn]) -> tuple[list[Turn], list[Turn], list[Turn]]:
    """Return what two conversations begin with, which is their prompt, and what is left of each: one turn at least."""
    shared = 0
    while shared < min(len(chosen), len(rejected)) - 1 and chosen[shared].text == rejected[shared].text:
        shared += 1
    return chosen[:shared], chosen[shared:], rejected[shared:]


def _said(value: Any, key: str, *, answer: bool) -> list[Turn]:
    """Return what stands under a key as turns: a string is one turn without a speaker."""
    if isinstance(value, str):
        at: Path = (key,)
        role, speaker = ("assistant", "assistant") if answer else ("user", "user")
        return [Turn(role, value, at, at, speaker)]  # type: ignore[arg-type]
    if isinstance(value, Message):
        one = turns_of([value], (key,), ROLES)[0]
        one.at, one.text_at = (key,), (key, "content")
        return [one]
    return turns_of(value, (key,), ROLES) if value else []


def _prompt(row: Row) -> list[Turn]:
    turns: list[Turn] = []
    if row.system:
        turns.append(Turn("system", row.system, ("system",), ("system",), "system"))
    if row.prompt:
        turns += _said(row.prompt, "prompt", answer=False)
    if row.messages:
        turns += turns_of(row.messages, ("messages",), ROLES)
    for key in ("question", "instruction", "input"):
        text = getattr(row, key)
        if text:
            turns += _said(text, key, answer=False)
    return turns


def _plain_prompt(row: Any) -> list[Turn]:
    key = _PROMPTS.get(type(row))
    if key is None:
        return []
    system = getattr(row, "system", None)
    turns = [Turn("system", system, ("system",), ("system",), "system")] if system else []
    return turns + _said(getattr(row, key), key, answer=False)


FORMAT = Preference()
