"""Documents under `input`: Amazon Bedrock's continued pre-training."""

from typing import Any

from msgspec import Struct

from tunelint.core.example import Example, Turn
from tunelint.formats.base import Format

__all__ = ["FORMAT"]


class Row(Struct, forbid_unknown_fields=True):
    """A document."""

    input: str


class BedrockPretraining(Format):
    """A document under `input`, all of which is learnt.

    ```jsonl good target=bedrock
    {"input": "Warm air takes up water from the surface and rises."}
    ```

    ```jsonl bad input
    {"input": 7}
    ```
    """

    name = "bedrock-pretraining"
    title = "Bedrock continued pre-training"
    method = "pretraining"
    rows = (Row,)
    only_for = frozenset({"bedrock"})

    def example(self, row: Any) -> Example:
        """Turn a row into the canonical example."""
        return Example([Turn("text", row.input, ("input",), ("input",))])

    def suits(self, value: dict[str, Any]) -> float:
        """Return less for a record that has more than a document: its `input` is part of something else."""
        return 1.0 if len(value) == 1 else 0.5


FORMAT = BedrockPretraining()
