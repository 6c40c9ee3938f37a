"""What a rule is told of the file that a record stands in."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

import msgspec

from tunelint.core.dataset import FileFacts, TokenTotals
from tunelint.core.example import Method
from tunelint.core.finding import Handle, Severity
from tunelint.core.record import Record
from tunelint.core.reference import Reference
from tunelint.costs.use import Use
from tunelint.formats.base import Dialect, Format, Limits, MediaLimits, ModelLimits, Target
from tunelint.formats.exchanges import Exchange
from tunelint.rules.groups import Pair

if TYPE_CHECKING:
    from tunelint.advice.measured import Measured

__all__ = ["Compare", "Context", "Refusal", "in_words"]

T = TypeVar("T")

Compare = Callable[[Sequence[Pair], Mapping[Handle, Record], "Context"], T]
"""Compares the records of pairs: a function of a module, or a method of a rule, as it may be called in another process."""

_TOGETHER: Final = 500
_TOGETHER_BYTES: Final = 1 << 20
"""How many pairs, and about how many bytes of their records, a process holds at once. Comparing takes 20 times those bytes."""


class Refusal(NamedTuple):
    """Who refuses something, and how bad that makes it."""

    severity: Severity
    by: str
    """Names in words: "OpenAI", "OpenAI, Together and 3 others", "every consumer of this format"."""

    def says(self, verb: str) -> str:
        """Return the names with a verb: "OpenAI refuses", "OpenAI and Together refuse"."""
        return f"{self.by} {verb if ' and ' in self.by else verb + 's'}"


def _go_on() -> None:
    """Let the work go on."""


class Context(msgspec.Struct):
    """What is known about the file that a record stands in. Rules read it and never change it.

    `format` is None when no known format fits. `dialects` are those of the chosen target only or, with no target, of every
    consumer of the format. `limit` is the training limit in tokens of one example, None when nothing sets one.
    """

    file: FileFacts
    format: Format | None
    confidence: float
    method: Method | None
    target: Target | None = None
    model: str = ""
    dialects: tuple[tuple[Target, Dialect], ...] = ()
    limit: int | None = None
    encoding: str = "o200k_base"
    nearest: tuple[str, str] | None = None
    """With no format: the title of the nearest one, and what the records lack for it."""
    columns: frozenset[str] = frozenset()
    """Keys that nearly every record of the head of the file has."""
    readable: bool = True
    """Whether any record of the head is a JSON object."""
    registry: bool = False
    """Whether the file lists datasets and is none itself."""
    exchange: Exchange | None = None
    """What the records are where they are requests to a model or answers of one, and no examples."""
    tokens: TokenTotals | None = None
    """For reports only: the totals of the whole file."""
    common_shingles: frozenset[int] = frozenset()
    """Hashes of token sequences that so many records share that they are a template and no content."""
    grader_fields: frozenset[str] | None = None
    """The record fields that the user's grader reads, None when no grader is given."""
    named_model: bool = False
    """Whether the user named the model; else `model` is the target's default one."""
    use: Use = Use()
    """What the user says of costs: how the model is called, what hours cost, which GPUs there are."""
    today: str = ""
    """The day of the run as YYYY-MM-DD, given by the front end; empty where nothing may depend on it."""
    references: tuple[Reference, ...] = ()
    """Other files to compare with: the validation or training file that belongs to this one, evaluations."""
    exists: Callable[[str], bool] | None = None
    """Tells whether a path, relative to the dataset, is there; given by the front end, None where nobody can look."""
    read: Callable[[str], str | None] | None = None
    """For the engine only: returns the text of a small file beside the dataset, None where there is none."""
    measured: "Measured | None" = None
    """For rules about the verdict: what a prompt scored when it was measured on these very records."""
    fetch: Callable[[Iterable[Handle]], dict[Handle, Record]] | None = None
    """For reports of group rules: reads records again, to compare what keys alone cannot prove."""
    compare_elsewhere: Callable[[Compare[Any], Sequence[Sequence[Pair]]], Iterator[Any]] | None = None
    """For the engine only: yields what a comparison of some pairs after the other returns in other processes; None without."""
    pulse: Callable[[], None] = _go_on
    """For reports that take long: called between short steps of work, it may raise to give up what nobody waits for any more."""

    def compared(self, compare: Compare[T], pairs: Sequence[Pair]) -> Iterator[T]:
        """For reports of group rules: yield what `compare` returns for some of the pairs after the other, in their order.

        It is given pairs, their records, which are read again, and the context, and is called in several processes where there
        are some.
        """
        mean = (self.file.size or 0) // max(self.file.records, 1)
        together = max(min(_TOGETHER, _TOGETHER_BYTES // (2 * mean + 1)), 1)
        parts = [pairs[start : start + together] for start in range(0, len(pairs), together)]
        if self.compare_elsewhere is not None and len(parts) > 1:
            yield from self.compare_elsewhere(compare, parts)
            return
        assert self.fetch is not None
        for part in parts:
            yield compare(part, self.fetch({handle for pair in part for handle in pair}), self)

    @property
    def conversation(self) -> bool:
        """Whether the records are conversations, which a chat template puts together."""
        return self.format is not None and self.format.conversation

    @property
    def consumer(self) -> str:
        """Name whoever the data is checked for, for messages."""
        if self.target is None:
            return "any consumer"
        return f"{self.target.title} ({self.model})" if self.model else self.target.title

    @property
    def model_limits(self) -> ModelLimits | None:
        """The limits of the target's model; None without a target or for an unknown model."""
        return self.target.model(self.model) if self.target is not None else None

    @property
    def limits(self) -> Limits:
        """How many examples and bytes the target takes with this method."""
        if self.target is None:
            return Limits()
        model = self.model_limits
        return (model.limits if model is not None else None) or self.target.limits_for(self.method or "")

    @property
    def media(self) -> MediaLimits | None:
        """The target's limits for media, None when nothing is known."""
        model = self.model_limits
        if model is not None and model.media is not None:
            return model.media
        return self.dialect.media if self.dialect is not None else None

    @property
    def dialect(self) -> Dialect | None:
        """What the target takes of this format; None without a target, and where it does not take the format."""
        return self.dialects[0][1] if self.target is not None and self.dialects else None

    def refusal(self, refuses: Callable[[Dialect], bool]) -> Refusal | None:
        """Tell who refuses something, None if nobody is known to.

        With a target that is the target, and an error. Without one it is an error if every consumer of the format refuses it,
        else a warning that names those that do.
        """
        by = [target for target, dialect in self.dialects if refuses(dialect)]
        if not by:
            return None
        if self.target is not None:
            return Refusal(Severity.ERROR, self.target.title)
        if len(by) == len(self.dialects):
            return Refusal(Severity.ERROR, "every consumer of this format" if len(by) > 1 else by[0].title)
        return Refusal(Severity.WARNING, in_words([target.title for target in sorted(by, key=lambda one: not one.hosted)]))


_NAMED: Final = 3
"""How many names a message lists before it says "and N others"."""


def in_words(names: Sequence[str]) -> str:
    """Join names for a message; a long list is cut."""
    if len(names) > _NAMED + 1:
        return f"{', '.join(names[:_NAMED])} and {len(names) - _NAMED} others"
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)
