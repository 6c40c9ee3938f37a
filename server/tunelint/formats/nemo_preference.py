"""NeMo RL's preference data: a conversation with ranked completions."""

from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct

from tunelint.core.example import Example
from tunelint.formats.base import Format
from tunelint.formats.openai_chat import ROLES, Message, turns_of

__all__ = ["FORMAT"]


class RankedCompletion(Struct, forbid_unknown_fields=True):
    """An answer and its rank, of which the lowest is the best."""

    rank: int
    completion: Annotated[list[Message], Meta(min_length=1)]


class Row(Struct, forbid_unknown_fields=True):
    """What comes before the answers, and these."""

    context: Annotated[list[Message], Meta(min_length=1)]
    completions: Annotated[list[RankedCompletion], Meta(min_length=2)]
    task_name: Any = UNSET


class NemoPreference(Format):
    """A `context` of messages and `completions`, each with a `rank`: the lowest is the best, and NeMo RL compares it with the next.

    ```jsonl good
    {"context": [{"role": "user", "content": "Is it raining?"}], "completions": [{"rank": 0, "completion": [{"role": "assistant", "content": "No."}]}, {"rank": 1, "completion": [{"role": "assistant", "content": "Who knows."}]}]}
    ```

    ```jsonl bad completions[0].rank
    {"context": [{"role": "user", "content": "Is it raining?"}], "completions": [{"rank": "best", "completion": [{"role": "assistant", "content": "No."}]}, {"rank": 1, "completion": [{"role": "assistant", "content": "Who knows."}]}]}
    ```
    """

    name = "nemo-preference"
    title = "NeMo preference"
    method = "preference"
    rows = (Row,)
    roles = ROLES
    conversation = True

    def example(self, row: Any) -> Example:
        """Turn a row into the canonical example: the best answer and the next one."""
        ranked = sorted(range(len(row.completions)), key=lambda index: row.completions[index].rank)
        chosen, rejected = [
            turns_of(row.completions[index].completion, ("completions", index, "completion"), ROLES) for index in ranked[:2]
        ]
        return Example(turns_of(row.context, ("context",), ROLES), chosen=chosen, rejected=rejected)


FORMAT = NemoPreference()
