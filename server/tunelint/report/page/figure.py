"""A plot with what stands for it where it cannot be seen: a text, and its numbers as a table."""

from collections.abc import Iterable
from typing import Final

from tunelint.report.page.html import Html, details, tag
from tunelint.report.page.subject import Plot

__all__ = ["figure", "line_legend"]


_DASHES: Final = ("none", "7 4", "2 3", "10 3 2 3", "4 2")
"""How the script dashes the lines of a plot, in their order."""


def line_legend(names: Iterable[str]) -> Html:
    """Return the legend of lines, in the order in which they are drawn."""
    items = []
    for index, name in enumerate(names):
        line = tag("path", d="M0 5h26", stroke_dasharray=_DASHES[index % len(_DASHES)], class_=f"s{index % 7}")
        items.append(tag("li", tag("svg", line, viewBox="0 0 26 10", class_="key line", aria_hidden="true"), f" {name}"))
    return tag("ul", *items, class_="legend")


def figure(plot: Plot, says: str, note: str, table: Html, *, legend: Html | None = None) -> Html:
    """Return the figure of a plot; `says` is read in its place, `note` below it by everyone."""
    return tag(
        "figure",
        legend,
        tag("div", class_="plot", data_plot=plot.kind, role="img", aria_label=says),
        tag("figcaption", note),
        details("The numbers", table),
    )
