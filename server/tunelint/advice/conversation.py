"""Examples as a chat model is asked them: messages of user and assistant, and the answer that is wanted.

What chat endpoints do not take as it is, such as the result of a tool without its call, becomes a written record of the
conversation in one message.
"""

from collections.abc import Sequence
from typing import Any, Final, Literal, NamedTuple

import msgspec

from tunelint.advice.metrics import Call, Said
from tunelint.advice.sample import Drawn
from tunelint.advice.task import Pair, pair_of, said
from tunelint.core.example import Tool, Turn, is_trained, written
from tunelint.core.finding import Handle

__all__ = ["Case", "Message", "case_of", "sound"]

_NAMES: Final = {"user": "User", "assistant": "Assistant", "tool": "Tool"}


class Message(NamedTuple):
    """One message of a chat."""

    role: Literal["system", "user", "assistant"]
    content: str


class Case(msgspec.Struct, frozen=True):
    """An example ready to be asked or shown.

    `ask` are the messages before the answer, the last one a user's, without what the system says; `instructions` is that, and
    `tools` the tools that are declared, as text. `wanted` is the answer, and `pair` the example as plain texts.
    """

    ask: tuple[Message, ...]
    wanted: Said
    pair: Pair
    instructions: str
    tools: str
    identity: int
    handle: Handle


def case_of(drawn: Drawn) -> Case | None:
    """Return an example as messages; None for one without request and answer, or with images, sounds or films."""
    example = drawn.example
    pair = pair_of(example)
    turns = [*example.turns, *(example.chosen or ())]
    if pair is None or example.media or any(turn.media for turn in turns):
        return None
    last = max(index for index, turn in enumerate(turns) if _is_answer(turn, pair))
    before = [turn for turn in turns[:last] if turn.role != "system" and said(turn).strip()]
    calls = tuple(Call(call.name, call.arguments) for call in turns[last].calls)
    return Case(
        ask=tuple(Message(one.role, sound(one.content)) for one in _messages(before)),
        wanted=Said(turns[last].text, calls),
        pair=msgspec.structs.replace(pair, asks=sound(pair.asks), earlier=sound(pair.earlier), answer=sound(pair.answer)),
        instructions=sound(pair.instructions.strip()),
        tools=sound(_tools_text(example.tools or ())),
        identity=drawn.identity,
        handle=drawn.handle,
    )


def sound(text: str) -> str:
    """Return a text that every encoding of Unicode can hold: halves of surrogate pairs are replaced."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _is_answer(turn: Turn, pair: Pair) -> bool:
    return turn.role == "assistant" and is_trained(turn) and said(turn) == pair.answer


def _messages(turns: Sequence[Turn]) -> tuple[Message, ...]:
    """Return turns as messages where user and assistant take turns and the user has the last word; else as one message."""
    takes_turns = all(turn.role == ("assistant" if index % 2 else "user") for index, turn in enumerate(turns))
    if takes_turns and len(turns) % 2 and not any(turn.calls for turn in turns):
        return tuple(Message("assistant" if turn.role == "assistant" else "user", turn.text) for turn in turns)
    if len(turns) == 1:
        return (Message("user", said(turns[0])),)
    return (Message("user", "\n\n".join(f"{_NAMES.get(turn.role, turn.role.title())}: {said(turn)}" for turn in turns)),)


def _tools_text(tools: Sequence[Tool]) -> str:
    """Return the tools that an example declares as lines of JSON, empty where there are none."""
    return "\n".join(written(_declared(tool)) for tool in tools)


def _declared(tool: Tool) -> dict[str, Any]:
    found = {"name": tool.name, "description": tool.description, "parameters": tool.parameters}
    return {key: value for key, value in found.items() if value}
