"""What was measured of a dataset, in a file beside it that later runs read: measured once, and known until a record changes.

A result belongs to the records, not to the file: it is found by a key of the sample that it was measured on. No order and no copy
of records changes that key, and every run that judges the file has the sample at hand.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from tunelint.advice.files import MEASURED
from tunelint.advice.task import TaskKind
from tunelint.core.errors import UserError
from tunelint.core.record import digest

__all__ = [
    "Arm",
    "Difference",
    "Measured",
    "MeasuredFile",
    "Score",
    "add_measured",
    "content_key",
    "find_measured",
    "parse_measured",
    "read_measured",
]

_VERSION: Final = 1


def content_key(identities: Iterable[int]) -> str:
    """Return the key of a sample, given by the content hashes of its records in any order."""
    text = ",".join(f"{identity:x}" for identity in sorted(set(identities)))
    return f"{digest(text):016x}"


class Score(msgspec.Struct, frozen=True):
    """A mean with its 95% interval."""

    value: float
    low: float
    high: float


class Arm(msgspec.Struct, frozen=True, kw_only=True):
    """One way of asking. `name` is zero-shot, few-shot, nearest or tuned; `shots` are the examples shown.

    `rows` were answered of `asked`. `readable` is the share of answers of the form that was asked for, `exact` of those equal to
    the dataset's, and `cut` of those that the limit of tokens ended. `input_tokens` and `output_tokens` are means of a call, and
    `usd_per_1k_calls` is null where no price is known. `more_rows` narrow the interval to 5 points on each side.
    `judged` is what a judge thinks of the answers beside the dataset's: one half is as good.
    """

    name: str
    model: str
    shots: int
    score: Score
    rows: int
    asked: int
    exact: float
    readable: float
    cut: float
    input_tokens: float
    output_tokens: float
    usd_per_1k_calls: float | None = None
    more_rows: int = 0
    judged: Score | None = None


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """How much better `second` scores than `first` on the rows that both answered; `p` as of a paired test."""

    first: str
    second: str
    rows: int
    value: float
    low: float
    high: float
    p: float
    better: int
    worse: int


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """One measurement: of which records, how, when, with what result and at what price."""

    content: str
    dataset: str
    records: int
    measured_at: str
    endpoint: str
    task: TaskKind
    metric: str
    arms: tuple[Arm, ...]
    differences: tuple[Difference, ...] = ()
    usd: float | None = None
    prices_as_of: str | None = None
    complete: bool = True
    judge: str | None = None

    @property
    def best(self) -> Arm | None:
        """The prompt, not the tuned model, that scores best; of equal ones the simpler."""
        prompts = [arm for arm in self.arms if arm.name != "tuned" and arm.rows]
        return max(prompts, key=lambda arm: (arm.score.value, -arm.shots)) if prompts else None


class MeasuredFile(msgspec.Struct, frozen=True):
    """All measurements of the datasets in a folder."""

    version: int
    measurements: tuple[Measured, ...]


def read_measured(folder: Path) -> tuple[Measured, ...]:
    """Return all that is in the file of a folder, nothing where there is none; raises UserError for a file that is broken."""
    path = folder / MEASURED
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ()
    except OSError as problem:
        raise UserError(f"{path}: cannot be read ({problem.strerror})") from problem
    return parse_measured(text, str(path))


def parse_measured(text: str, name: str) -> tuple[Measured, ...]:
    """Return what the text of such a file says; `name` is what it is called when it is broken."""
    try:
        found = msgspec.json.decode(text, type=MeasuredFile)
    except msgspec.DecodeError as problem:
        raise UserError(f"{name}:1:1: no measurements of tunelint ({problem}); remove or mend it") from problem
    if found.version != _VERSION:
        raise UserError(f"{name}:1:1: version {found.version} of measurements; this tunelint reads {_VERSION}")
    return found.measurements


def find_measured(measurements: Sequence[Measured], content: str) -> Measured | None:
    """Return the latest complete measurement of these records, else the latest at all; None where there is none."""
    found = [one for one in measurements if one.content == content]
    return max(found, key=lambda one: (one.complete, one.measured_at), default=None)


def add_measured(measurements: Sequence[Measured], new: Measured) -> str:
    """Return the text of the file with one more measurement, which replaces an older one of the same records and models."""
    kept = [one for one in measurements if _subject(one) != _subject(new)]
    content = MeasuredFile(_VERSION, (*kept, new))
    return msgspec.json.format(msgspec.json.encode(content), indent=2).decode() + "\n"


def _subject(one: Measured) -> tuple[Any, ...]:
    return one.content, one.endpoint, tuple((arm.name, arm.model) for arm in one.arms)
