"""Whether to fine-tune on it at all: the verdict, what it rests on, and what was measured."""

from collections.abc import Iterator
from typing import Final

from tunelint.advice.measured import Measured
from tunelint.advice.verdict import Hint, Signal, Verdict
from tunelint.report.page.html import Html, bullets, capital, data_table, joined, tag
from tunelint.report.page.reading import Reading
from tunelint.report.page.subject import Section, place
from tunelint.text.numbers import significant

__all__ = ["section"]

_ADVICE: Final[dict[Hint, str]] = {
    "structured-outputs": "Ask for the JSON with a schema that the provider enforces (structured outputs).",
    "classifier": "A small classifier trained on these records may be enough, and costs nothing a call.",
    "column-classifier": "Try decision trees on the columns first: they take seconds to train and cost nothing a call.",
    "system-prompt": "Say it in the system prompt: what the answers have in common is a constant.",
    "native-tools": "Declare the tools and let the provider's own tool calls do it.",
    "schema-in-prompt": "Put the schema that the answers follow into the prompt.",
    "chain-of-thought": "Let the model write its steps down before it answers.",
}
_SURE: Final = {"strong": "these records show it", "lean": "a published base rate says it, not these records"}


def section(reading: Reading) -> Section:
    """Return the verdict, or why there is none."""
    verdict = reading.verdict
    if verdict is None:
        method = reading.linter.context.method
        why = "no record could be read as a request with an answer" if method in {None, "sft"} else f"this is {method} data"
        body = tag("p", f"No verdict: {why}.", class_="lead")
        return Section("verdict", "Should this be fine-tuned on?", body)
    return Section("verdict", "Should this be fine-tuned on?", joined(_parts(reading, verdict)))


def _parts(reading: Reading, verdict: Verdict) -> Iterator[Html]:
    leans = f", leaning towards {verdict.leans.replace('-', ' ')}" if verdict.leans else ""
    yield tag(
        "p",
        tag("strong", f"{capital(verdict.title)}{leans}."),
        tag("span", verdict.strength, class_=f"badge {verdict.strength}", title=_SURE[verdict.strength]),
        class_="lead",
    )
    yield tag("ol", *map(_reason, verdict.signals), class_="reasons")
    yield bullets((_ADVICE[hint] for hint in verdict.hints), class_="advice")
    if verdict.flat_from is not None:
        yield tag("p", f"From {verdict.flat_from:,} examples on, more of them added nothing to what simple learners score.")
    yield from _clues(reading, verdict)
    seen = "all of them" if verdict.sampled >= reading.distinct else f"{verdict.sampled:,} of them, chosen by content hash,"
    if verdict.sampled == verdict.records < reading.distinct:
        seen = f"the {verdict.sampled:,} with a request and an answer"
    yield tag(
        "p",
        f"{reading.distinct:,} different records; {seen} were looked at. Task: {verdict.task}. "
        f"{verdict.strength.capitalize()} means that {_SURE[verdict.strength]}.",
        class_="note",
    )
    measured = reading.linter.context.measured
    if measured is not None:
        yield _measurement(measured)


def _reason(signal: Signal) -> Html:
    number = f"{capital(signal.title)}: {significant(signal.value, 3)}"
    against = f", threshold {significant(signal.threshold, 3)}" if signal.threshold is not None else ""
    source = f" \u00b7 {signal.source}" if signal.source else ""
    return tag(
        "li",
        tag("span", f"{capital(signal.says)}."),
        _meter(signal),
        tag("span", f"{number}{against}{source}", class_="note"),
    )


def _meter(signal: Signal) -> Html | None:
    """Return a bar of a share with its threshold; None for what is no share."""
    if not 0 <= signal.value <= 1 or signal.threshold is None or not 0 <= signal.threshold <= 1:
        return None
    shape = [
        tag("rect", x=0, y=2, width=100, height=6, class_="track"),
        tag("rect", x=0, y=2, width=f"{100 * signal.value:.1f}", height=6, class_="value"),
        tag("rect", x=f"{100 * signal.threshold - 0.5:.1f}", y=0, width=1, height=10, class_="threshold"),
    ]
    words = f"{signal.value:.0%} against a threshold of {signal.threshold:.0%}"
    return tag("svg", *shape, viewBox="0 0 100 10", preserveAspectRatio="none", class_="meter", role="img", aria_label=words)


def _clues(reading: Reading, verdict: Verdict) -> Iterator[Html]:
    origins = reading.origins([clue.handle for clue in verdict.clues])
    subject = reading.subject
    items = [
        joined((place(subject.path, subject.name, origins[clue.handle].line, origins[clue.handle].column), f": {clue.says}"))
        for clue in verdict.clues
        if isinstance(clue.handle, int) and clue.handle in origins
    ]
    if items:
        yield tag("p", "Records that show it:")
        yield bullets(items)


def _measurement(measured: Measured) -> Html:
    rows = [
        (
            f"{arm.name}, {arm.model}",
            f"{arm.score.value:.1%} ({arm.score.low:.1%} to {arm.score.high:.1%})",
            arm.rows,
            "not known" if arm.usd_per_1k_calls is None else f"${arm.usd_per_1k_calls:,.2f}",
        )
        for arm in measured.arms
    ]
    caption = f"Measured on {measured.measured_at}: {measured.metric} with 95% intervals"
    return data_table(caption, ("way", "score", "rows", "1,000 calls"), rows)
