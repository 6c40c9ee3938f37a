"""How long an example is for a model: its texts, and what a chat template puts around them."""

import functools
from collections.abc import Sequence
from typing import Final

from tunelint.core.example import Example, Role, Turn, is_trained, written
from tunelint.core.record import Lengths, Record, TokenIds

__all__ = ["PER_MESSAGE", "PRIMING", "ROLE", "content_parts", "learnt_turns", "lengths_of", "plain_lengths", "turn_text"]

_LEARNT: Final = frozenset({"assistant", "text"})

PER_MESSAGE: Final = 3
ROLE: Final = 1
NAME: Final = 1
PRIMING: Final = 3
"""Tokens that OpenAI's chat format adds to each message, for its role and for its name, and to each example.

Source: openai-cookbook, Chat_finetuning_data_prep.ipynb, ``num_tokens_from_messages`` (read 2026-11). Other templates add two to
six tokens a message, so the same numbers stand in for them.
"""


def turn_text(turn: Turn) -> str:
    """Return all that a turn puts in front of the model: its text, its reasoning, the calls it makes."""
    if not turn.calls and not turn.reasoning:
        return turn.text
    pieces = [turn.reasoning or "", turn.text]
    for call in turn.calls:
        arguments = call.arguments if isinstance(call.arguments, str) else written(call.arguments)
        pieces += (call.name, arguments)
    return "\n".join(piece for piece in pieces if piece)


def lengths_of(example: Example, ids: Sequence[TokenIds], *, chat: bool) -> Lengths:
    """Return the lengths of an example whose turns have the token ids `ids`; `chat` adds what the template does."""
    if example.token_ids is not None:
        total, trained = example.token_ids
        return Lengths(total, trained, total, total - trained)
    prompt_end = len(example.turns)
    total = trained = last = position = 0
    base = 0
    longest = 0
    for index, turn in enumerate(example.all_turns):
        length = len(ids[index])
        wrap = PER_MESSAGE + ROLE + (NAME if turn.name else 0) if chat else 0
        if index == prompt_end:
            base = position
        elif example.chosen is not None and index == prompt_end + len(example.chosen):
            longest, position = position, base
        total += length + wrap
        if is_trained(turn):
            trained += length
            last = position + wrap
        position += length + wrap
    priming = PRIMING if chat else 0
    return Lengths(total + priming, trained, max(longest, position) + priming, last)


@functools.lru_cache(maxsize=1_024)
def learnt_turns(roles: tuple[Role, ...]) -> tuple[int, ...]:
    """Return the indices of the turns that a record of the plain shape is trained on."""
    return tuple(index for index, role in enumerate(roles) if role in _LEARNT)


def plain_lengths(roles: tuple[Role, ...], ids: Sequence[TokenIds], *, chat: bool) -> Lengths:
    """Return what `lengths_of` returns for a record of the plain shape, without its example."""
    sizes = list(map(len, ids))
    content = sum(sizes)
    around, priming = (PER_MESSAGE + ROLE, PRIMING) if chat else (0, 0)
    total = content + around * len(sizes) + priming
    learnt = learnt_turns(roles)
    if not learnt:
        return Lengths(total, 0, total, 0)
    last = learnt[-1]
    trained = sizes[last] if len(learnt) == 1 else sum([sizes[index] for index in learnt])
    return Lengths(total, trained, total, sum(sizes[:last]) + around * (last + 1))


def content_parts(record: Record) -> list[TokenIds]:
    """Return the token ids of each text of a record that is no system prompt."""
    tokens = record.tokens
    if tokens is None:
        return []
    if record.texts is not None:
        return tokens[1:] if record.roles[0] == "system" else tokens
    example = record.example
    assert example is not None
    return [ids for turn, ids in zip(example.all_turns, tokens, strict=True) if turn.role != "system"]
