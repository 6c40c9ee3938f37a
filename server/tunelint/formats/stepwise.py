"""Steps of an answer, each with a thumb: data for process reward models."""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from tunelint.core.example import Example, Turn
from tunelint.core.fault import Fault
from tunelint.formats.base import Format

__all__ = ["FORMAT"]


class Row(Struct, forbid_unknown_fields=True):
    """A prompt, the steps of the answer, and whether each is right."""

    prompt: str
    completions: list[str]
    labels: list[bool]


class Stepwise(Format):
    """A `prompt`, its `completions` step by step, and a list of `labels` of the same length. TRL and Axolotl read it.

    ```jsonl good
    {"prompt": "What is 2 + 3 + 4?", "completions": ["2 + 3 = 5", "5 + 4 = 9"], "labels": [true, true]}
    ```

    ```jsonl bad labels
    {"prompt": "What is 2 + 3 + 4?", "completions": ["2 + 3 = 5", "5 + 4 = 9"], "labels": [true]}
    ```
    """

    name = "stepwise"
    title = "stepwise supervision"
    aliases = ("stepwise-supervision", "prm")
    rows = (Row,)

    def example(self, row: Any) -> Example:
        """Turn a row into the canonical example."""
        steps = [
            Turn("assistant", text, ("completions", index), ("completions", index)) for index, text in enumerate(row.completions)
        ]
        return Example([Turn("user", row.prompt, ("prompt",), ("prompt",)), *steps])

    def check(self, row: Any) -> Iterator[Fault]:
        """Yield lists of different length."""
        if len(row.completions) != len(row.labels):
            yield Fault("wrong-length", ("labels",), f"{len(row.completions)}, one for each of completions", str(len(row.labels)))


FORMAT = Stepwise()
