"""The prompt to be read by people: what it rests on, and each message in a fence."""

import json
import re
from collections.abc import Iterator
from typing import Final

from tunelint.advice.conversation import wire
from tunelint.advice.prompt import Prompt
from tunelint.advice.writers.about import About

__all__ = ["SUFFIXES", "write"]

SUFFIXES: Final = (".md", ".markdown")
_FENCES: Final = re.compile(r"^ {0,3}(`{3,})", re.MULTILINE)
_RETRIEVE_FROM: Final = 30
"""Labels from which on examples that are retrieved for each request are worth more than constant ones."""


def write(prompt: Prompt, about: About) -> Iterator[str]:
    """Yield the page."""
    yield f"# A few-shot prompt from {about.dataset}\n\n"
    for line in _facts(prompt, about):
        yield f"- {line}\n"
    schema = prompt.settled.contract.schema
    for number, message in enumerate(wire(prompt.messages())):
        yield f"\n## {number + 1} {message['role']}\n\n"
        if message["content"]:
            yield _fenced(message["content"])
        for call in message.get("tool_calls", ()):
            yield _fenced(f"{call['function']['name']}({call['function']['arguments']})")
    if prompt.tools:
        yield f"\n## Tools\n\n{_fenced(json.dumps(list(prompt.tools), indent=2, ensure_ascii=False), 'json')}"
    if schema is not None:
        yield f"\n## JSON Schema of the answers\n\n{_fenced(json.dumps(schema, indent=2, ensure_ascii=False), 'json')}"


def _facts(prompt: Prompt, about: About) -> Iterator[str]:
    chosen = prompt.chosen
    yield f"Task: {prompt.task.kind}; {about.records:,} records, content {about.content}."
    yield f"Examples: {len(prompt.shots)}, from lines {', '.join(map(str, about.lines)) or 'none'}; none of them is held out."
    yield f"Coverage: for {chosen.covered:.0%} of the records the examples show all that the answer is made of."
    if chosen.missing:
        shown = ", ".join(chosen.missing[:_RETRIEVE_FROM])
        rest = len(chosen.missing) - _RETRIEVE_FROM
        yield f"Not shown: {len(chosen.missing)} labels: {shown}{f' and {rest} more' if rest > 0 else ''}."
    if len(prompt.settled.contract.labels) > _RETRIEVE_FROM:
        yield "With so many labels, examples retrieved for each request do better: `tunelint measure` compares."
    yield (
        f"Tokens: {prompt.tokens:,} ({about.encoding}) and those of the request, usually {prompt.request_tokens:,}; "
        f"an answer has usually {prompt.answer_tokens:,}."
    )
    if about.usd_per_1k is not None:
        cached = f", ${about.usd_per_1k_cached:,.2f} with the prompt in the cache" if about.usd_per_1k_cached is not None else ""
        yield f"Price: ${about.usd_per_1k:,.2f} for 1,000 calls of {about.model}{cached}, as of {about.as_of}."
    yield f"Made by tunelint {about.version}. Whether it is good enough, `tunelint measure {about.dataset}` says."


def _fenced(text: str, language: str = "text") -> str:
    longest = max((len(match[1]) for match in _FENCES.finditer(text)), default=2)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}\n"
