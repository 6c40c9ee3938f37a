"""Reads what a chat-completions endpoint answers, which is anything that the other side chose to send."""

import json
import re
from typing import Any, Final

import msgspec

from tunelint.advice.metrics import Call, Said

__all__ = ["MalformedError", "Reply", "Usage", "error_code", "error_parameter", "read_reply"]


class MalformedError(Exception):
    """A body that is no answer: no JSON, cut off, or without a message. The text holds nothing of the body."""


class Usage(msgspec.Struct, frozen=True):
    """Tokens that a call is billed for; `cached` are those of `prompt` that were read from the provider's cache."""

    prompt: int = 0
    completion: int = 0
    cached: int = 0


class Reply(msgspec.Struct, frozen=True):
    """An answer. `usage` is None where the endpoint does not say; `cut` tells that the limit of tokens ended it."""

    said: Said
    usage: Usage | None = None
    cut: bool = False


_THOUGHT: Final = re.compile(r"\A\s*<think>.*?</think>\s*", re.DOTALL)
"""The reasoning that servers without a parser for it leave in front of the answer."""

_IDENTIFIER: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,60}")


def read_reply(body: bytes) -> Reply:
    """Return the answer in a body; raises MalformedError."""
    value = _decoded(body)
    if isinstance(value, dict) and value.get("error"):
        raise MalformedError("an error inside an answer")
    try:
        choice = value["choices"][0]
        message = choice["message"]
        text, calls = _text(message.get("content")), _calls(message.get("tool_calls"))
    except (TypeError, KeyError, IndexError, AttributeError) as problem:
        raise MalformedError("no message in it") from problem
    return Reply(
        Said(_THOUGHT.sub("", text, count=1), calls), _usage(value.get("usage")), choice.get("finish_reason") == "length"
    )


def error_code(body: bytes) -> str:
    """Return the word by which a refusal names its reason, empty where there is none. Its prose may quote the request."""
    return _word(body, "code") or _word(body, "type")


def error_parameter(body: bytes) -> str:
    """Return the parameter that a refusal is about; where it names none, one that endpoints differ in and it mentions."""
    named = _word(body, "param")
    if named:
        return named
    text = body.decode("utf-8", "replace")
    return next((name for name in ("max_tokens", "temperature") if name in text), "")


def _decoded(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as problem:
        raise MalformedError("no JSON") from problem


def _word(body: bytes, key: str) -> str:
    try:
        value = _decoded(body)
    except MalformedError:
        return ""
    error = value.get("error") if isinstance(value, dict) else None
    found = error.get(key) if isinstance(error, dict) else None
    return found if isinstance(found, str) and _IDENTIFIER.fullmatch(found) else ""


def _text(content: Any) -> str:
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "".join(part["text"] for part in content if isinstance(part, dict) and isinstance(part.get("text"), str))
    if content is None:
        return ""
    raise TypeError


def _calls(value: Any) -> tuple[Call, ...]:
    functions = [one["function"] for one in value or ()]
    return tuple(Call(str(one["name"]), one.get("arguments")) for one in functions)


def _usage(value: Any) -> Usage | None:
    if not isinstance(value, dict):
        return None
    details = value.get("prompt_tokens_details")
    return Usage(
        _count(value.get("prompt_tokens")),
        _count(value.get("completion_tokens")),
        _count(details.get("cached_tokens")) if isinstance(details, dict) else 0,
    )


def _count(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
