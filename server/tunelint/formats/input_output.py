"""An input with its output: NeMo's and torchtune's plainest format."""

from collections.abc import Sequence
from typing import Any

from msgspec import UNSET, Struct, UnsetType

from tunelint.core.example import Example, MediaPart, Turn
from tunelint.formats.base import THUMBED, Format, Glance, Glances

__all__ = ["FORMAT"]


class PlainRow(Struct, gc=False, forbid_unknown_fields=True):
    """What is asked, and what is to be answered."""

    input: str
    output: str


class Row(Struct, forbid_unknown_fields=True):
    """The same with an image, for torchtune's visual questions."""

    input: str
    output: str
    image: Any = UNSET
    system: str | None | UnsetType = UNSET


class InputOutput(Format):
    """An `input` and its `output`, both strings; torchtune also reads an `image`.

    ```jsonl good
    {"input": "Name a colour.", "output": "Blue."}
    {"input": "Name a fruit.", "output": "Plum."}
    ```

    ```jsonl good
    {"input": "What is on the picture?", "output": "A cat.", "image": "cat.png"}
    ```

    ```jsonl bad output
    {"input": "Name a colour.", "output": 7}
    ```
    """

    name = "input-output"
    title = "input/output"
    aliases = ("nemo-sft", "torchtune-instruct", "vqa")
    rows = (Row,)
    plain = PlainRow
    plain_roles = ("user", "assistant")

    def suits(self, value: dict[str, Any]) -> float:
        """Return less for a record with a thumb, whatever its type: it is meant to be unpaired preference data."""
        return THUMBED if "kto_tag" in value else 1.0

    def glance(self, row: Any) -> Glance:
        """Look at a plain row."""
        return Glance(("", ""), [row.input, row.output], 8)

    def glances(self, rows: Sequence[Any]) -> Glances:
        """Look at many plain rows."""
        return Glances([("", "")] * len(rows), [text for row in rows for text in (row.input, row.output)], [8] * len(rows))

    def example(self, row: Any) -> Example:
        """Turn a row into the canonical example."""
        turns = [Turn("user", row.input, ("input",), ("input",)), Turn("assistant", row.output, ("output",), ("output",))]
        if getattr(row, "system", None):
            turns.insert(0, Turn("system", row.system, ("system",), ("system",)))
        image = getattr(row, "image", UNSET)
        return Example(turns, media=[MediaPart("image", image, ("image",))] if image is not UNSET and image is not None else None)


FORMAT = InputOutput()
