"""Plain documents: language modelling, also called pre-training or completion."""

from collections.abc import Sequence
from typing import Any, Final

from msgspec import Struct

from tunelint.core.example import Example, Turn
from tunelint.formats.base import Format, Glance, Glances

__all__ = ["FORMAT"]


_DOCUMENT_KEYS: Final = 2
"""Keys of a document under `content`: this one, and where it is from."""


class Row(Struct, gc=False, forbid_unknown_fields=True):
    """A document."""

    text: str


class ContentRow(Struct, gc=False, forbid_unknown_fields=True):
    """A document under the other name that Mistral takes."""

    content: str


class Text(Format):
    """A document under `text` (Mistral also takes `content`), all of which is learnt.

    TRL, Axolotl (`completion`), LLaMA-Factory (stage `pt`), Together, Mistral, torchtune and NeMo read it. A plain text file is
    read as one document a line.

    ```jsonl good
    {"text": "Warm air takes up water from the surface and rises."}
    {"text": "Wind lifts grains on one side and lets them fall on the other."}
    ```

    ```jsonl good
    {"content": "Warm air takes up water from the surface and rises."}
    ```

    ```jsonl bad text
    {"text": ["Warm air", "rises"]}
    ```
    """

    name = "text"
    title = "plain text"
    aliases = ("completion", "pretrain", "language-modeling", "corpus")
    method = "pretraining"
    rows = (Row, ContentRow)
    plain = Row
    plain_roles = ("text",)

    def glance(self, row: Any) -> Glance:
        """Look at a plain row."""
        return Glance(("",), [row.text], 4)

    def glances(self, rows: Sequence[Any]) -> Glances:
        """Look at many plain rows."""
        return Glances([("",)] * len(rows), [row.text for row in rows], [4] * len(rows))

    def example(self, row: Any) -> Example:
        """Turn a row into the canonical example."""
        key = "text" if isinstance(row, Row) else "content"
        return Example([Turn("text", getattr(row, key), (key,), (key,))])

    def suits(self, value: dict[str, Any]) -> float:
        """Return less for what has a `content` among other things, as mails, posts and log entries do: it is seldom a document."""
        return 1.0 if "text" in value or "role" in value or len(value) <= _DOCUMENT_KEYS else 0.5


FORMAT = Text()
