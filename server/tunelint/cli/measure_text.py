"""A measurement as a person reads it: what is about to be sent, and what came of it."""

from collections.abc import Iterator, Sequence
from typing import Final

from tunelint.advice.intervals import rows_for, wilson
from tunelint.advice.measured import Arm, Difference, Measured
from tunelint.advice.metrics import title_of
from tunelint.advice.reply import Usage
from tunelint.report.style import Painter, visible

__all__ = ["consent", "report"]

_WIDE: Final = 0.15
"""Half a width of an interval from which it is said beforehand that so few rows say little: 40 rows have it."""

_NAME: Final = 18
_MODEL: Final = 28
_TITLES: Final = {
    "zero-shot": "no examples",
    "few-shot": "chosen examples",
    "nearest": "nearest examples",
    "tuned": "tuned model",
}


def consent(
    *,
    path: str,
    rows: int,
    ways: Sequence[str],
    targets: Sequence[tuple[str, str]],
    new: int,
    total: int,
    usage: Usage,
    usd: float | None,
    most: float | None,
    calls: int,
    as_of: Sequence[str],
    judge: str | None = None,
    tools: bool = False,
) -> Iterator[str]:
    """Yield what somebody has to know before agreeing."""
    for address, model in targets:
        yield f"sends rows of {visible(path)} to {address} (model {visible(model)})"
    yield f"{rows:,} held-out rows, each asked with {', '.join(_TITLES[way] for way in ways)}"
    half = wilson(rows / 2, rows).half_width
    if half > _WIDE:
        better = f"to ±10 with {rows_for(0.1):,}"
        yield f"so few say little: one half is known to ±{100 * half:.0f} points with {rows:,} rows, {better}"
    if tools:
        yield "the tools of each row are sent beside it, and the calls that come back are compared"
    if judge is not None:
        yield f"each answer is compared with the dataset's by {visible(judge)}, twice"
    if new < total:
        yield f"{total - new:,} of {total:,} answers are there already and cost nothing"
    if not new:
        return
    yield f"{new:,} requests, about {usage.prompt:,} tokens read and {usage.completion:,} written"
    if usd is None:
        yield f"the price is not known; no more than {calls:,} requests are sent"
    elif usd == 0 and not as_of:
        yield f"nothing to pay on this machine; no more than {calls:,} requests are sent"
    else:
        dated = f" (prices of {as_of[0]})" if as_of else ""
        yield f"about {_money(usd)}{dated}, and never more than {_money(most if most is not None else usd)}"


def report(found: Measured, goal: float | None, *, color: bool) -> Iterator[str]:
    """Yield the result: scores with intervals, comparisons, and what follows from them."""
    paint = Painter(color)
    asked = max((arm.asked for arm in found.arms), default=0)
    title = title_of(found.metric)
    yield f"{paint(visible(found.dataset), 'bold')}: {title} on {asked:,} held-out rows, task {found.task}\n\n"
    for arm in found.arms:
        yield from _arm(arm, paint)
    if found.differences:
        yield "\n"
    for one in found.differences:
        yield f"  {_difference(one)}\n"
    yield "\n"
    for line in _conclusions(found, goal):
        yield f"  {line}\n"
    if found.usd is not None:
        yield f"  all answers together cost {_money(found.usd)}\n"


def _arm(arm: Arm, paint: Painter) -> Iterator[str]:
    name = f"{_TITLES[arm.name]}{f' ({arm.shots})' if arm.shots else ''}"
    if not arm.rows:
        yield f"  {name:{_NAME + 6}}{visible(arm.model):{_MODEL}}not answered\n"
        return
    score = paint(f"{arm.score.value:6.1%}", "bold")
    price = f"  ${arm.usd_per_1k_calls:,.2f} for 1,000 calls" if arm.usd_per_1k_calls is not None else ""
    yield f"  {name:{_NAME + 6}}{visible(arm.model):{_MODEL}}{score}  [{arm.score.low:.1%}, {arm.score.high:.1%}]{price}\n"
    remarks = []
    if arm.judged is not None:
        remarks.append(
            f"judged {arm.judged.value:.1%} [{arm.judged.low:.1%}, {arm.judged.high:.1%}]; 50% is as good as the dataset"
        )
    if arm.rows < arm.asked:
        remarks.append(f"{arm.asked - arm.rows:,} of {arm.asked:,} rows are not answered")
    if arm.readable < 1:
        remarks.append(f"{1 - arm.readable:.0%} of the answers have not the form that was asked for")
    if arm.cut:
        remarks.append(f"{arm.cut:.0%} were cut at the limit of tokens")
    if remarks:
        yield f"  {'':{_NAME + 6}}{'; '.join(remarks)}\n"


def _difference(one: Difference) -> str:
    verdict = "more than chance" if one.p < 0.05 else "may be chance"
    p = "p < 0.001" if one.p < 0.001 else f"p = {one.p:.2g}"
    return (
        f"{_TITLES[one.second]} against {_TITLES[one.first]}: {100 * one.value:+.1f} points "
        f"[{100 * one.low:+.1f}, {100 * one.high:+.1f}], {verdict} ({p}); {one.better:,} rows better, {one.worse:,} worse"
    )


def _conclusions(found: Measured, goal: float | None) -> Iterator[str]:
    best = found.best
    if best is None:
        yield "no prompt was answered"
        return
    name = _TITLES[best.name]
    if goal is not None:
        if best.score.low >= goal:
            yield f"a prompt is enough: with {name} it reaches {goal:.0%}, at 95% confidence"
        elif best.score.high < goal:
            yield f"not with this prompt: even {name} stays below {goal:.0%}, at 95% confidence"
        else:
            yield f"not decided: {goal:.0%} lies inside the interval of {name}; ask more rows"
    if best.more_rows:
        yield f"{best.more_rows:,} more rows would narrow the interval of {name} to 5 points on each side"
    tuned = next((one for one in found.differences if one.second == "tuned"), None)
    if tuned is not None:
        if tuned.p >= 0.05:
            yield "the tuned model is not better than the best prompt by more than chance"
        elif tuned.value > 0:
            yield f"the tuned model is better than the best prompt, by {100 * tuned.low:.1f} points at least"
        else:
            yield "the tuned model is worse than the best prompt"


def _money(usd: float) -> str:
    return f"${usd:,.2f}" if usd >= 1 else f"${usd:.4f}" if usd else "$0"
