"""The messages of a chat, as OpenAI and all that are compatible take them: a JSON array, with `{{input}}` for the request."""

import json
from collections.abc import Iterator
from typing import Final

from tunelint.advice.prompt import Prompt
from tunelint.advice.writers.about import About

__all__ = ["SUFFIXES", "write"]

SUFFIXES: Final = (".json",)


def write(prompt: Prompt, about: About) -> Iterator[str]:
    """Yield the array, one message a line."""
    messages = [json.dumps(message.plain(), ensure_ascii=False) for message in prompt.messages()]
    yield "[\n  "
    yield ",\n  ".join(messages)
    yield "\n]\n"
