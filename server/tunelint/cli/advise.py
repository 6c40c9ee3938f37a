"""``tunelint advise``: whether to fine-tune on a dataset at all."""

import argparse
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from tunelint.advice.background import background
from tunelint.advice.measured import Measured, content_key, find_measured, read_measured
from tunelint.advice.prompt import BUDGET, COUNT
from tunelint.advice.reply import Usage
from tunelint.advice.scorecard import judged
from tunelint.advice.signals import Signals
from tunelint.advice.spending import cost_of
from tunelint.advice.study import Study
from tunelint.advice.verdict import Signal, Verdict
from tunelint.advice.ways import ROWS, WAYS
from tunelint.cli.advice_text import Offer, write_advice
from tunelint.cli.console import Console, UsageError, words_of
from tunelint.cli.cost import costs_of_dataset
from tunelint.cli.options import add_settings_options, finder_of, overrides_of
from tunelint.cli.prompt import priced
from tunelint.core.finding import Handle
from tunelint.costs.report import CostWay
from tunelint.engine.linter import Linter
from tunelint.engine.plan import Selection
from tunelint.engine.sources import SourceError, open_source
from tunelint.engine.sources.base import PARALLEL_FROM
from tunelint.engine.sources.opening import DATASET_SUFFIXES, plain_suffix
from tunelint.settings import Resolved, resolve
from tunelint.settings.search import STDIN, Found, excluder, find_files
from tunelint.tokens import counter_for

__all__ = ["DESCRIPTION", "HELP", "Advice", "add_arguments", "advise", "run"]

HELP: Final = "say whether to fine-tune on a dataset at all"
DESCRIPTION: Final = (
    "Judge whether a prompt, retrieval, structured outputs or fine-tuning suits a dataset, with every reason, its number, its "
    "threshold and its source, and say what each way costs. Nothing is sent anywhere."
)

_WANTED: Final = Selection(frozenset({"ADV002"}))
"""Any rule about the verdict makes the engine keep the sample."""

_HELD_SHARE: Final = 4
"""A measurement holds one row in so many out, ``ROWS`` at most, and asks each in all ``WAYS``."""


class Advice(NamedTuple):
    """All that is said of one file; `lines` are those of the verdict's evidence."""

    path: str
    records: int
    verdict: Verdict
    signals: tuple[Signal, ...]
    measured: Measured | None
    ways: list[CostWay]
    offer: Offer
    lines: dict[Handle, int]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    parser.add_argument("paths", metavar="PATH", nargs="+", help="datasets, and folders that are searched for them")
    parser.add_argument("--output-format", choices=("text", "json"), default="text")
    parser.add_argument("--no-costs", action="store_true", help="do not count tokens for the cost of each way")
    parser.add_argument("--model", metavar="NAME", help="the model to be measured, for the price of it")
    parser.add_argument("--jobs", metavar="N", type=int, help="processes for large files (default: all cores)")
    parser.add_argument("--color", choices=("auto", "always", "never"), default="auto")
    parser.add_argument("--no-progress", action="store_true", help="show no progress on a terminal")
    parser.add_argument("--verbose", action="store_true", help="show tracebacks of crashes")
    add_settings_options(parser)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Judge all files and return the exit code: 2 when one of them could not be."""
    if arguments.jobs is not None and arguments.jobs < 1:
        raise UsageError("--jobs wants a number above 0")
    finder, overrides = finder_of(arguments), overrides_of(arguments)
    found: list[Advice] = []
    failed = False
    for one in find_files(arguments.paths, excluder(finder)):
        try:
            if one.name == STDIN:
                raise UsageError("standard input cannot be read twice; name a file")
            resolved = resolve(one.path, finder.find(one.path.parent), overrides)
            advice = advise(one, resolved, arguments, console)
        except (SourceError, OSError, ValueError, ModuleNotFoundError) as problem:
            if arguments.verbose and not isinstance(problem, SourceError):
                raise
            failed = True
            console.complain(words_of(problem))
            continue
        if advice is not None:
            found.append(advice)
            if arguments.output_format == "text":
                console.write(write_advice(advice, resolved.request.use, color=console.color))
    if arguments.output_format == "json":
        document = {"files": [_object(one) for one in found]}
        console.write([msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"])
    elif not found and not failed:
        console.note(f"no dataset with requests and answers found in {', '.join(arguments.paths)}")
    return 2 if failed else 0


def advise(found: Found, resolved: Resolved, arguments: argparse.Namespace, console: Console) -> Advice | None:
    """Judge one file; None, with a note, where it holds no requests with answers."""
    source = open_source(found.path, found.name)
    step = console.stepper(found.name, source.facts.size)
    linter = Linter(source, msgspec.structs.replace(resolved.request, selection=_WANTED), step)
    if linter.context.format is None or linter.context.registry:
        if found.named:
            if plain_suffix(found.name) not in DATASET_SUFFIXES:
                raise ValueError(f"{found.name}: no dataset; name the one that is to be trained on")
            raise ValueError(f"{found.name}: no dataset of a known format; `tunelint check {found.name}` says what is missing")
        return None
    _read(found.path, linter, arguments.jobs, step)
    sample = linter.ledger.sample
    study = Study(linter.drawn(), sample.distinct)
    if not study.rows:
        if found.named:
            raise ValueError(f"{found.name}: no record has a request and an answer, so there is nothing to judge")
        return None
    signals = Signals(study)
    verdict = judged(signals)
    today = datetime.now(tz=UTC).date()
    ways = (
        []
        if arguments.no_costs
        else costs_of_dataset(found.path, found.name, resolved, resolved.request.use, today, console).ways
    )
    handles = [clue.handle for clue in verdict.clues if isinstance(clue.handle, int)]
    return Advice(
        found.name,
        linter.source.facts.records,
        verdict,
        (*verdict.signals, *background(signals, verdict)),
        find_measured(read_measured(found.path.parent), content_key(identity for identity, _ in sample.items())),
        ways,
        _offer(found.name, study, resolved, arguments.model),
        {handle: origin.line for handle, (_, origin) in linter.source.fetch(handles).items()} if handles else {},
    )


def _read(path: Path, linter: Linter, jobs: int | None, step: Callable[[int], None]) -> None:
    if (linter.source.facts.size or 0) >= PARALLEL_FROM:
        from tunelint.engine.pool import processes, read_in_processes

        if read_in_processes(path, linter, processes(jobs), step):
            return
    linter.read()


def _offer(name: str, study: Study, resolved: Resolved, model: str | None) -> Offer:
    """Return what a measurement would send, and its price where one is known."""
    count = counter_for("o200k_base").count
    pairs = [row.pair for row in study.rows[:ROWS]]
    request = sum(count(pair.request) for pair in pairs) / len(pairs)
    answer = sum(count(pair.answer) for pair in pairs) / len(pairs)
    instructions = sum(count(pair.instructions) for pair in pairs) / len(pairs)
    rows = min(ROWS, max(1, len(study.rows) // _HELD_SHARE))
    shots = min(COUNT, len(study.rows) - rows)
    shown = min(shots * (request + answer), BUDGET)
    read = len(WAYS) * (instructions + request) + (len(WAYS) - 1) * shown  # one way shows no examples
    usage = Usage(round(rows * read), round(rows * len(WAYS) * answer))
    chosen = priced(resolved, model)
    usd = cost_of(chosen.price, usage) if chosen.price is not None else None
    return Offer(name, rows, shots, usage.prompt + usage.completion, chosen.model, usd, chosen.as_of)


def _object(one: Advice) -> dict[str, Any]:
    verdict = one.verdict
    return {
        "path": one.path,
        "records": one.records,
        "verdict": verdict.verdict,
        "strength": verdict.strength,
        "leans": verdict.leans,
        "task": verdict.task,
        "hints": list(verdict.hints),
        "signals": list(one.signals),
        "measured": one.measured,
        "ways": one.ways,
    }
