"""The verdict on a dataset: what it is, how sure, and why, each reason with its number, its threshold and its source."""

from typing import Final, Literal

import msgspec

from tunelint.advice.task import TaskKind
from tunelint.core.finding import Handle

__all__ = ["TITLES", "Clue", "Hint", "Lean", "Signal", "Strength", "Verdict", "VerdictName"]

VerdictName = Literal[
    "too-few",
    "check-pairing",
    "constant-answer",
    "mixed-tasks",
    "prompt",
    "example-retrieval",
    "knowledge-retrieval",
    "fine-tune",
    "measure",
]
Strength = Literal["strong", "lean"]
Lean = Literal["prompt", "example-retrieval", "knowledge-retrieval", "fine-tune"]
Hint = Literal[
    "structured-outputs",
    "classifier",
    "column-classifier",
    "system-prompt",
    "native-tools",
    "schema-in-prompt",
    "chain-of-thought",
]

TITLES: Final[dict[VerdictName, str]] = {
    "too-few": "too few examples to tell",
    "check-pairing": "check the pairing first: answers do not belong to their requests",
    "constant-answer": "one answer for everything: there is nothing to learn",
    "mixed-tasks": "no single task",
    "prompt": "a prompt with a few examples should do",
    "example-retrieval": "a prompt with examples retrieved for each request, or tuning: compare the cost",
    "knowledge-retrieval": "retrieve the facts; tuning does not keep them",
    "fine-tune": "nothing here argues against fine-tuning",
    "measure": "cannot be told from the file: measure a prompt first",
}


class Signal(msgspec.Struct, frozen=True):
    """One reason: a number of this file, the threshold that makes it one, what it says, and where threshold or claim are from.

    `threshold` is None for a number that is only shown. `says` is a sentence without its full stop, `title` what the number is in
    words.
    """

    name: str
    value: float
    threshold: float | None
    says: str
    source: str
    title: str


class Clue(msgspec.Struct, frozen=True):
    """A record that is evidence, and for what."""

    handle: Handle
    says: str


class Verdict(msgspec.Struct, frozen=True):
    """What the records say about fine-tuning on them.

    `strength` is strong where this file's own numbers decide, lean where a published base rate does. `leans` is where a verdict
    to measure leans, None for all others and where it leans nowhere. `signals` are the reasons in the order in which they
    count. `records` is how many different records there are and `sampled` how many of them were looked at. `flat_from` is the
    number of examples from which more of them added nothing to what simple learners score; None where the curve still rises,
    never rose, or was not drawn.
    """

    verdict: VerdictName
    strength: Strength
    task: TaskKind
    signals: tuple[Signal, ...]
    hints: tuple[Hint, ...] = ()
    leans: Lean | None = None
    clues: tuple[Clue, ...] = ()
    records: int = 0
    sampled: int = 0
    flat_from: int | None = None

    @property
    def title(self) -> str:
        """The verdict in words."""
        return TITLES[self.verdict]

    def numbers(self) -> dict[str, object]:
        """Return what a finding carries as evidence."""
        return {
            "verdict": self.verdict,
            "strength": self.strength,
            "task": self.task,
            "signals": {signal.name: round(signal.value, 3) for signal in self.signals},
        }
