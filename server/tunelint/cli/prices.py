"""``tunelint prices``: the prices that estimates rest on, with their dates; and how to get newer ones."""

import argparse
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

import msgspec

from tunelint.cli.console import Console, UsageError, write_atomically
from tunelint.costs.hardware import Gpu, all_gpus
from tunelint.costs.prices import CallPrice, Price, hosted_prices
from tunelint.costs.refreshed import refreshed_file, refreshed_prices

__all__ = ["DESCRIPTION", "HELP", "add_arguments", "run"]

HELP: Final = "show or refresh the prices that estimates rest on"
DESCRIPTION: Final = (
    "Show the prices of training, calls and GPU hours with their dates and sources. `update` reads newer prices of calls over "
    "the network, and says from which address."
)
_UNKNOWN: Final = "–"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    parser.add_argument("action", nargs="?", choices=("show", "update"), default="show")
    parser.add_argument("--installed", action="store_true", help="with update: take the prices of the installed package, offline")
    parser.add_argument("--provider", metavar="NAME", help="only this provider's")
    parser.add_argument("--output-format", choices=("text", "json"), default="text")


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Show the prices, or refresh them."""
    if arguments.action == "update":
        _update(console, installed=arguments.installed)
        return 0
    refreshed = list(refreshed_prices().values())
    if arguments.provider is None:
        wanted, gpus = list(hosted_prices()), all_gpus()
    else:
        wanted, gpus = [one for one in (*hosted_prices(), *refreshed) if one.provider == arguments.provider], ()
    if not wanted:
        raise UsageError(f"no prices of {arguments.provider!r} are known; `tunelint prices` shows whose are")
    if arguments.output_format == "json":
        shown = {"hosted": wanted, "gpus": list(gpus)}
        console.write([msgspec.json.format(msgspec.json.encode(shown), indent=2).decode() + "\n"])
    else:
        console.write(_table(wanted, gpus))
        if refreshed and arguments.provider is None:
            names = ", ".join(sorted({one.provider for one in refreshed}))
            console.write([f"{len(refreshed):,} refreshed prices of calls beside these; --provider shows those of {names}\n"])
    return 0


def _update(console: Console, *, installed: bool) -> None:
    from tunelint.costs.refresh import bundled_prices, fetch_prices, source_url

    today = datetime.now(tz=UTC).date()
    if installed:
        prices = bundled_prices(today)
    else:
        url = source_url()
        console.note(f"reading {url}")
        prices = fetch_prices(today, url)
    file = refreshed_file()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise UsageError(f"{file.parent}: cannot be made ({problem.strerror})") from problem
    write_atomically(file, [msgspec.json.format(msgspec.json.encode(prices), indent=1).decode() + "\n"])
    console.write([f"{len(prices):,} prices of calls as of {today} in {file}\n"])


def _table(prices: Sequence[Price], gpus: Sequence[Gpu]) -> Iterator[str]:
    yield (
        "US dollars for a million tokens: training; input, cached input, output of the base and of the tuned model; "
        "and for an hour of a tuned model that is deployed\n\n"
    )
    widest = max(len(one.name) for one in prices) + 2
    yield f"{'provider':11}{'model':{widest}}{'training':>12}{'base':>24}{'tuned':>24}{'hosting/h':>11}  as of\n"
    for one in prices:
        training = _range(one.training) if one.training is not None else _UNKNOWN
        hosting = f"{one.hosting_usd_hour:g}" if one.hosting_usd_hour is not None else _UNKNOWN
        calls = f"{_call(one.base):>24}{_call(one.tuned):>24}"
        yield f"{one.provider:11}{one.name:{widest}}{training:>12}{calls}{hosting:>11}  {one.as_of}\n"
    if gpus:
        yield "\nUS dollars an hour for one GPU\n\n"
        yield f"{'GPU':14}{'memory':>10}{'TFLOPS':>8}{'low':>8}{'typical':>9}{'high':>8}  as of\n"
    for gpu in gpus:
        hours = gpu.usd_hour if gpu.usd_hour is not None else (None, None, None)
        low, typical, high = (f"{hour:.2f}" if hour is not None else _UNKNOWN for hour in hours)
        yield f"{gpu.name:14}{gpu.memory_gb:>7.1f} GB{gpu.tflops:>8.0f}{low:>8}{typical:>9}{high:>8}  {gpu.as_of}\n"
    yield "\nSources\n"
    for source in dict.fromkeys([*(one.source for one in prices), *(one.source for one in gpus)]):
        yield f"  {source}\n"
    yield "\nYour own prices go under [[costs.prices]] and [hardware] in the settings. "
    yield "`tunelint prices update` refreshes those of calls.\n"


def _range(training: tuple[float, float]) -> str:
    low, high = training
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def _call(price: CallPrice | None) -> str:
    if price is None:
        return _UNKNOWN
    cached = f"{price.cached:g}" if price.cached is not None else _UNKNOWN
    return f"{price.input:g} / {cached} / {price.output:g}"
