"""The canonical example: what every dataset format becomes before a rule looks at its meaning."""

import json
from typing import Any, Final, Literal

import msgspec

from tunelint.text.parse import Path

__all__ = [
    "SEPARATOR",
    "Example",
    "MediaKind",
    "MediaPart",
    "Method",
    "Role",
    "Tool",
    "ToolCall",
    "Turn",
    "is_trained",
    "written",
]

SEPARATOR: Final = "\x00"
"""Stands between the speakers of the prompt and of each answer of preference data, and between texts that are hashed."""

Method = Literal["sft", "preference", "kto", "reinforcement", "pretraining"]
"""What the training does with the examples."""

Role = Literal["system", "user", "assistant", "tool", "text", "unknown"]
"""Who speaks, whatever the format calls it; `text` is a document that nobody speaks."""

MediaKind = Literal["image", "video", "audio"]


class ToolCall(msgspec.Struct, gc=False):
    """An assistant's call of a tool. `arguments` is what the record holds: a JSON text, or an object."""

    name: str
    arguments: Any
    at: Path
    call_id: str | None = None


class Tool(msgspec.Struct, gc=False):
    """A tool that the record declares; `parameters` is meant to be a JSON Schema."""

    name: str
    parameters: Any
    at: Path
    description: str = ""


class MediaPart(msgspec.Struct, gc=False):
    """An image, a video or a sound; `source` is a path, an address, a data URL, or what the format holds instead."""

    kind: MediaKind
    source: Any
    at: Path


class Turn(msgspec.Struct, gc=False):
    """One message of a conversation, or one field of a record that plays that part.

    `at` is the place of the whole turn and `text_at` of its text; `speaker` is the role as written, empty where the format
    has none. `trained` is what the record says about learning from this turn, None when it says nothing. `answers` are the calls
    that a turn answers which holds several tool results, by their ids, with the places of these.
    """

    role: Role
    text: str
    at: Path
    text_at: Path
    speaker: str = ""
    trained: bool | None = None
    calls: tuple[ToolCall, ...] = ()
    call_id: str | None = None
    answers: tuple[tuple[str, Path], ...] = ()
    media: tuple[MediaPart, ...] = ()
    reasoning: str | None = None
    name: str | None = None


class Example(msgspec.Struct, gc=False):
    """One record in the terms all rules share.

    `turns` is the conversation, or what comes before `chosen` and `rejected` in preference data. `label` is the thumb of
    unpaired preference data. `token_ids` are the lengths (all, trained) of a record that is tokenised already. `fields` holds
    what the record carries beside the example, such as the columns a grader reads.
    """

    turns: list[Turn]
    chosen: list[Turn] | None = None
    rejected: list[Turn] | None = None
    tools: list[Tool] | None = None
    media: list[MediaPart] | None = None
    label: bool | None = None
    token_ids: tuple[int, int] | None = None
    fields: dict[str, Any] | None = None

    @property
    def all_turns(self) -> list[Turn]:
        """Every turn that is fed to the model, in order."""
        if self.chosen is None and self.rejected is None:
            return self.turns
        return [*self.turns, *(self.chosen or ()), *(self.rejected or ())]

    @property
    def speakers(self) -> tuple[str, ...]:
        """Who speaks, as written; separators stand before the speakers of `chosen` and of `rejected`."""
        speakers = [turn.speaker for turn in self.turns]
        for answer in (self.chosen, self.rejected):
            if answer is not None:
                speakers.append(SEPARATOR)
                speakers.extend(turn.speaker for turn in answer)
        return tuple(speakers)

    def prompt(self) -> str:
        """Return what the model is given before its last answer, as one text that differs where prompts differ."""
        turns = self.turns
        if self.chosen is None and self.rejected is None and turns and is_trained(turns[-1]):
            turns = turns[:-1]
        text = _joined(turns)
        if self.tools:
            text += SEPARATOR + "".join(map(_written, self.tools))
        if self.media:
            text += SEPARATOR + "".join(repr(part.source) for part in self.media)
        return text

    def answer(self) -> str:
        """Return what the model should learn to say after the prompt, as one text; empty when the record has no answer."""
        if self.chosen is not None or self.rejected is not None:
            return _joined(self.chosen or []) + SEPARATOR + _joined(self.rejected or [])
        if self.turns and is_trained(self.turns[-1]):
            text = _joined(self.turns[-1:]) + ("" if self.label is None else f"{SEPARATOR}{self.label}")
        else:
            text = ""
        return text + (SEPARATOR + repr(sorted(self.fields.items())) if self.fields else "")


def _written(tool: Tool) -> str:
    return f"{tool.name}{SEPARATOR}{tool.description}{SEPARATOR}{tool.parameters!r}"


def _joined(turns: list[Turn]) -> str:
    pieces = []
    for turn in turns:
        pieces.append(turn.text.strip())
        if turn.calls or turn.media or turn.reasoning:
            pieces.extend(f"{call.name}{call.arguments}" for call in turn.calls)
            pieces.extend(repr(part.source) for part in turn.media)
            pieces.append(turn.reasoning or "")
    return SEPARATOR.join(pieces)


def written(value: Any) -> str:
    """Return a value as compact JSON text. Half surrogate pairs, and values that JSON does not have, are taken as well."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=repr)


def is_trained(turn: Turn) -> bool:
    """Tell whether the loss sees this turn: what the record says, else what trainers do, which is to learn the answers."""
    return turn.trained if turn.trained is not None else turn.role in {"assistant", "text"}
