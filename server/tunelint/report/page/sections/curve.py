"""What more examples add: scores of learners without knowledge, by the number of examples that they saw."""

from typing import TYPE_CHECKING, Final

from tunelint.advice.intervals import wilson
from tunelint.advice.sample import FEW
from tunelint.report.page.figure import figure, line_legend
from tunelint.report.page.html import capital, data_table, tag
from tunelint.report.page.reading import Reading
from tunelint.report.page.subject import Plot, Section

if TYPE_CHECKING:
    from tunelint.advice.solvers import Solvers

__all__ = ["section"]

_TITLE: Final = "Would more examples help?"
_RIGHT: Final = "share of right answers"


def section(reading: Reading) -> Section | None:
    """Return the learning curve; None for data without requests and answers."""
    signals = reading.signals
    if signals is None:
        return None
    if len(signals.study.rows) < FEW:
        return Section("curve", _TITLE, tag("p", f"With fewer than {FEW} different records there is no curve to draw."))
    solvers = signals.solvers
    points = _points(solvers)
    score = _metric(solvers)
    plot = Plot("curve", {"points": points, "floor": solvers.floor, "score": score})
    last = solvers.curve[-1]
    said = (
        f"Line plot of {score} by number of examples. With {solvers.sizes[-1]:,} examples the better learner scores {last:.1%}, "
        f"with {solvers.sizes[0]:,} {solvers.curve[0]:.1%}; without looking at the request {solvers.floor:.1%}."
    )
    note = (
        f"{capital(score)} on {len(solvers.asked):,} records that the learner did not see, with 95% intervals "
        f"({_interval(solvers)}). "
        "A high score says that a prompt with examples or a small classifier is enough; a low one says nothing."
    )
    table = data_table(
        f"{capital(score)} by number of examples, with 95% intervals",
        ("learner", "examples", "score", "low", "high"),
        [
            (one["learner"], one["examples"], *(f"{one[key]:.1%}" for key in ("score", "low", "high")))
            for one in points
        ],
    )  # fmt: skip
    legend = line_legend(dict.fromkeys(str(one["learner"]) for one in points))
    return Section("curve", _TITLE, figure(plot, said, note, table, legend=legend), (plot,))


def _metric(solvers: "Solvers") -> str:
    if solvers.letters:
        return "similarity of letters (chrF)"
    return "F1 of fields" if solvers.study.task.kind in {"json", "tool"} else _RIGHT


def _interval(solvers: "Solvers") -> str:
    """Say what the intervals are. No scores from 0 to 1 vary more than right and wrong do, so Wilson's errs on the safe side."""
    return "Wilson" if _metric(solvers) == _RIGHT else "Wilson's for shares, which is wider than need be for such scores"


def _points(solvers: "Solvers") -> list[dict[str, object]]:
    curves = {"nearest example": solvers.nearest_curve, "linear model": solvers.linear_curve}
    asked = len(solvers.asked)
    found: list[dict[str, object]] = []
    for learner, scores in curves.items():
        for size, score in zip(solvers.sizes, scores, strict=False):
            interval = wilson(score * asked, asked)
            found.append(
                {"learner": learner, "examples": size, "score": score, "low": interval.low, "high": interval.high}
            )  # fmt: skip
    return found
