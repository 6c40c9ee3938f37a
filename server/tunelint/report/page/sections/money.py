"""What each way to get the task done costs over a year, by the calls a month, and where they are even."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations
from typing import Final, NamedTuple

import msgspec

from tunelint.advice.prompt import Prompt
from tunelint.costs.dataset import Buyer, DatasetCounts, situation_of, training_money
from tunelint.costs.dataset import dataset_report as report_of
from tunelint.costs.models import find_model
from tunelint.costs.prices import PriceBook
from tunelint.costs.use import Use
from tunelint.costs.ways import MONTHS, Situation, ways_of
from tunelint.formats import find_target
from tunelint.report.page.figure import figure, line_legend
from tunelint.report.page.html import Html, bullets, capital, data_table, details, joined, tag
from tunelint.report.page.reading import Reading
from tunelint.report.page.subject import About, Plot, Section

__all__ = ["dollars", "section"]

_TITLE: Final = "What does each way cost?"
_ASSUMED: Final = ("openai", "gpt-4.1-mini")
"""Whose prices are shown where no target is named: those that `tunelint prompt` assumes."""

_FEWEST, _MOST = 2.0, 7.0
_STEPS: Final = 26
"""Calls a month on the plot, as powers of ten, and how many numbers between them."""

_TABLE: Final = (1_000, 10_000, 100_000, 1_000_000)


class _Line(NamedTuple):
    """What a way costs over a year: so much at once and whatever the calls, and so much for each call a month."""

    way: str
    fixed: tuple[float, float, float]
    each: float

    def year(self, calls: float, bound: int = 0) -> float:
        """Return US dollars over a year; bound 1 is the lower and 2 the upper end of the interval."""
        return self.fixed[bound] + self.each * calls


def section(reading: Reading, prompt: Prompt | None, about: About) -> Section | None:
    """Return the costs of the ways; None for data that is not trained on as requests and answers."""
    lengths = reading.lengths
    if not lengths.totals or reading.signals is None:
        return None
    assumed = _is_assumed(reading)
    buyer = _buyer(reading)
    use = reading.subject.request.use
    if use.prompt_tokens is None and prompt is not None:
        use = msgspec.structs.replace(use, prompt_tokens=float(prompt.tokens))
    counts = _counts(reading)
    book, today = PriceBook(use.prices), date.fromisoformat(about.today)
    price = book.find(buyer.provider, buyer.model, buyer.billions)
    situation = situation_of(counts, buyer, use, price, training_money(counts, buyer, use, book), today)
    lines = list(_lines(situation))
    report = report_of(reading.subject.name, counts, buyer, use, book, today)
    rests = [*_assumed(buyer, use, reading, assumed=assumed), *report.assumptions]
    listed = details("What these numbers rest on", bullets(rests), _missing(report.missing))
    if len(lines) < 2:
        words = "Not enough is known to compare: " + "; ".join(report.missing) + "."
        return Section("money", _TITLE, joined((tag("p", words), listed)))
    return _drawn(lines, situation, buyer, use, listed)


def _drawn(lines: Sequence[_Line], situation: Situation, buyer: Buyer, use: Use, listed: Html) -> Section:
    even = list(_even(lines))
    steps = [10 ** (_FEWEST + (_MOST - _FEWEST) * step / (_STEPS - 1)) for step in range(_STEPS)]
    points = [
        {"way": line.way, "calls": round(calls), "usd": line.year(calls), "low": line.year(calls, 1), "high": line.year(calls, 2)}
        for line in lines
        for calls in steps
    ]
    now = use.calls_per_month
    plot = Plot("money", {"points": points, "ways": [line.way for line in lines], "even": even, "now": now, "months": MONTHS})
    at = " ".join(f"{one['first']} and {one['second']} are even at {one['calls']:,} calls a month." for one in even)
    said = (
        f"Lines of US dollars over {MONTHS} months by calls a month, one for each of {len(lines)} ways. "
        f"{at or 'They never meet.'}"
    )
    calls_shown = sorted({*_TABLE, *([round(now)] if now else [])})
    table = data_table(
        f"US dollars over {MONTHS} months by calls a month, with intervals",
        ("way", *(f"{calls:,} calls" for calls in calls_shown)),
        [(line.way, *(_span(line, calls) for calls in calls_shown)) for line in lines],
    )
    note = f"Prices of {buyer.model} at {buyer.title} as of {situation.as_of}; one-off costs are counted in full."
    legend = line_legend(line.way for line in lines)
    lead = tag("p", _lead(lines, even), class_="lead")
    return Section("money", _TITLE, joined((lead, figure(plot, said, note, table, legend=legend), listed)), (plot,))


def _lead(lines: Sequence[_Line], even: Sequence[dict[str, object]]) -> str:
    if not even:
        cheapest = min(lines, key=lambda line: line.year(_TABLE[1]))
        return f"{capital(cheapest.way)} is the cheapest at any number of calls."
    return " ".join(
        f"From {one['calls']:,} calls a month on, \u201c{one['second']}\u201d is cheaper than \u201c{one['first']}\u201d."
        for one in even
    )


def _counts(reading: Reading) -> DatasetCounts:
    context, request = reading.linter.context, reading.subject.request
    model = context.model_limits
    return DatasetCounts(
        lengths=reading.lengths.totals,
        trained=reading.lengths.trained,
        encoding=context.encoding,
        exact=bool(request.tokenizer) or (model.exact if model is not None else _is_assumed(reading)),
    )


def _is_assumed(reading: Reading) -> bool:
    """Tell whether nobody says where it would be trained for money: no target is named, or a tool for one's own machine."""
    target = reading.linter.context.target
    return target is None or not target.hosted


def _buyer(reading: Reading) -> Buyer:
    context = reading.linter.context
    target, model, named = context.target, context.model, context.named_model
    if _is_assumed(reading):
        target, model, named = find_target(_ASSUMED[0]), _ASSUMED[1], True
    assert target is not None
    shape = find_model(model)
    return Buyer(
        provider=target.name,
        title=target.title,
        model=model,
        billions=shape.params / 1e9 if shape is not None else None,
        limit=context.limit if reading.lengths.over else None,
        named=named,
    )


def _lines(situation: Situation) -> Iterator[_Line]:
    """Yield the ways whose costs are known, as lines: each is one through what it costs at two numbers of calls."""
    few, many = (list(ways_of(msgspec.structs.replace(situation, calls_per_month=calls))) for calls in (0.0, 1_000.0))
    for none, some in zip(few, many, strict=True):
        start, end = none.year_usd, some.year_usd
        if start is not None and end is not None:
            yield _Line(none.way, (start.value, start.low, start.high), (end.value - start.value) / 1_000)


def _even(lines: Sequence[_Line]) -> Iterator[dict[str, object]]:
    """Yield where a way with a prompt and a tuned model are even, within the plot."""
    for one, other in combinations(lines, 2):
        if one.way.startswith("few-shot") == other.way.startswith("few-shot") or one.each <= other.each:
            continue
        calls = (other.fixed[0] - one.fixed[0]) / (one.each - other.each)
        if 10**_FEWEST <= calls <= 10**_MOST:
            yield {"first": one.way, "second": other.way, "calls": round(calls), "usd": one.year(calls)}


def _assumed(buyer: Buyer, use: Use, reading: Reading, *, assumed: bool) -> Iterator[str]:
    if assumed:
        yield f"the prices of {buyer.model} at {buyer.title}, because no provider is named: --target PROVIDER/MODEL"
    if reading.subject.request.use.prompt_tokens is None and use.prompt_tokens is not None:
        yield f"a prompt of {use.prompt_tokens:,.0f} tokens, that of the few-shot prompt on this page"


def _missing(missing: Sequence[str]) -> Html | None:
    return joined((tag("p", "Not known:"), bullets(missing))) if missing else None


def _span(line: _Line, calls: float) -> str:
    value, low, high = (dollars(line.year(calls, bound)) for bound in range(3))
    return value if low == high else f"{value} ({low} to {high})"


def dollars(value: float) -> str:
    """Write an amount of US dollars with as many digits as say something."""
    return f"${value:,.0f}" if abs(value) >= 100 else f"${value:,.2f}"
