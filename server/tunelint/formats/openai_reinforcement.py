"""Prompts for reinforcement fine-tuning as OpenAI defined it: a conversation that waits for its answer, and what grades it."""

from collections.abc import Iterator
from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

from tunelint.core.example import Example
from tunelint.core.fault import Fault
from tunelint.formats.base import Format
from tunelint.formats.openai_chat import ROLES, Message, check_messages, declared_tools, turns_of

__all__ = ["FORMAT"]


class Row(Struct, dict=True):
    """A conversation. Other keys are the fields that a grader reads; they are kept as `extras`."""

    messages: Annotated[list[Message], Meta(min_length=1)]
    tools: list[dict[str, Any]] | str | None | UnsetType = UNSET
    parallel_tool_calls: bool | None | UnsetType = UNSET


_OWN = frozenset({"messages", "tools", "parallel_tool_calls"})
_ANSWERS = frozenset({"chosen", "rejected", "rejected_response", "rejected_messages"})


class OpenAIReinforcement(Format):
    """Conversations under `messages` that end with the user's turn, with any fields beside them for the grader.

    OpenAI, Azure, Fireworks, Bedrock and ms-swift (GRPO) take it. The model answers while it is trained, so a record has no
    answer of its own.

    ```jsonl good
    {"messages": [{"role": "user", "content": "What is 17 + 25?"}], "answer": "42"}
    {"messages": [{"role": "user", "content": "What is 3 + 4?"}], "answer": "7"}
    ```

    ```jsonl bad messages[0].content
    {"messages": [{"role": "user", "content": 17}], "answer": "42"}
    ```
    """

    name = "openai-reinforcement"
    title = "reinforcement"
    aliases = ("rft", "reinforcement", "grpo")
    method = "reinforcement"
    rows = (Row,)
    roles = ROLES
    conversation = True

    def complete(self, row: Any, value: dict[str, Any]) -> Any:
        """Keep the fields that a grader may read."""
        row.extras = {key: item for key, item in value.items() if key not in _OWN}
        return row

    def example(self, row: Any) -> Example:
        """Turn a row into the canonical example."""
        return Example(turns_of(row.messages, ("messages",), ROLES), tools=declared_tools(row), fields=row.extras)

    def check(self, row: Any) -> Iterator[Fault]:
        """Yield what a typed row lacks."""
        yield from check_messages(row.messages, ("messages",))

    def suits(self, value: dict[str, Any]) -> float:
        """Return 1 for a conversation that waits for its answer and has something to grade it by."""
        messages = value.get("messages")
        if not _ANSWERS.isdisjoint(value) or not isinstance(messages, list) or not messages:
            return 0.3
        last = messages[-1]
        if not isinstance(last, dict) or last.get("role") != "user":
            return 0.3
        if not _OWN.issuperset(value):
            return 1.0
        answered = any(isinstance(one, dict) and one.get("role") == "assistant" for one in messages)
        return 0.7 if answered else 0.9


FORMAT = OpenAIReinforcement()
