"""The verdict on a dataset as a sceptical engineer reads it: verdict first, then every reason, then what it cannot know."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from tunelint.advice.measured import Arm, Measured
from tunelint.advice.verdict import Hint, Signal, Verdict
from tunelint.cli.costs_text import write_ways
from tunelint.core.finding import Handle
from tunelint.costs.report import CostWay
from tunelint.costs.use import Use
from tunelint.report.style import Painter, plural, visible
from tunelint.text.numbers import plain, significant

if TYPE_CHECKING:
    from tunelint.advice.task import TaskKind

__all__ = ["Offer", "write_advice"]


class Offer(NamedTuple):
    """A measurement that could be made: so many rows, with none, `shots` chosen and as many nearest examples, and its price."""

    path: str
    rows: int
    shots: int
    tokens: int
    model: str
    usd: float | None
    as_of: str


class _Advice(Protocol):
    @property
    def path(self) -> str: ...
    @property
    def records(self) -> int: ...
    @property
    def verdict(self) -> Verdict: ...
    @property
    def signals(self) -> tuple[Signal, ...]: ...
    @property
    def measured(self) -> Measured | None: ...
    @property
    def ways(self) -> list[CostWay]: ...
    @property
    def offer(self) -> Offer: ...
    @property
    def lines(self) -> dict[Handle, int]: ...


_KINDS: Final[Mapping["TaskKind", str]] = {
    "label": "a closed set of answers",
    "short": "answers of a few words",
    "json": "JSON answers",
    "tool": "tool calls",
    "code": "code",
    "text": "free text",
}
_HINTS: Final[Mapping[Hint, str]] = {
    "structured-outputs": "give the answers' schema with each request: structured outputs hold a model to the form",
    "classifier": "a linear classifier on word counts does it too, at no price a call",
    "column-classifier": "try decision trees on the columns first: they take seconds to train and cost nothing a call",
    "system-prompt": "one sentence of a system prompt carries it",
    "native-tools": "declare the tools in the request: models are trained to call them",
    "schema-in-prompt": "put the schema, or the names that answers may use, into the prompt",
    "chain-of-thought": "show examples that reason step by step, or let the model write code",
}
_STRENGTHS: Final = {
    "strong": "strong: this file's own numbers say so",
    "lean": "lean: a base rate or a rule of thumb, measured elsewhere",
}
_CANNOT_KNOW: Final = (
    "how good is good enough for you, and how good the model is that you have in mind: only a measurement tells",
    "whether future requests look like these, and whether the answers here are right",
    "latency, privacy and volume, which can be reasons of their own for a small tuned model",
)
_OF_A_LEAN: Final = (
    "base rates are of models and prompts of 2024: today's prompts do better, so what they say for tuning is a ceiling"
)
_OF_FEW: Final = "below 500 records verdicts are less steady: cut to 200 records, 1 of 24 labelled tasks got another one"
_SMALL: Final = 500


def write_advice(one: _Advice, use: Use, *, color: bool) -> Iterator[str]:
    """Yield all that is said of one file."""
    paint, verdict = Painter(color), one.verdict
    looked = f"{verdict.sampled:,} looked at" if verdict.sampled < verdict.records else "all looked at"
    fitting = f"{verdict.records:,} different ones with a request and an answer"
    fit = "all different" if verdict.records == one.records else fitting
    yield f"{paint(visible(one.path), 'bold')}  {plural(one.records, 'record')}, {fit}, {looked};"
    yield f" {_KINDS[verdict.task]}\n\n"
    leaning = f", leaning to {verdict.leans}" if verdict.leans else ""
    yield f"  {paint(verdict.verdict.upper() + leaning, 'bold', 'cyan')}  {verdict.title}\n"
    yield f"  {paint(_STRENGTHS[verdict.strength], 'dim')}\n"
    for hint in verdict.hints:
        yield f"  → {_HINTS[hint]}\n"
    if one.measured is not None:
        yield from _measured(one.measured, paint)
    own = len(verdict.signals)
    yield from _reasons("Why", one.signals[:own], paint)
    for clue in verdict.clues:
        if clue.handle in one.lines:
            yield f"  line {one.lines[clue.handle]:,}: {clue.says}\n"
    yield from _reasons("Also looked at", one.signals[own:], paint)
    yield f"\n{paint('What this cannot know', 'bold')}\n"
    for line in _limits(verdict):
        yield f"  - {line}\n"
    if one.measured is None and verdict.verdict != "too-few":  # what so few rows score says nothing
        yield from _offered(one.offer, paint)
    if one.ways:
        yield from write_ways(one.ways, use, paint)
    yield "\n"


def _reasons(title: str, signals: Sequence[Signal], paint: Painter) -> Iterator[str]:
    if signals:
        yield f"\n{paint(title, 'bold')}\n"
    for signal in signals:
        against = f" against {plain(signal.threshold)}" if signal.threshold is not None else ""
        numbers = f"{signal.title}: {significant(signal.value, 4)}{against}; {signal.source}"
        yield f"  - {visible(signal.says)}\n    {paint(f'({numbers})', 'dim')}\n"


def _limits(verdict: Verdict) -> Iterator[str]:
    yield from _CANNOT_KNOW
    if verdict.strength == "lean":
        yield _OF_A_LEAN
    if verdict.records < _SMALL:
        yield _OF_FEW


def _measured(found: Measured, paint: Painter) -> Iterator[str]:
    yield f"\n{paint(f'Measured {found.measured_at[:10]}', 'bold')} ({found.metric})\n"
    for arm in found.arms:
        yield f"  - {_arm(arm)}\n"


def _arm(arm: Arm) -> str:
    score = arm.score
    return (
        f"{arm.name} ({visible(arm.model)}): {score.value:.2f} [{score.low:.2f}, {score.high:.2f}] on {plural(arm.rows, 'row')}"
    )


def _offered(offer: Offer, paint: Painter) -> Iterator[str]:
    price = f"about ${offer.usd:.2f} (prices of {offer.as_of})" if offer.usd is not None else "at a price that is not known here"
    yield f"\n{paint('Measure it', 'bold')}\n"
    yield f"  tunelint measure {visible(offer.path)}\n"
    yield f"  {plural(offer.rows, 'held-out row')}, with none, up to {offer.shots} chosen and {offer.shots} nearest examples:"
    yield f" about {offer.tokens:,} tokens,"
    yield f" {visible(offer.model)}, {price}\n"
