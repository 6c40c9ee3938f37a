"""A prompt of messages with a completion of messages: TRL's conversational prompt-completion."""

from collections.abc import Iterator
from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

from tunelint.core.example import Example
from tunelint.core.fault import Fault
from tunelint.formats.base import Format
from tunelint.formats.openai_chat import ROLES, Message, check_messages, declared_tools, listed_media, turns_of

__all__ = ["FORMAT"]


class Row(Struct, forbid_unknown_fields=True):
    """What is said before, and what the model learns to say."""

    prompt: Annotated[list[Message], Meta(min_length=1)]
    completion: Annotated[list[Message], Meta(min_length=1)]
    tools: list[dict[str, Any]] | str | None | UnsetType = UNSET
    images: list[Any] | str | None | UnsetType = UNSET
    chat_template_kwargs: dict[str, Any] | None | UnsetType = UNSET


class PromptCompletionChat(Format):
    """A `prompt` and a `completion`, both lists of messages. TRL reads it, and learns the completion only.

    ```jsonl good
    {"prompt": [{"role": "user", "content": "Is it raining?"}], "completion": [{"role": "assistant", "content": "No."}]}
    ```

    ```jsonl bad completion[0]
    {"prompt": [{"role": "user", "content": "Is it raining?"}], "completion": [{"role": "assistant"}]}
    ```
    """

    name = "prompt-completion-chat"
    title = "conversational prompt/completion"
    aliases = ("trl-prompt-completion",)
    rows = (Row,)
    roles = ROLES
    conversation = True

    def example(self, row: Any) -> Example:
        """Turn a row into the canonical example."""
        turns = turns_of(row.prompt, ("prompt",), ROLES)
        for turn in turns:
            turn.trained = False
        return Example(
            turns + turns_of(row.completion, ("completion",), ROLES), tools=declared_tools(row), media=listed_media(row)
        )

    def check(self, row: Any) -> Iterator[Fault]:
        """Yield what a typed row lacks."""
        yield from check_messages(row.prompt, ("prompt",))
        yield from check_messages(row.completion, ("completion",))


FORMAT = PromptCompletionChat()
