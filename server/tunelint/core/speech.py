"""What the turns of conversations look like, for rules that compare them with what a config says of them."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

__all__ = ["MASKS", "Speech", "speech_of"]

_WORDS: Final = 12
_LETTERS: Final = 24
"""How many different texts, and how long ones, a key may have that says who speaks."""

MASKS: Final = ("weight", "train", "training", "loss")
"""Keys by which some trainer or service leaves an answer out of the loss."""

_ANSWERING: Final = frozenset({"assistant", "gpt", "model"})


class Speech(msgspec.Struct, frozen=True, kw_only=True):
    """What the turns of a column of conversations look like, as they are written.

    `keys` are those that any turn has. `words` are the different texts under keys that have few and short ones: whoever speaks
    is under one of them. `masks` are the keys by which some answer is left out of the loss.
    """

    keys: frozenset[str]
    words: Mapping[str, frozenset[str]]
    masks: frozenset[str] = frozenset()


def speech_of(values: Iterable[Mapping[str, Any]]) -> dict[str, Speech]:
    """Return how the turns look of each column that holds lists of objects."""
    columns: dict[str, list[dict[str, Any]]] = {}
    for value in values:
        for key, turns in value.items():
            if isinstance(turns, list) and turns and all(isinstance(turn, dict) for turn in turns):
                columns.setdefault(key, []).extend(turns)
    return {key: _speech(turns) for key, turns in columns.items()}


def _speech(turns: list[dict[str, Any]]) -> Speech:
    keys: set[str] = set()
    words: dict[str, set[str] | None] = {}
    masks: set[str] = set()
    for turn in turns:
        keys.update(turn)
        for key, text in turn.items():
            known = words.setdefault(key, set())
            if known is None:
                continue
            if isinstance(text, str) and len(text) <= _LETTERS and (text in known or len(known) < _WORDS):
                known.add(text)
            elif text is not None:
                words[key] = None
        speaker = turn.get("role", turn.get("from"))
        if isinstance(speaker, str) and speaker in _ANSWERING:
            masks.update(key for key in MASKS if key in turn and turn[key] is not None and not turn[key])
    return Speech(
        keys=frozenset(keys),
        words={key: frozenset(texts) for key, texts in words.items() if texts},
        masks=frozenset(masks),
    )
