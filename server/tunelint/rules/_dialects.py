"""What the tool of a config takes of the format of a dataset, for rules over both."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from tunelint.core.dataset import DatasetSummary
from tunelint.formats import find_target
from tunelint.formats.base import Dialect
from tunelint.rules.base import Link

__all__ = ["CHATS_WITH_SYSTEM", "arguments_in", "dialect_of"]

_TARGETS: Final = {name: name for name in ("trl", "unsloth", "llama-factory", "ms-swift", "torchtune")}
"""Trainers whose configs have no setting for what of a message is read, with the targets that say what that is."""

CHATS_WITH_SYSTEM: Final = {"bedrock-claude": "openai-chat"}
"""Messages with a `system` beside them, which trainers read as what the messages are, whether or not they read the column."""


def dialect_of(link: Link, summary: DatasetSummary) -> Dialect | None:
    """Return what a config's tool takes of a dataset; None where the config or the tool leaves that open."""
    target = find_target(_TARGETS.get(link.config.trainer.name, ""))
    name = CHATS_WITH_SYSTEM.get(summary.format or "", summary.format or "")
    return target.dialects.get(name) if target is not None else None


def arguments_in(samples: Iterable[Any]) -> Iterator[dict[str, Any] | str]:
    """Yield the arguments of the calls of records."""
    for sample in samples:
        messages = sample.get("messages")
        for message in messages if isinstance(messages, list) else ():
            calls = message.get("tool_calls") if isinstance(message, dict) else None
            for call in calls if isinstance(calls, list) else ():
                function = call.get("function") if isinstance(call, dict) else None
                said = function.get("arguments") if isinstance(function, dict) else None
                if isinstance(said, dict | str):
                    yield said
