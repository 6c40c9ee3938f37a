"""Pieces of text that are learnt or not: Axolotl's template-free `input_output`."""

from typing import Annotated, Any

from msgspec import Meta, Struct

from tunelint.core.example import Example, Turn
from tunelint.formats.base import Format

__all__ = ["FORMAT"]


class Segment(Struct, forbid_unknown_fields=True):
    """A piece of text; with `label` the loss sees it."""

    label: bool
    text: str


class Row(Struct, forbid_unknown_fields=True):
    """The pieces in order."""

    segments: Annotated[list[Segment], Meta(min_length=1)]


class Segments(Format):
    r"""Pieces of text under `segments`, each with a `label` that says whether it is learnt. Axolotl reads it as `input_output`.

    ```jsonl good
    {"segments": [{"label": false, "text": "<s>Is it raining?\n"}, {"label": true, "text": "No.</s>"}]}
    ```

    ```jsonl bad segments[0].label
    {"segments": [{"label": "no", "text": "<s>Is it raining?\n"}, {"label": true, "text": "No.</s>"}]}
    ```
    """

    name = "segments"
    title = "Axolotl input_output"
    aliases = ("input-output-segments", "template-free")
    rows = (Row,)

    def example(self, row: Any) -> Example:
        """Turn a row into the canonical example."""
        turns = []
        for index, one in enumerate(row.segments):
            at = ("segments", index)
            turns.append(Turn("assistant" if one.label else "user", one.text, at, (*at, "text"), trained=one.label))
        return Example(turns)


FORMAT = Segments()
