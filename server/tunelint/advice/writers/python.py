"""A Python script that asks an endpoint with the prompt; it needs nothing but httpx."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from tunelint.advice.conversation import wire
from tunelint.advice.prompt import SLOT, Prompt
from tunelint.advice.writers.about import About

__all__ = ["SUFFIXES", "write"]

SUFFIXES: Final = (".py",)
_MARK: Final = re.compile("@([A-Z_]+)@")

_SCRIPT: Final = '''\
"""@ABOUT@

    python THIS-FILE "the request"        or the request on standard input

OPENAI_API_KEY holds the key; OPENAI_BASE_URL and OPENAI_MODEL say whom to ask instead of OpenAI's @MODEL@.
"""

import json
import os
import sys
import time

import httpx

BASE_URL = os.environ.get("OPENAI_BASE_URL", "https://api.openai.com/v1")
MODEL = os.environ.get("OPENAI_MODEL", @MODEL_LITERAL@)
SLOT = @SLOT@
TRIES = 5

MESSAGES = json.loads(
    r"""
@MESSAGES@
"""
)

TOOLS = json.loads(
    r"""
@TOOLS@
"""
)


def messages_for(request: str) -> list[dict]:
    """Return the prompt with a request in its place."""
    *shown, last = MESSAGES
    return [*shown, {**last, "content": last["content"].replace(SLOT, request)}]


def ask(request: str, client: httpx.Client) -> str:
    """Return the model's answer; overload and lost connections are tried again."""
    body = {"model": MODEL, "messages": messages_for(request), "temperature": 0, **({"tools": TOOLS} if TOOLS else {})}
    key = os.environ.get("OPENAI_API_KEY")
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    for attempt in range(TRIES):
        last = attempt == TRIES - 1
        try:
            response = client.post(f"{BASE_URL.rstrip('/')}/chat/completions", json=body, headers=headers)
        except httpx.TransportError:
            if last:
                raise
        else:
            if last or (response.status_code != 429 and response.status_code < 500):
                response.raise_for_status()
                return said(response.json()["choices"][0]["message"])
        time.sleep(2**attempt)
    raise AssertionError


def said(message: dict) -> str:
    """Return what a message says: its text, then each call of a tool as JSON on a line of its own."""
    calls = [call["function"] for call in message.get("tool_calls") or ()]
    lines = [f'{{"name": {json.dumps(call["name"])}, "arguments": {call["arguments"] or "{}"}}}' for call in calls]
    return "\\n".join([*([message["content"]] if message.get("content") else []), *lines])


def main() -> None:
    """Ask one request and print the answer."""
    request = " ".join(sys.argv[1:]) or sys.stdin.read()
    with httpx.Client(timeout=60) as client:
        print(ask(request, client))


if __name__ == "__main__":
    main()
'''


def write(prompt: Prompt, about: About) -> Iterator[str]:
    """Yield the script. JSON in ASCII holds no three quotes in a row, so it stands in a raw string as it is."""
    source = f"A few-shot prompt from {about.dataset}: {len(prompt.shots)} examples, made by tunelint {about.version}"
    values = {
        "ABOUT": _comment(source),
        "MODEL_LITERAL": json.dumps(about.model),
        "MODEL": _comment(about.model),
        "SLOT": json.dumps(SLOT),
        "MESSAGES": _listed(wire(prompt.messages())),
        "TOOLS": _listed(prompt.tools),
    }
    yield _MARK.sub(lambda match: values[match[1]], _SCRIPT)


def _listed(values: Sequence[dict[str, Any]]) -> str:
    return "[\n" + ",\n".join(f"  {json.dumps(value)}" for value in values) + "\n]"


def _comment(text: str) -> str:
    return ascii(" ".join(text.split()))[1:-1].replace('"', "'")
