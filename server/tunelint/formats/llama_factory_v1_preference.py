"""LLaMA-Factory's version 1 preference data: two conversations of parts, a better and a worse one."""

from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct

from tunelint.core.example import Example
from tunelint.formats.base import Format
from tunelint.formats.llama_factory_v1 import ROLES, V1Message, v1_turns
from tunelint.formats.preference import parted

__all__ = ["FORMAT"]


class Row(Struct, forbid_unknown_fields=True):
    """The better and the worse conversation; they begin alike."""

    chosen_messages: Annotated[list[V1Message], Meta(min_length=1)]
    rejected_messages: Annotated[list[V1Message], Meta(min_length=1)]
    extra_info: Any = UNSET


class LlamaFactoryV1Preference(Format):
    """A better conversation under `chosen_messages` and a worse one under `rejected_messages`, made of parts.

    ```jsonl good
    {"chosen_messages": [{"role": "user", "content": [{"type": "text", "value": "Is it raining?"}]}, {"role": "assistant", "content": [{"type": "text", "value": "No."}]}], "rejected_messages": [{"role": "user", "content": [{"type": "text", "value": "Is it raining?"}]}, {"role": "assistant", "content": [{"type": "text", "value": "Who knows."}]}]}
    ```

    ```jsonl bad 1:
    {"chosen_messages": [{"role": "user", "content": [{"type": "text", "value": "Is it raining?"}]}, {"role": "assistant", "content": [{"type": "text", "value": "No."}]}]}
    ```
    """

    name = "llama-factory-v1-preference"
    title = "LLaMA-Factory v1 preference"
    method = "preference"
    rows = (Row,)
    roles = ROLES
    conversation = True

    def example(self, row: Any) -> Example:
        """Turn a row into the canonical example: what both conversations begin with is the prompt."""
        chosen = v1_turns(row.chosen_messages, ("chosen_messages",))
        rejected = v1_turns(row.rejected_messages, ("rejected_messages",))
        turns, chosen, rejected = parted(chosen, rejected)
        return Example(turns, chosen=chosen, rejected=rejected)


FORMAT = LlamaFactoryV1Preference()
