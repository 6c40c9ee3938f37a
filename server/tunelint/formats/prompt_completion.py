"""One prompt with its completion, both plain strings: the oldest format of hosted fine-tuning, and still read by most."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from tunelint.core.example import Example, Turn
from tunelint.formats.base import THUMBED, Format, Glance, Glances

__all__ = ["FORMAT"]


class Row(Struct, gc=False, forbid_unknown_fields=True):
    """A prompt and what should follow it."""

    prompt: str
    completion: str


class ResponseRow(Struct, gc=False, forbid_unknown_fields=True):
    """The same with the answer under the name that Databricks and others use."""

    prompt: str
    response: str


class PromptCompletion(Format):
    """A `prompt` and its `completion`, both strings.

    OpenAI's older base models, Azure, Together, Bedrock (Titan, Llama, Cohere), TRL and Databricks read it; Databricks also calls
    the answer `response`.

    ```jsonl good
    {"prompt": "1 + 1 =", "completion": " 2"}
    {"prompt": "Name a colour:", "completion": " blue"}
    ```

    ```jsonl good
    {"prompt": "Name a colour:", "response": "blue"}
    {"prompt": "Name a fruit:", "response": "plum"}
    ```

    ```jsonl bad completion
    {"prompt": "1 + 1 =", "completion": 2}
    ```

    ```jsonl bad 1:
    {"prompt": "1 + 1 ="}
    ```
    """

    name = "prompt-completion"
    title = "prompt/completion"
    aliases = ("completion-pairs", "prompt-response")
    rows = (Row, ResponseRow)
    plain = Row
    plain_roles = ("user", "assistant")

    def glance(self, row: Any) -> Glance:
        """Look at a plain row."""
        return Glance(("", ""), [row.prompt, row.completion], 8)

    def glances(self, rows: Sequence[Any]) -> Glances:
        """Look at many plain rows."""
        return Glances([("", "")] * len(rows), [text for row in rows for text in (row.prompt, row.completion)], [8] * len(rows))

    def suits(self, value: dict[str, Any]) -> float:
        """Return less for a pair with a thumb that is written as text: it is meant to be unpaired preference data."""
        label = value.get("label")
        return THUMBED if isinstance(label, str) and label.casefold() in {"true", "false"} else 1.0

    def example(self, row: Any) -> Example:
        """Turn a row into the canonical example."""
        key = "completion" if isinstance(row, Row) else "response"
        answer = row.completion if isinstance(row, Row) else row.response
        return Example([Turn("user", row.prompt, ("prompt",), ("prompt",)), Turn("assistant", answer, (key,), (key,))])


FORMAT = PromptCompletion()
