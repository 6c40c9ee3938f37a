"""What a dataset comes to, in a few lines for a person: records, tokens, cost, and whether to fine-tune on it at all."""

from collections.abc import Iterable, Iterator
from typing import Final

from tunelint.core.diagnostic import Diagnostic, FileReport
from tunelint.report.style import Painter, plural, visible

__all__ = ["block", "taken_for"]

_LABEL: Final = 9
_WIDTH: Final = 100
_LEAST_WIDTH: Final = 30
_COST: Final = "CST001"
"""The rule that says what a run costs; its evidence carries the numbers."""

_REGISTRY: Final = "dataset-info"
"""What a config is called that is no run's, but lists the datasets that runs may name."""

_WHOLE_FROM: Final = 1_000
_SURE: Final = 0.995


def block(report: FileReport, found: Iterable[Diagnostic], paint: Painter, columns: int = 0) -> Iterator[str]:
    """Yield the name of a file and, of a dataset with records, one line a fact below it."""
    if report.kind != "dataset" or not report.records:
        yield f"{paint(visible(report.path), 'bold')}: {', '.join(taken_for(report))}\n"
        return
    import textwrap  # only for a person

    yield f"{paint(visible(report.path), 'bold')}\n"
    room = min(_WIDTH, max(columns - _LABEL - 2, _LEAST_WIDTH)) if columns else _WIDTH
    for label, text in _facts(report, found):
        first, *rest = textwrap.wrap(visible(text), room, break_long_words=False) or [""]
        yield f"  {paint(f'{label:{_LABEL}}', 'dim')}{first}\n"
        for more in rest:
            yield f"  {'':{_LABEL}}{more}\n"


def taken_for(report: FileReport) -> list[str]:
    """Return what a file was taken for, in some words each."""
    config = report.kind == "config"
    parts = [_config_of(report.format)] if config else [plural(report.records, "record")]
    if report.format is not None and not config:
        sure = "" if report.confidence >= _SURE else f" ({report.confidence:.0%} of them)"
        parts.append(f"{report.format}{sure}")
    elif report.records and not config:
        parts.append("no known format")
    if report.method not in {None, "sft"}:
        parts.append(str(report.method))
    if report.target:
        parts.append(f"for {report.target}")
    if report.fixed:
        parts.append(f"{report.fixed:,} fixed")
    if report.baselined:
        parts.append(f"{report.baselined:,} in the baseline")
    return parts


def _config_of(name: str | None) -> str:
    from tunelint.trainers import find_trainer  # whoever has a report on a config has it loaded

    trainer = find_trainer(name or "")
    title = trainer.title if trainer is not None else name
    return f"{title}'s list of datasets" if name == _REGISTRY else f"config of {title}"


def _facts(report: FileReport, found: Iterable[Diagnostic]) -> Iterator[tuple[str, str]]:
    count, *rest = taken_for(report)
    yield "records", ", ".join([count.partition(" ")[0], *rest])
    tokens = report.tokens
    if tokens is not None and tokens.total:
        about = "" if tokens.exact else "about "
        share = tokens.trained / tokens.total
        each = tokens.total / report.records
        yield "tokens", f"{about}{tokens.total:,}, {share:.0%} of them trained; {each:,.0f} an example ({tokens.encoding})"
        yield "cost", _cost(report, found)
    if report.opinion is not None:
        opinion = report.opinion
        sure = "" if opinion.strength == "strong" else ", as far as a base rate says it"
        reason = f": {opinion.says}" if opinion.says else ""
        yield "verdict", f"{opinion.title}{sure}{reason}"


def _cost(report: FileReport, found: Iterable[Diagnostic]) -> str:
    said = next((one.evidence for one in found if one.code == _COST and one.path == report.path and one.evidence), None)
    if said is None:
        return f"name the model to know it: --target {report.target or 'PROVIDER'}/MODEL"
    span = f" ({_usd(said['low'])} to {_usd(said['high'])})" if said["low"] != said["high"] else ""
    epochs = plural(said["epochs"], "epoch")
    dated = f", prices of {said['as_of']}" if said["as_of"] else ""
    return f"{_usd(said['usd'])}{span} for {epochs}{dated}"


def _usd(value: float) -> str:
    return f"${value:,.2f}" if value < _WHOLE_FROM else f"${value:,.0f}"
