"""Examples as a chat model is asked them: messages of user and assistant, and the answer that is wanted.

What chat endpoints do not take as it is, such as the result of a tool without its call, becomes a written record of the
conversation in one message.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final, Literal, NamedTuple

import msgspec

from tunelint.advice.metrics import Call, Said
from tunelint.advice.sample import Drawn
from tunelint.advice.task import Pair, pair_of, said
from tunelint.core.example import Example, Tool, Turn, is_trained, written
from tunelint.core.finding import Handle

__all__ = ["Case", "Message", "Tools", "case_of", "said_text", "sound", "texts_of", "wire"]

_NO_PARAMETERS: Final[dict[str, Any]] = {"type": "object", "properties": {}}
_NAMES: Final = {"user": "User", "assistant": "Assistant", "tool": "Tool"}


_NOT_RUN: Final = "{}"
"""What a tool of a shown example says: endpoints want an answer to each call before the next turn."""


class Message(NamedTuple):
    """One message of a chat; `calls` are those of an answer that calls tools by the endpoint's own means."""

    role: Literal["system", "user", "assistant"]
    content: str
    calls: tuple[Call, ...] = ()

    def text(self) -> str:
        """Return the content, and the calls as JSON on lines of their own."""
        return said_text(Said(self.content, self.calls))

    def plain(self) -> dict[str, str]:
        """Return the message without calls, as endpoints take it."""
        return {"role": self.role, "content": self.content}


class Tools(msgspec.Struct, frozen=True):
    """Tools as endpoints take them, and which of them must be called, if the record says so."""

    declared: tuple[dict[str, Any], ...]
    choice: Any = None


class Case(msgspec.Struct, frozen=True):
    """An example ready to be asked or shown.

    `ask` are the messages before the answer, the last one a user's, without what the system says; `instructions` is that, and
    `tools` the tools that are declared, as text, and `native` as endpoints take them; None where the example declares none.
    `wanted` is the answer, and `pair` the example as plain texts.
    """

    ask: tuple[Message, ...]
    wanted: Said
    pair: Pair
    instructions: str
    tools: str
    identity: int
    handle: Handle
    native: Tools | None = None


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
        native=_native(example),
    )


def wire(messages: Sequence[Message]) -> list[dict[str, Any]]:
    """Return messages as endpoints take them; calls of shown examples are followed by what their tools say, which is nothing."""
    found: list[dict[str, Any]] = []
    for number, message in enumerate(messages):
        if not message.calls:
            found.append(message.plain())
            continue
        calls = [
            {
                "id": f"call_{number}_{index}",
                "type": "function",
                "function": {"name": call.name, "arguments": _as_text(call.arguments)},
            }
            for index, call in enumerate(message.calls)
        ]
        found.append({"role": message.role, "content": message.content or None, "tool_calls": calls})
        found += [{"role": "tool", "tool_call_id": call["id"], "content": _NOT_RUN} for call in calls]
    return found


def texts_of(message: dict[str, Any]) -> Iterator[str]:
    """Yield what is read of a message."""
    if message["content"]:
        yield message["content"]
    for call in message.get("tool_calls", ()):
        yield f"{call['function']['name']} {call['function']['arguments']}"


def said_text(answer: Said) -> str:
    """Return an answer as one text, calls as JSON."""
    calls = [written({"name": call.name, "arguments": call.arguments}) for call in answer.calls]
    return "\n".join([answer.text, *calls] if answer.text.strip() else calls)


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


def _native(example: Example) -> Tools | None:
    """Return the tools of an example as endpoints take them."""
    if not example.tools:
        return None
    declared = [{"type": "function", "function": {"parameters": _NO_PARAMETERS, **_declared(tool)}} for tool in example.tools]
    return Tools(tuple(declared), (example.fields or {}).get("tool_choice"))


def _as_text(arguments: Any) -> str:
    return arguments if isinstance(arguments, str) else written({} if arguments is None else arguments)


def _declared(tool: Tool) -> dict[str, Any]:
    found = {"name": tool.name, "description": tool.description, "parameters": tool.parameters}
    return {key: value for key, value in found.items() if value}
