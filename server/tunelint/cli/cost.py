"""``tunelint cost``: what a run costs, and when it pays back."""

import argparse
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import msgspec

from tunelint.cli.console import Console, UsageError
from tunelint.cli.cost_config import ConfigCoster, open_training_config
from tunelint.cli.costs_text import write_report
from tunelint.cli.options import add_settings_options, finder_of, overrides_of
from tunelint.costs.dataset import Buyer, DatasetCounts, dataset_report
from tunelint.costs.hardware import all_gpus, find_gpu
from tunelint.costs.models import find_model
from tunelint.costs.prices import PriceBook
from tunelint.costs.refreshed import refreshed_prices
from tunelint.costs.report import CostReport
from tunelint.costs.use import Hardware, Use
from tunelint.engine.lengths import FileLengths, read_lengths
from tunelint.engine.linter import Linter
from tunelint.engine.plan import Selection
from tunelint.engine.sources import open_source
from tunelint.settings import Resolved, resolve
from tunelint.text.config import syntax_of

__all__ = ["DESCRIPTION", "HELP", "add_arguments", "costs_of_dataset", "run"]

HELP: Final = "say what training costs and when it pays back"
DESCRIPTION: Final = (
    "Estimate tokens, epochs and money of training on a dataset, and after how many calls it pays back against a prompt; of a "
    "training config also memory and hours on your GPU. Every number comes with its interval, date and source; what is not known "
    "is named."
)

_OPTIONS: Final = (
    ("training-usd", "USD", "what one training run costs, instead of the estimate"),
    ("epochs", "N", "epochs of a run, instead of the provider's default"),
    ("prompt-tokens", "N", "tokens of the static prompt that tuning would remove"),
    ("input-tokens", "N", "other input tokens of a call (default: the mean of the dataset)"),
    ("output-tokens", "N", "output tokens of a call (default: the mean of the dataset)"),
    ("cache-hit", "SHARE", "share of the calls that find the prompt in the cache, 0 to 1"),
    ("calls-per-month", "N", "calls a month"),
    ("hosting-usd-month", "USD", "hosting of the tuned model a month"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    parser.add_argument("path", metavar="PATH", help="a dataset or a training config")
    costs = parser.add_argument_group("costs", "what settings say under [costs] and [hardware], said here wins")
    for name, metavar, words in _OPTIONS:
        costs.add_argument(f"--{name}", metavar=metavar, type=float, help=words)
    costs.add_argument("--gpu", metavar="NAME", help="GPU that a config runs on, such as H100; `tunelint prices` lists them")
    costs.add_argument("--gpus", metavar="N", type=int, help="how many of them a run has")
    parser.add_argument("--output-format", choices=("text", "json"), default="text")
    parser.add_argument("--color", choices=("auto", "always", "never"), default="auto")
    parser.add_argument("--no-progress", action="store_true", help="show no progress on a terminal")
    parser.add_argument("--verbose", action="store_true", help="show tracebacks of crashes")
    add_settings_options(parser)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Print the costs of one file."""
    path = Path(arguments.path)
    finder, overrides = finder_of(arguments), overrides_of(arguments)
    resolved = resolve(path, finder.find(path.parent), overrides)
    use = _use(arguments, resolved)
    today = datetime.now(tz=UTC).date()
    config = open_training_config(path)
    if config is None and path.is_file() and syntax_of(path.name) in {"yaml", "toml"}:
        raise UsageError(f"{path}: no training config of a known tool")
    if config is not None:
        report = ConfigCoster(console, finder, overrides, today).report(config, resolved.request, use)
    else:
        report = costs_of_dataset(path, str(path), resolved, use, today, console)
    if arguments.output_format == "json":
        console.write([msgspec.json.format(msgspec.json.encode(report), indent=2).decode() + "\n"])
    else:
        console.write(write_report(report, use, color=console.color))
    return 0


def _use(arguments: argparse.Namespace, resolved: Resolved) -> Use:
    """Join what the command line says with the settings."""
    said = {}
    for name, _, _ in _OPTIONS:
        field = name.replace("-", "_")
        value = getattr(arguments, field)
        if value is not None:
            said[field] = _checked(name, value)
    use = msgspec.structs.replace(resolved.request.use, **said)
    return msgspec.structs.replace(use, hardware=_hardware(arguments, use.hardware))


def _hardware(arguments: argparse.Namespace, of_settings: Hardware) -> Hardware:
    """Return the GPUs of a run. A GPU that is named here has its own memory and price, not those that settings give another."""
    if arguments.gpus is not None and arguments.gpus < 1:
        raise UsageError("--gpus wants a number above 0")
    gpus = arguments.gpus if arguments.gpus is not None else of_settings.gpus
    if arguments.gpu is None:
        return msgspec.structs.replace(of_settings, gpus=gpus)
    if find_gpu(arguments.gpu) is None:
        raise UsageError(f"no GPU is called {arguments.gpu!r}; known are {', '.join(gpu.name for gpu in all_gpus())}")
    return Hardware(gpu=arguments.gpu, gpus=gpus)


def _checked(name: str, value: float) -> float:
    if name == "cache-hit" and not 0 <= value <= 1:
        raise UsageError("--cache-hit wants a share from 0 to 1")
    if not 0 <= value < float("inf") or (name == "epochs" and not value):
        raise UsageError(f"--{name} wants a number{' above 0' if name == 'epochs' else ', not below 0'}")
    return value


def costs_of_dataset(path: Path, name: str, resolved: Resolved, use: Use, today: date, console: Console) -> CostReport:
    """Return what training on the dataset of that name costs; raises UsageError where nothing in it can be counted."""
    request = msgspec.structs.replace(resolved.request, selection=Selection(frozenset()))
    source = open_source(path, name)
    linter = Linter(source, request)
    lengths = read_lengths(linter, console.stepper(name, source.facts.size))
    if not lengths.totals:
        raise UsageError(f"{name}: no record of a known format, so nothing can be counted; `tunelint check` says why")
    if len(lengths.totals) < lengths.records:
        console.note(f"{name}: {lengths.records - len(lengths.totals):,} of {lengths.records:,} records could not be read")
    context = linter.context
    model = context.model_limits
    counts = DatasetCounts(
        lengths=lengths.totals,
        trained=lengths.trained,
        encoding=context.encoding,
        exact=bool(request.tokenizer) or (model is not None and model.exact),
    )
    prices = PriceBook(use.prices, refreshed_prices())
    return dataset_report(name, counts, _buyer(resolved, linter, lengths), use, prices, today)


def _buyer(resolved: Resolved, linter: Linter, lengths: FileLengths) -> Buyer:
    target, context = resolved.request.target, linter.context
    if target is None:
        return Buyer()
    cut = context.limit if context.limit is not None and max(lengths.totals) > context.limit else None
    shape = find_model(context.model)
    return Buyer(
        provider=target.name,
        title=target.title,
        model=context.model,
        billions=shape.params / 1e9 if shape is not None else None,
        limit=cut,
        named=bool(resolved.request.model),
    )
