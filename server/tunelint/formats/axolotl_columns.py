"""Columns under the names of datasets for which Axolotl has a type of its own."""

from typing import Any, Final

import msgspec
from msgspec import Struct

from tunelint.core.example import Example, Turn
from tunelint.formats.base import Format

__all__ = ["FORMAT"]

_TYPES: Final = (
    ("Jeopardy", ("question", "category"), "answer"),
    ("OpenAssistant", ("INSTRUCTION",), "RESPONSE"),
    ("SummarizeTLDR", ("article",), "summary"),
    ("Metharme", ("prompt",), "generation"),
    ("OpenOrca", ("system_prompt", "question"), "response"),
    ("CamelAI", ("message_1",), "message_2"),
    ("ContextQA", ("article", "question"), "answer"),
    ("ContextQAv2", ("context", "question"), "answer"),
    ("QuestionAnswer", ("question",), "answer"),
)
"""Name, the columns of the prompt in their order, and that of the answer, as in axolotl 0.19.0: ``prompt_tokenizers.py`` and
``prompt_strategies/{alpaca_chat,alpaca_w_system,context_qa,metharme}.py``."""


def _row(name: str, columns: tuple[str, ...]) -> type[Struct]:
    return msgspec.defstruct(f"{name}Row", [(column, str) for column in columns], forbid_unknown_fields=True)


_ROWS: Final = {_row(name, (*prompt, answer)): (prompt, answer) for name, prompt, answer in _TYPES}


class AxolotlColumns(Format):
    """A prompt in one or two columns and its answer, under the names of the dataset that one of Axolotl's types was made for.

    They are `jeopardy`, `oasst`, `summarizetldr`, `metharme`, `alpaca_w_system.load_open_orca`, `alpaca_chat.load_camel_ai` and
    `load_qa`, and `context_qa`.

    ```jsonl good target=axolotl
    {"question": "It is frozen water", "category": "Weather", "answer": "ice"}
    {"question": "It falls from clouds", "category": "Weather", "answer": "rain"}
    ```

    ```jsonl good target=axolotl
    {"INSTRUCTION": "Name a colour.", "RESPONSE": "Blue."}
    ```

    ```jsonl bad summary
    {"article": "It rains all week.", "summary": 7}
    ```
    """

    name = "axolotl-columns"
    title = "Axolotl's columns"
    rows = tuple(_ROWS)
    only_for = frozenset({"axolotl"})

    def example(self, row: Any) -> Example:
        """Turn a row into the canonical example."""
        prompt, answer = _ROWS[type(row)]
        turns = [
            Turn("system" if key == "system_prompt" else "user", getattr(row, key), (key,), (key,))
            for key in prompt
            if getattr(row, key)
        ]
        return Example([*turns, Turn("assistant", getattr(row, answer), (answer,), (answer,))])


FORMAT = AxolotlColumns()
