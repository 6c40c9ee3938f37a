"""What a training config takes: memory at its peak and what that is made of, hours, and money."""

from typing import Final

from tunelint.costs.report import CostMemory, CostReport
from tunelint.report.page.figure import figure
from tunelint.report.page.html import Html, bullets, data_table, details, joined, tag
from tunelint.report.page.sections.money import dollars
from tunelint.report.page.subject import Plot, Section
from tunelint.text.numbers import plain, significant

__all__ = ["section"]

_FITS: Final = {
    "yes": ("fits", "good"),
    "tight": ("is a tight fit", "bad"),
    "no": ("does not fit", "bad"),
    "unknown": ("is all that is known: name the GPU under [hardware] to hear whether it fits", ""),
}
_SMALLEST: Final = 0.005


def section(report: CostReport) -> Section:
    """Return what the run of a config takes."""
    title = "What does the run take?"
    parts: list[Html] = []
    plots: tuple[Plot, ...] = ()
    if report.memory is not None:
        plot = _plot(report.memory)
        plots = (plot,)
        parts += [_lead(report.memory), _figure(plot, report.memory)]
    rows = list(_rows(report))
    if rows:
        parts.append(data_table(f"The run of {report.path}", ("what", "value", "interval"), rows))
    lists = [("Rests on", report.assumptions), ("Not known", report.missing)]
    parts += [details(words, bullets(items)) for words, items in lists if items]
    return Section("run", title, joined(parts or [tag("p", "Nothing is known of it.")]), plots)


def _rows(report: CostReport) -> list[tuple[str, str, str]]:
    rows = []
    if report.model is not None and report.model.params:
        trainable = f"{report.model.trainable:,} of them trained" if report.model.trainable else ""
        rows.append((f"parameters of {report.model.name}", f"{report.model.params:,}", trainable))
    if report.steps is not None and report.steps.total:
        rows.append(
            ("optimizer steps", f"{report.steps.total:,}", f"{plain(report.steps.epochs)} epochs" if report.steps.epochs else "")
        )
    if report.time is not None:
        time = report.time
        rows.append(("hours", significant(time.hours, 3), f"{significant(time.low, 3)} to {significant(time.high, 3)}"))
    if report.money is not None:
        money = report.money
        dated = f"{dollars(money.low)} to {dollars(money.high)}, as of {money.as_of}"
        rows.append(("US dollars", dollars(money.usd), dated))
    return rows


def _lead(memory: CostMemory) -> Html:
    words, look = _FITS[memory.fits]
    gpu = f" {memory.gpu}" if memory.gpu else ""
    size = f" on {memory.gpu_gb:g} GB of{gpu or ' one GPU'}" if memory.gpu_gb else ""
    fix = memory.cheapest_fix
    help_ = f" The cheapest change: {fix.key} = {fix.value}, which takes {fix.peak_gb:.1f} GB." if fix is not None else ""
    peak = f"{memory.peak_gb:.1f} GB ({memory.low_gb:.1f} to {memory.high_gb:.1f}) at the peak"
    return tag("p", f"{peak} {words}{size}.{help_}", class_=f"lead {look}")


def _plot(memory: CostMemory) -> Plot:
    parts = [
        {"part": name, "gb": getattr(memory.parts, name)}
        for name in memory.parts.__struct_fields__
        if getattr(memory.parts, name) >= _SMALLEST
    ]
    data = {"parts": parts, "low": memory.low_gb, "high": memory.high_gb, "gpu": memory.gpu_gb, "name": memory.gpu or "GPU"}
    return Plot("memory", data)


def _figure(plot: Plot, memory: CostMemory) -> Html:
    parts = sorted(plot.data["parts"], key=lambda one: -one["gb"])
    said = "Bars of what the peak of one GPU is made of, in GB: " + ", ".join(f"{one['part']} {one['gb']:.2f}" for one in parts)
    table = data_table(
        "What the peak is made of", ("part", "GB of 10^9 bytes"), [(one["part"], f"{one['gb']:.2f}") for one in parts]
    )
    note = f"Memory of one GPU at the worst moment of a step, {memory.low_gb:.1f} to {memory.high_gb:.1f} GB in all."
    return figure(plot, said, note, table)
