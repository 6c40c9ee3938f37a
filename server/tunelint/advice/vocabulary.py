"""What the answers of a task are made of that their requests do not say: labels, fields, recurring words, called tools.

A prompt whose examples show all that an answer is made of has shown how to write it.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from tunelint.advice.metrics import Call, calls_in
from tunelint.advice.task import Pair, TaskKind, json_of, normal

__all__ = ["symbols_of"]

_WORD: Final = re.compile(r"[^\W_]+")
_LONGEST: Final = 4_000
"""Characters of an answer that are looked at."""


def symbols_of(pair: Pair, kind: TaskKind) -> frozenset[str]:
    """Return what the answer of an example is made of, leaving out what it copies from its request."""
    if kind == "label":
        return frozenset({normal(pair.answer)})
    given = set(_WORD.findall(f"{pair.request} {pair.instructions}".lower()))
    calls = calls_in(pair.answer) if kind == "tool" else ()
    if calls:
        return frozenset(f"call {call.name}" for call in calls).union(*(_fields(_arguments(call), given) for call in calls))
    value = json_of(pair.answer) if kind in {"json", "tool"} else None
    if value is not None:
        return frozenset(_fields(value, given))
    return frozenset(word for word in _WORD.findall(pair.answer[:_LONGEST].lower()) if word not in given and not word.isdigit())


def _arguments(call: Call) -> Any:
    """Return the arguments of a call as a value, below the name of what is called."""
    value = json_of(call.arguments) if isinstance(call.arguments, str) else call.arguments
    return {call.name: value}


def _fields(root: Any, given: set[str]) -> Iterator[str]:
    """Yield each field of a JSON value, and each text in it that the request does not hold."""
    work: list[tuple[str, Any]] = [("", root)]
    while work:
        path, value = work.pop()
        if isinstance(value, dict):
            work.extend((f"{path}.{key}", item) for key, item in value.items())
        elif isinstance(value, list):
            work.extend((f"{path}[]", item) for item in value)
        yield path
        if isinstance(value, str) and not given.issuperset(_WORD.findall(value.lower())):
            yield f"={normal(value)}"
