"""``tunelint measure``: what a prompt scores on rows that it was not made from, asked of a real model."""

import argparse
import math
from typing import Final

from tunelint.advice.files import MEASURED
from tunelint.advice.prompt import BUDGET, COUNT
from tunelint.advice.ways import ROWS, WAYS
from tunelint.cli.console import Console, UsageError
from tunelint.cli.options import add_settings_options

__all__ = ["DESCRIPTION", "HELP", "add_arguments", "run"]

HELP: Final = "measure a prompt on held-out rows against a real endpoint"
DESCRIPTION: Final = (
    "Ask a model the held-out rows of a dataset: without examples, with chosen ones, with the nearest ones, and a tuned model "
    "beside them. Rows of the dataset are sent to the endpoint, but not before you saw the price and agreed. Answers "
    f"are kept, so a run that was stopped goes on. The result is kept in {MEASURED} beside the dataset."
)

_ALL_WAYS: Final = ",".join(WAYS)
_BASE: Final = "OPENAI_BASE_URL"
_KEY: Final = "OPENAI_API_KEY"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    parser.add_argument("path", metavar="PATH", help="a dataset")
    asked = parser.add_argument_group("what is asked")
    asked.add_argument("--ways", metavar="WAYS", default=_ALL_WAYS, help=f"some of {_ALL_WAYS} (default: all)")
    asked.add_argument("--rows", metavar="N", type=int, help=f"held-out rows that are asked (default: {ROWS})")
    asked.add_argument(
        "--half-width", metavar="SHARE", type=float, help="as many rows as narrow the interval to this on each side"
    )
    asked.add_argument("--count", metavar="N", type=int, help=f"examples at most (default: {COUNT}, or one a label)")
    asked.add_argument("--budget", metavar="TOKENS", type=int, default=BUDGET, help=f"tokens of examples (default: {BUDGET})")
    asked.add_argument("--goal", metavar="SHARE", type=float, help="the score that is good enough, 0 to 1")
    models = parser.add_argument_group("who is asked")
    models.add_argument("--endpoint", metavar="URL", help=f"OpenAI-compatible (default: ${_BASE}, else OpenAI)")
    models.add_argument("--key-env", metavar="NAME", default=_KEY, help=f"environment variable with the key (default: {_KEY})")
    models.add_argument("--model", metavar="NAME", help="the model (default: the target's)")
    models.add_argument("--tuned-model", metavar="NAME", help="a model tuned on this dataset, to be compared on the same rows")
    models.add_argument("--tuned-endpoint", metavar="URL", help="its address (default: the same)")
    models.add_argument("--tuned-key-env", metavar="NAME", help="environment variable with the key of that address")
    models.add_argument("--judge", metavar="MODEL", help="a model that compares each answer with the dataset's, in both orders")
    models.add_argument("--max-tokens", metavar="N", type=int, help="of an answer; more for models that think before they answer")
    models.add_argument("--concurrency", metavar="N", type=int, default=8, help="requests at a time (default: 8)")
    models.add_argument("--per-minute", metavar="N", type=float, help="requests a minute at most")
    models.add_argument("--timeout", metavar="SECONDS", type=float, default=120.0, help="for one answer (default: 120)")
    money = parser.add_argument_group("what it may cost")
    money.add_argument("--yes", action="store_true", help="agree to the price without being asked")
    money.add_argument("--dry-run", action="store_true", help="show the price and send nothing")
    money.add_argument("--max-usd", metavar="USD", type=float, help="spend no more than this, earlier runs counted")
    money.add_argument("--max-calls", metavar="N", type=int, help="send no more requests than this")
    money.add_argument("--input-usd", metavar="USD", type=float, help="price of a million tokens read, instead of the table's")
    money.add_argument("--output-usd", metavar="USD", type=float, help="price of a million tokens written")
    parser.add_argument("--jobs", metavar="N", type=int, help="processes for large files (default: all cores)")
    parser.add_argument("--output-format", choices=("text", "json"), default="text")
    parser.add_argument("--color", choices=("auto", "always", "never"), default="auto")
    parser.add_argument("--no-progress", action="store_true", help="show no progress on a terminal")
    parser.add_argument("--verbose", action="store_true", help="show tracebacks of crashes")
    add_settings_options(parser)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Measure one dataset."""
    _check(arguments)
    from tunelint.cli.measuring import measure  # the client of HTTP takes 100 ms to load

    return measure(arguments, console)


def _check(arguments: argparse.Namespace) -> None:
    above_zero = ("rows", "jobs", "max_tokens", "half_width", "budget", "concurrency", "per_minute", "timeout", "max_calls")
    for option in (*above_zero, "max_usd", "input_usd", "output_usd", "goal", "count"):
        value = getattr(arguments, option)
        if value is not None and not (0 < value < math.inf or (value == 0 and option not in above_zero)):
            least = "above 0" if option in above_zero else "not below 0"
            raise UsageError(f"--{option.replace('_', '-')} wants a number {least}")
    named = [word.strip() for word in arguments.ways.split(",")]
    if not set(named) <= set(WAYS):
        raise UsageError(f"--ways wants some of {_ALL_WAYS}, not {arguments.ways!r}")
    if arguments.goal is not None and arguments.goal > 1:
        raise UsageError("--goal wants a share from 0 to 1, such as 0.9")
    if arguments.rows is not None and arguments.half_width is not None:
        raise UsageError("give --rows or --half-width, not both")
    if (arguments.input_usd is None) != (arguments.output_usd is None):
        raise UsageError("--input-usd and --output-usd go together")
    if arguments.tuned_endpoint and not arguments.tuned_model:
        raise UsageError("--tuned-endpoint needs --tuned-model")
