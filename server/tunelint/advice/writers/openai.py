"""The messages of a chat, as OpenAI and all that are compatible take them: a JSON array, with `{{input}}` for the request.

Where tools are called it is an object with `messages` and `tools`, which are two fields of a request.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from tunelint.advice.conversation import wire
from tunelint.advice.prompt import Prompt
from tunelint.advice.writers.about import About

__all__ = ["SUFFIXES", "write"]

SUFFIXES: Final = (".json",)


def write(prompt: Prompt, about: About) -> Iterator[str]:
    """Yield the array, one message a line."""
    messages = _listed(wire(prompt.messages()))
    yield f'{{"messages": {messages},\n"tools": {_listed(prompt.tools)}}}\n' if prompt.tools else f"{messages}\n"


def _listed(values: Sequence[dict[str, Any]]) -> str:
    return "[\n  " + ",\n  ".join(json.dumps(value, ensure_ascii=False) for value in values) + "\n]"
