"""Preference data as OpenAI defined it for direct preference optimisation."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from tunelint.core.example import Example
from tunelint.core.fault import Fault
from tunelint.formats.base import Format
from tunelint.formats.openai_chat import ROLES, Message, check_messages, declared_tools, turns_of

__all__ = ["FORMAT"]

_SPEC_NAMES = {
    "preferred_completion": "preferred_output",
    "non_preferred_completion": "non_preferred_output",
    "chosen": "preferred_output",
    "rejected": "non_preferred_output",
}
"""Names that OpenAI's published schema uses, and TRL's, beside those that the service reads."""


class Input(Struct, forbid_unknown_fields=True):
    """What comes before the two answers."""

    messages: Annotated[list[Message], Meta(min_length=1)]
    tools: list[dict[str, Any]] | None | UnsetType = UNSET
    parallel_tool_calls: bool | None | UnsetType = UNSET


class Row(Struct, forbid_unknown_fields=True):
    """A prompt with a better and a worse answer."""

    input: Input
    preferred_output: Annotated[list[Message], Meta(min_length=1)]
    non_preferred_output: Annotated[list[Message], Meta(min_length=1)]


class OpenAIPreference(Format):
    """An `input` with its messages, a `preferred_output` and a `non_preferred_output`.

    OpenAI, Azure, Together and Fireworks take it. OpenAI's published schema calls the answers `preferred_completion` and
    `non_preferred_completion`; the service does not read those.

    ```jsonl good
    {"input": {"messages": [{"role": "user", "content": "Is it raining?"}]}, "preferred_output": [{"role": "assistant", "content": "No."}], "non_preferred_output": [{"role": "assistant", "content": "Who knows."}]}
    ```

    ```jsonl bad preferred_completion
    {"input": {"messages": [{"role": "user", "content": "Is it raining?"}]}, "preferred_completion": [{"role": "assistant", "content": "No."}], "non_preferred_output": [{"role": "assistant", "content": "Who knows."}]}
    ```

    ```jsonl bad preferred_output
    {"input": {"messages": [{"role": "user", "content": "Is it raining?"}]}, "preferred_output": "No.", "non_preferred_output": [{"role": "assistant", "content": "Who knows."}]}
    ```
    """

    name = "openai-preference"
    title = "OpenAI preference"
    aliases = ("openai-dpo", "dpo")
    method = "preference"
    rows = (Row,)
    required = (
        frozenset({"input", "preferred_output", "non_preferred_output"}),
        frozenset({"input", "preferred_completion", "non_preferred_completion"}),
    )
    roles = ROLES
    conversation = True

    def example(self, row: Any) -> Example:
        """Turn a row into the canonical example."""
        return Example(
            turns=turns_of(row.input.messages, ("input", "messages"), ROLES),
            chosen=turns_of(row.preferred_output, ("preferred_output",), ROLES),
            rejected=turns_of(row.non_preferred_output, ("non_preferred_output",), ROLES),
            tools=[msgspec.structs.replace(tool, at=("input", *tool.at)) for tool in declared_tools(row.input) or ()] or None,
        )

    def check(self, row: Any) -> Iterator[Fault]:
        """Yield what a typed row lacks."""
        yield from check_messages(row.input.messages, ("input", "messages"))
        yield from check_messages(row.preferred_output, ("preferred_output",))
        yield from check_messages(row.non_preferred_output, ("non_preferred_output",))

    def repair(self, value: dict[str, Any]) -> Iterable[Fault]:
        """Yield the answers that stand under a name of the published schema, or of TRL."""
        for wrong, right in _SPEC_NAMES.items():
            if wrong in value and right not in value:
                yield Fault("wrong-key", (wrong,), f"{right!r}", found=wrong, key=wrong, suggestion=right, part="key")

    def explains(self, known: Iterable[Fault], fault: Fault) -> bool:
        """Tell whether a missing answer is one that stands under another name."""
        return fault.kind == "missing-key" and not fault.path and any(one.suggestion == fault.key for one in known)


FORMAT = OpenAIPreference()
