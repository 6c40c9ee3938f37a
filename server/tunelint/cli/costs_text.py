"""Costs as a person reads them."""

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from tunelint.costs.amounts import VERDICTS, duration, money, span
from tunelint.costs.report import CostBreakEven, CostCalls, CostMemory, CostReport, CostWay, Usd
from tunelint.costs.use import Use
from tunelint.costs.ways import MONTHS
from tunelint.report.style import Painter, visible, width
from tunelint.text.numbers import significant

__all__ = ["write_report", "write_ways"]

_LABEL: Final = 14
_WAY: Final = 34


def write_report(report: CostReport, use: Use, *, color: bool) -> Iterator[str]:
    """Yield the table of a report; intervals stand in brackets behind their numbers."""
    paint = Painter(color)
    yield f"{paint(visible(report.path), 'bold')}\n"
    for label, text in _lines(report):
        yield f"  {paint(f'{label:{_LABEL}}', 'dim')}{visible(text)}\n"
    if report.break_even is not None:
        yield f"\n{paint('Calls until fine-tuning pays back', 'bold')}\n"
        yield from _break_even(report.break_even, use, paint)
    if report.ways:
        yield from write_ways(report.ways, use, paint)
    yield from _listed("Rests on", report.assumptions, paint, "cyan")
    yield from _listed("Not known", report.missing, paint, "yellow")
    if any("[hardware]" in line for line in (*report.assumptions, *report.missing)):
        yield "\n--gpu NAME and --gpus N say here what [hardware] in the settings says always; `tunelint prices` lists GPUs\n"


def _lines(report: CostReport) -> Iterator[tuple[str, str]]:
    if report.model is not None:
        size = f", {significant(report.model.params / 1e9, 3)} billion parameters" if report.model.params else ""
        trained = f", {significant(report.model.trainable / 1e6, 4)} million trained" if report.model.trainable else ""
        yield "model", f"{report.model.name}{size}{trained}"
    if report.steps is not None and report.steps.total is not None:
        each = f", {report.steps.per_epoch:,} an epoch" if report.steps.per_epoch is not None else ""
        yield "steps", f"{report.steps.total:,}{each}"
    if report.memory is not None:
        yield from _memory(report.memory)
    if report.time is not None:
        time = report.time
        value, low, high, unit = duration(time.hours, time.low, time.high)
        yield "time", f"{value} {unit} ({low} to {high}), {time.tokens_per_second:,.0f} tokens a second for one GPU"
    if report.tokens is not None and report.tokens.per_epoch is not None:
        epochs = report.steps.epochs if report.steps is not None else None
        billed = report.tokens.billed
        text = f"{report.tokens.per_epoch:,} an epoch"
        if epochs is not None and billed is not None:
            text += f", {billed:,} in {epochs:g} epoch{'s' if epochs != 1 else ''}"
        yield "tokens", text
    if report.money is not None:
        paid = report.money
        yield "training", f"{span(Usd(paid.usd, paid.low, paid.high))}, as of {paid.as_of} ({paid.source})"


def _memory(memory: CostMemory) -> Iterator[tuple[str, str]]:
    text = f"{memory.peak_gb:.1f} GB ({memory.low_gb:.1f} to {memory.high_gb:.1f}) at the peak of one GPU"
    if memory.gpu_gb is not None:
        text += f", {VERDICTS[memory.fits]} the {memory.gpu_gb:g} GB of {memory.gpu or 'the GPU'}"
    yield "memory", text
    parts = {name: value for name, value in msgspec.structs.asdict(memory.parts).items() if value >= _SHOWN_GB}
    yield "", ", ".join(f"{name} {value:.1f}" for name, value in parts.items())
    if memory.cheapest_fix is not None:
        fix = memory.cheapest_fix
        yield "would fit", f"{fix.key}: {str(fix.value).lower()} ({fix.peak_gb:.1f} GB)"


_SHOWN_GB: Final = 0.05


def _break_even(found: CostBreakEven, use: Use, paint: Painter) -> Iterator[str]:
    mixed = found.mixed if use.cache_hit is not None else None
    for label, calls in (("uncached prompt", found.uncached), ("cached prompt", found.cached), ("your cache hits", mixed)):
        if calls is not None:
            yield f"  {label:{_WAY}}{_calls(calls, paint)}\n"
    if found.monthly_gain_usd is not None:
        gain = found.monthly_gain_usd
        words = f"saves {money(gain)}" if gain >= 0 else f"costs {money(-gain)} more"
        yield f"  {'a month, hosting counted':{_WAY}}{words}\n"


def _calls(calls: CostCalls, paint: Painter) -> str:
    number = paint("never", "yellow", "bold") if calls.calls is None else paint(f"{calls.calls:,}", "bold")
    saving = calls.saving_per_call_usd
    how = f"saves {money(saving)}" if saving > 0 else f"costs {money(-saving)} more"
    return f"{number} (a call {how})"


def write_ways(ways: Sequence[CostWay], use: Use, paint: Painter) -> Iterator[str]:
    """Yield a table of ways with what each costs at once, for 1,000 calls, a month and a year."""
    title = f"The ways, at {use.calls_per_month:,.0f} calls a month" if use.calls_per_month is not None else "The ways"
    heads = ("at once", "1,000 calls", "a month", f"{MONTHS} months")
    rows = []
    for way in ways:
        year = None
        if way.one_off_usd is not None and way.per_month_usd is not None:
            once, month = way.one_off_usd, way.per_month_usd
            year = Usd(once.usd + MONTHS * month.usd, once.low + MONTHS * month.low, once.high + MONTHS * month.high)
        rows.append((way.way, *(span(one) for one in (way.one_off_usd, way.per_1k_calls_usd, way.per_month_usd, year))))
    widths = [max(width(row[column]) for row in [("", *heads), *rows]) + 3 for column in range(len(heads) + 1)]
    yield f"\n{paint(title, 'bold')}\n"
    for row in [("", *heads), *rows]:
        cells = "".join(f"{cell:>{columns}}" for cell, columns in zip(row[1:], widths[1:], strict=True))
        yield f"  {row[0]:{widths[0]}}{cells}\n"


def _listed(title: str, lines: Sequence[str], paint: Painter, look: str) -> Iterator[str]:
    if lines:
        yield f"\n{paint(title, look, 'bold')}\n"
    for line in lines:
        yield f"  - {visible(line)}\n"
