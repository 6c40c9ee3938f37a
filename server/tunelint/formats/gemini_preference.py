"""Two scored completions of a conversation: preference tuning of Google's Gemini models."""

from collections.abc import Iterator
from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

from tunelint.core.example import Example, Turn
from tunelint.core.fault import Fault
from tunelint.formats.base import Format
from tunelint.formats.gemini import ROLES, Content, Instruction, content_turn, instruction_turns

__all__ = ["FORMAT"]


class ScoredCompletion(Struct, forbid_unknown_fields=True):
    """An answer, with 1 for the better and 0 for the worse one."""

    score: float
    completion: Content


class Row(
    Struct,
    forbid_unknown_fields=True,
    rename={"camel_instruction": "systemInstruction", "snake_instruction": "system_instruction"},
):
    """A conversation that waits for its answer, and two answers."""

    contents: Annotated[list[Content], Meta(min_length=1)]
    completions: Annotated[list[ScoredCompletion], Meta(min_length=1)]
    camel_instruction: Instruction | UnsetType = UNSET
    snake_instruction: Instruction | UnsetType = UNSET


class GeminiPreference(Format):
    """`contents` that end with the user's turn, with two `completions` and their `score`, 1 for the better and 0 for the worse.

    Vertex AI takes it for preference tuning of Gemini models.

    ```jsonl good
    {"contents": [{"role": "user", "parts": [{"text": "Is it raining?"}]}], "completions": [{"score": 1, "completion": {"role": "model", "parts": [{"text": "No."}]}}, {"score": 0, "completion": {"role": "model", "parts": [{"text": "Who knows."}]}}]}
    {"system_instruction": {"parts": [{"text": "Be brief."}]}, "contents": [{"role": "user", "parts": [{"text": "Hi"}]}], "completions": [{"score": 0, "completion": {"role": "model", "parts": [{"text": "What?"}]}}, {"score": 1, "completion": {"role": "model", "parts": [{"text": "Hi!"}]}}]}
    ```

    ```jsonl bad completions
    {"contents": [{"role": "user", "parts": [{"text": "Is it raining?"}]}], "completions": [{"score": 1, "completion": {"role": "model", "parts": [{"text": "No."}]}}]}
    ```

    ```jsonl bad completions[1].score
    {"contents": [{"role": "user", "parts": [{"text": "Is it raining?"}]}], "completions": [{"score": 1, "completion": {"role": "model", "parts": [{"text": "No."}]}}, {"score": 1, "completion": {"role": "model", "parts": [{"text": "Who knows."}]}}]}
    ```
    """

    name = "gemini-preference"
    title = "Gemini preference"
    aliases = ("vertex-preference",)
    method = "preference"
    rows = (Row,)
    roles = ROLES
    conversation = True

    def example(self, row: Any) -> Example:
        """Turn a row into the canonical example."""
        turns = [*_instructions(row), *(content_turn(one, ("contents", index)) for index, one in enumerate(row.contents))]
        answers = [
            content_turn(one.completion, ("completions", index, "completion")) for index, one in enumerate(row.completions)
        ]
        better = 0 if row.completions[0].score >= row.completions[-1].score else len(answers) - 1
        return Example(turns, chosen=[answers[better]], rejected=[answers[-1 - better]])

    def check(self, row: Any) -> Iterator[Fault]:
        """Yield a pair that is none: another number of completions, or scores of which none is the better one."""
        if len(row.completions) != 2:
            yield Fault("wrong-length", ("completions",), "2, a better and a worse one", str(len(row.completions)))
        elif {one.score for one in row.completions} != {0, 1}:
            other = 1 if row.completions[0].score in {0, 1} else 0
            wanted = "0 for one and 1 for the other"
            yield Fault("wrong-value", ("completions", other, "score"), wanted, f"{row.completions[other].score:g}")


def _instructions(row: Row) -> list[Turn]:
    return [
        *instruction_turns(row.camel_instruction, "systemInstruction"),
        *instruction_turns(row.snake_instruction, "system_instruction"),
    ]


FORMAT = GeminiPreference()
