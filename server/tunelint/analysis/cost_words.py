"""What a config's run or job costs, in a line above it and as a table beside its model."""

from collections.abc import Iterator
from typing import Final

import msgspec

from tunelint.costs.amounts import VERDICTS, duration, money, span
from tunelint.costs.report import CostMemory, CostReport, Usd
from tunelint.text.numbers import significant

__all__ = ["line_of", "table_of"]

_SHOWN_GB: Final = 0.05
"""A part of the memory that is worth its words, in GB."""

_REASON: Final = 90
"""Characters of the reason why something is not known, in a line."""


def line_of(report: CostReport, *, hosted: bool) -> str:
    """Return memory, hours and money in a line, each with its interval, and the first thing that would have to be known.

    Nothing is said of a config that names no model: it is a part of a run, such as one of DeepSpeed.
    """
    if report.model is None:
        return ""
    parts = [] if hosted else [_peak(report.memory), _hours(report)]
    parts.append(span(Usd(report.money.usd, report.money.low, report.money.high)) if report.money is not None else "")
    lacking = [name for name, part in zip(_NAMES[-len(parts) :], parts, strict=True) if not part]
    found = [part for part in parts if part]
    if lacking and report.missing:
        reason = report.missing[0].removeprefix(f"{_listed(lacking)}: ")
        reason = reason if len(reason) <= _REASON else f"{reason[: _REASON - 1]}…"
        found.append(f"{_listed(lacking)} not known: {reason}")
    return " · ".join(found)


_NAMES: Final = ("memory", "hours", "money")


def _listed(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]


def _peak(memory: CostMemory | None) -> str:
    if memory is None:
        return ""
    fits = f", {VERDICTS[memory.fits]} {memory.gpu or 'the GPU'}" if memory.fits != "unknown" else ""
    return f"peak {memory.peak_gb:.1f} GB ({memory.low_gb:.1f} to {memory.high_gb:.1f}) for one GPU{fits}"


def _hours(report: CostReport) -> str:
    time = report.time
    if time is None:
        return ""
    value, low, high, unit = duration(time.hours, time.low, time.high)
    return f"{value} {unit} ({low} to {high})"


def table_of(report: CostReport) -> str:
    """Return in Markdown all that is known: values with their intervals and what they rest on, and what is not known."""
    if report.model is None:
        return ""
    rows = [*_estimates(report), *_sizes(report)]  # an editor shows the first lines of a hover
    table = ["| | | from | to | |", "|---|---:|---:|---:|---|"]
    table += [f"| {' | '.join(map(_unbroken, row[:-1]))} | {_escaped(row[-1])} |" for row in rows]
    pieces = ["\n".join(table)] if rows else []
    fix = report.memory.cheapest_fix if report.memory is not None else None
    if fix is not None:
        pieces.append(f"would fit with `{fix.key}: {str(fix.value).lower()}`: {fix.peak_gb:.1f} GB")
    for title, notes in (("Rests on", report.assumptions), ("Not known", report.missing)):
        if notes:
            pieces.append("\n".join([f"**{title}**", "", *(f"- {note}" for note in notes)]))
    return "\n\n".join(pieces)


def _escaped(cell: str) -> str:
    return cell.replace("|", "\\|")


def _unbroken(cell: str) -> str:
    """Return a short cell that stays in one line, whatever the last one of its row takes."""
    return _escaped(cell).replace(" ", "\N{NO-BREAK SPACE}")


Row = tuple[str, str, str, str, str]


def _sizes(report: CostReport) -> Iterator[Row]:
    model, steps, tokens = report.model, report.steps, report.tokens
    if model is not None and model.params:
        trained = f"{significant(model.trainable / 1e6, 4)} million trained" if model.trainable else ""
        yield "parameters", f"{significant(model.params / 1e9, 3)} billion", "", "", trained
    if steps is not None and steps.total is not None:
        yield "steps", f"{steps.total:,}", "", "", f"{steps.per_epoch:,} an epoch" if steps.per_epoch is not None else ""
    if tokens is not None and tokens.billed is not None:
        epochs = f", {steps.epochs:g} epoch{'s' if steps.epochs != 1 else ''}" if steps is not None and steps.epochs else ""
        yield "tokens", f"{tokens.billed:,}", "", "", f"{tokens.per_epoch:,} an epoch{epochs}" if tokens.per_epoch else ""


def _estimates(report: CostReport) -> Iterator[Row]:
    memory, time, paid = report.memory, report.time, report.money
    if memory is not None:
        parts = ", ".join(
            f"{name} {size:.1f}" for name, size in msgspec.structs.asdict(memory.parts).items() if size >= _SHOWN_GB
        )
        gpu = f"{VERDICTS[memory.fits]} the {memory.gpu_gb:g} GB of {memory.gpu or 'the GPU'}; " if memory.gpu_gb else ""
        yield "**memory**, one GPU", f"**{memory.peak_gb:.1f} GB**", f"{memory.low_gb:.1f}", f"{memory.high_gb:.1f}", gpu + parts
    if time is not None:
        speed = f"{time.tokens_per_second:,.0f} tokens a second for one GPU"
        value, low, high, unit = duration(time.hours, time.low, time.high)
        yield "**time**", f"**{value} {unit}**", low, high, speed
    if paid is not None:
        yield "**money**", f"**{money(paid.usd)}**", money(paid.low), money(paid.high), f"as of {paid.as_of}: {paid.source}"
