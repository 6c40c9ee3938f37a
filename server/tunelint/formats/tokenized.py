"""Examples that are token ids already."""

from collections.abc import Iterator
from typing import Any, Final

from msgspec import UNSET, Struct, UnsetType

from tunelint.core.example import Example
from tunelint.core.fault import Fault
from tunelint.formats.base import Format

__all__ = ["FORMAT"]

_MASKED: Final = -100
"""The label that losses leave out."""


class Row(Struct, forbid_unknown_fields=True):
    """Token ids, which of them count, and what is learnt at each."""

    input_ids: list[int]
    attention_mask: list[int | bool] | UnsetType = UNSET
    labels: list[int] | UnsetType = UNSET
    position_ids: list[int] | UnsetType = UNSET
    token_type_ids: list[int] | UnsetType = UNSET
    length: int | UnsetType = UNSET


class Tokenized(Format):
    """Token ids under `input_ids`, mostly with `attention_mask` and `labels` of the same length.

    Axolotl, Together (as Parquet) and plain Transformers trainers read it.

    ```jsonl good
    {"input_ids": [1, 15, 7, 2], "attention_mask": [1, 1, 1, 1], "labels": [-100, -100, 7, 2]}
    ```

    ```jsonl bad labels
    {"input_ids": [1, 15, 7, 2], "attention_mask": [1, 1, 1, 1], "labels": [7, 2]}
    ```
    """

    name = "tokenized"
    title = "pre-tokenised"
    aliases = ("pretokenized", "pre-tokenized")
    rows = (Row,)

    def example(self, row: Any) -> Example:
        """Turn a row into the canonical example."""
        labels = row.labels if row.labels is not UNSET else row.input_ids
        return Example(
            [], token_ids=(len(row.input_ids), sum(label != _MASKED for label in labels)), fields={"input_ids": row.input_ids}
        )

    def check(self, row: Any) -> Iterator[Fault]:
        """Yield lists of different length."""
        for key in ("attention_mask", "labels", "position_ids"):
            values = getattr(row, key)
            if values is not UNSET and len(values) != len(row.input_ids):
                yield Fault("wrong-length", (key,), f"{len(row.input_ids)}, one for each of input_ids", str(len(values)))


FORMAT = Tokenized()
