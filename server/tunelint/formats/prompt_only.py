"""Prompts without answers, which a model answers while it is trained."""

from collections.abc import Iterator
from typing import Any

from msgspec import UNSET, Struct, UnsetType

from tunelint.core.example import Example, Turn
from tunelint.core.fault import Fault
from tunelint.formats.base import Format
from tunelint.formats.openai_chat import ROLES, Message, check_messages, declared_tools, turns_of

__all__ = ["FORMAT"]


class Row(Struct, dict=True):
    """A prompt. Other keys are the columns that a reward function reads; they are kept as `extras`."""

    prompt: str | list[Message]
    tools: list[dict[str, Any]] | str | None | UnsetType = UNSET


_ELSEWHERE = frozenset({"completion", "response", "chosen", "rejected", "completions", "chosen_response", "generation"})


class PromptOnly(Format):
    """A `prompt`, a string or messages, with any columns beside it for the reward: TRL's GRPO, RLOO and online DPO.

    ```jsonl good
    {"prompt": "What is 17 + 25?", "solution": "42"}
    {"prompt": "What is 3 + 4?", "solution": "7"}
    ```

    ```jsonl good
    {"prompt": [{"role": "user", "content": "What is 17 + 25?"}], "solution": "42"}
    ```

    ```jsonl bad prompt
    {"prompt": 17, "solution": "42"}
    ```
    """

    name = "prompt-only"
    title = "prompt-only"
    aliases = ("trl-prompt-only",)
    method = "reinforcement"
    rows = (Row,)
    roles = ROLES
    conversation = True

    def complete(self, row: Any, value: dict[str, Any]) -> Any:
        """Keep the columns that a reward function may read."""
        row.extras = {key: item for key, item in value.items() if key not in {"prompt", "tools"}}
        return row

    def example(self, row: Any) -> Example:
        """Turn a row into the canonical example."""
        if isinstance(row.prompt, str):
            turns = [Turn("user", row.prompt, ("prompt",), ("prompt",), "user")]
        else:
            turns = turns_of(row.prompt, ("prompt",), ROLES)
        return Example(turns, tools=declared_tools(row), fields=row.extras)

    def check(self, row: Any) -> Iterator[Fault]:
        """Yield what a typed row lacks."""
        if isinstance(row.prompt, list):
            yield from check_messages(row.prompt, ("prompt",))

    def suits(self, value: dict[str, Any]) -> float:
        """Return less for a record that has an answer: it is of another format."""
        return 0.3 if not _ELSEWHERE.isdisjoint(value) else 0.85


FORMAT = PromptOnly()
