"""``tunelint prompt``: the few-shot prompt that a dataset makes."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from tunelint import __version__
from tunelint.advice.prompt import BUDGET, COUNT, Prompt, material_of, prompt_of
from tunelint.advice.reply import Usage
from tunelint.advice.spending import cost_of
from tunelint.advice.writers import About, form_for, forms, write
from tunelint.cli.console import Console, UsageError, write_atomically
from tunelint.cli.options import add_settings_options, finder_of, overrides_of
from tunelint.core.errors import UserError
from tunelint.costs.prices import CallPrice, PriceBook
from tunelint.engine.drawing import Drawing, draw_examples, sampling
from tunelint.engine.linter import Linter
from tunelint.engine.sources import open_source
from tunelint.settings import Resolved, resolve
from tunelint.settings.use import use_of
from tunelint.tokens import counter_for

__all__ = ["DEFAULT_MODEL", "DESCRIPTION", "HELP", "Priced", "add_arguments", "draw", "naming", "priced", "run"]

HELP: Final = "write the few-shot prompt that a dataset makes"
DESCRIPTION: Final = (
    "Make a prompt from a dataset: instructions and answer format found in it, and the examples that stand for most others. "
    "Nothing is sent anywhere."
)
DEFAULT_MODEL: Final = "gpt-4.1-mini"
_DEFAULT_PROVIDER: Final = "openai"
_DEFAULT_FORM: Final = "openai"
_MOST_TESTS: Final = 100
_MOST_LINES: Final = 8


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    parser.add_argument("path", metavar="PATH", help="a dataset")
    parser.add_argument("-o", "--output", metavar="FILE", help="where to write it (default: standard output)")
    parser.add_argument("--output-format", choices=forms(), help="default: what the file's name ends with, else openai")
    parser.add_argument("--count", metavar="N", type=int, help=f"examples at most (default: {COUNT}, or one a label)")
    parser.add_argument(
        "--budget", metavar="TOKENS", type=int, default=BUDGET, help=f"tokens that the examples may take (default: {BUDGET})"
    )
    parser.add_argument("--tests", metavar="N", type=int, default=_MOST_TESTS, help="held-out rows in a promptfoo file at most")
    parser.add_argument("--model", metavar="NAME", help=f"the model to be asked (default: the target's, else {DEFAULT_MODEL})")
    parser.add_argument("--jobs", metavar="N", type=int, help="processes for large files (default: all cores)")
    parser.add_argument("--no-progress", action="store_true", help="show no progress on a terminal")
    parser.add_argument("-q", "--quiet", action="store_true", help="say nothing beside the prompt")
    parser.add_argument("--verbose", action="store_true", help="show tracebacks of crashes")
    add_settings_options(parser)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Write the prompt."""
    path = Path(arguments.path)
    output = Path(arguments.output) if arguments.output and arguments.output != "-" else None
    form = arguments.output_format or _form(output)
    _check(arguments, path, output)
    resolved = resolve(path, finder_of(arguments).find(path.parent), overrides_of(arguments))
    linter, drawing = draw(path, resolved, arguments.jobs, console)
    encoding = linter.context.encoding
    with naming(path):
        material = material_of(drawing.drawn, drawing.flagged)
        prompt = prompt_of(material, counter_for(encoding).count, arguments.count, arguments.budget)
    about = _about(arguments, path, drawing, prompt, linter, priced(resolved, arguments.model))
    pieces = list(write(form, prompt, about))
    if output is None:
        console.write(pieces)
    else:
        write_atomically(output, pieces)
    for line in _said(prompt, about, path, output):
        console.note(line)
    return 0


def _check(arguments: argparse.Namespace, path: Path, output: Path | None) -> None:
    if arguments.count is not None and arguments.count < 0:
        raise UsageError("--count wants a number of examples, not below 0")
    if arguments.budget < 1:
        raise UsageError("--budget wants a number of tokens above 0")
    if arguments.jobs is not None and arguments.jobs < 1:
        raise UsageError("--jobs wants a number above 0")
    if arguments.tests < 0:
        raise UsageError("--tests wants a number of rows, not below 0")
    if output is not None and output.exists() and path.exists() and output.samefile(path):
        raise UsageError(f"{output} is the dataset itself; give the prompt another name")


def _form(output: Path | None) -> str:
    if output is None:
        return _DEFAULT_FORM
    form = form_for(output.name)
    if form is None:
        raise UsageError(f"{output}: which form is that? .json, .md, .yaml and .py are known, or say --output-format")
    return form


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Put the name of the dataset before what cannot be done with it."""
    try:
        yield
    except UserError as problem:
        raise UsageError(f"{path}: {problem}") from problem


def draw(path: Path, resolved: Resolved, jobs: int | None, console: Console) -> tuple[Linter, Drawing]:
    """Read a dataset: its sample and what the rules say of it."""
    source = open_source(path, str(path))
    step = console.stepper(str(path), source.facts.size)
    linter = Linter(source, sampling(resolved.request), step)
    return linter, draw_examples(path, linter, jobs or resolved.values.get("jobs"), step)


class Priced(msgspec.Struct, frozen=True):
    """The model that is asked, and what its calls cost; without a price where none is known."""

    model: str
    price: CallPrice | None = None
    as_of: str = ""


def priced(resolved: Resolved, model: str | None, *, tuned: bool = False) -> Priced:
    """Return the model to be asked, as the user, the target or nobody says, with the price of its calls, or of a tuned one's."""
    target = resolved.request.target
    named = model or resolved.request.model or (target.default_model if target is not None else "") or DEFAULT_MODEL
    provider = target.name if target is not None else _DEFAULT_PROVIDER
    found = PriceBook(use_of(resolved.values).prices).find(provider, base_of(named) if tuned else named)
    price = (found.tuned if tuned else found.base) if found is not None else None
    return Priced(named, price, found.as_of) if found is not None and price is not None else Priced(named)


def base_of(tuned: str) -> str:
    """Return the model that a tuned one was made from, as its name says: ``ft:gpt-4.1-mini:me::1`` is ``gpt-4.1-mini``."""
    return tuned.split(":")[1] if tuned.startswith("ft:") and tuned.count(":") > 1 else tuned


def _about(arguments: argparse.Namespace, path: Path, drawing: Drawing, prompt: Prompt, linter: Linter, model: Priced) -> About:
    origins = linter.source.fetch([shot.handle for shot in prompt.shots if isinstance(shot.handle, int)])
    usd = cached = None
    if model.price is not None:
        whole = prompt.tokens + prompt.request_tokens
        usd = 1_000 * cost_of(model.price, Usage(whole, prompt.answer_tokens))
        if model.price.cached is not None:
            cached = 1_000 * cost_of(model.price, Usage(whole, prompt.answer_tokens, prompt.tokens))
    return About(
        dataset=path.name,
        records=drawing.records,
        content=drawing.content,
        lines=tuple(sorted(origin.line for _, origin in origins.values())),
        version=__version__,
        model=model.model,
        encoding=linter.context.encoding,
        most_tests=arguments.tests,
        usd_per_1k=usd,
        usd_per_1k_cached=cached,
        as_of=model.as_of,
    )


def _said(prompt: Prompt, about: About, path: Path, output: Path | None) -> list[str]:
    """Return what there is to know of the prompt."""
    chosen = prompt.chosen
    where = f"{output}: " if output is not None else ""
    lines = ", ".join(map(str, about.lines[:_MOST_LINES])) + (", …" if len(about.lines) > _MOST_LINES else "")
    from_lines = f" (lines {lines})" if lines else ""
    said = [
        f"{where}{_many(len(prompt.shots), 'example')}{from_lines}, {prompt.tokens:,} tokens before the request",
        f"for {chosen.covered:.0%} of the records the examples show all that the answer is made of",
    ]
    if len(prompt.task.labels) == 1:
        said.append(f"all answers are {prompt.task.labels[0]!r}: there is nothing to ask a model")
    if chosen.missing:
        first = ", ".join(chosen.missing[:3])
        said.append(f"not shown: {_many(len(chosen.missing), 'label')}, such as {first}; --count and --budget allow more")
    if about.usd_per_1k is None:
        said.append(f"no price is known for {about.model}: give one under [[costs.prices]] in the settings")
    else:
        cached = f", ${about.usd_per_1k_cached:,.2f} with the prompt cached" if about.usd_per_1k_cached is not None else ""
        said.append(f"${about.usd_per_1k:,.2f} for 1,000 calls of {about.model}{cached} (prices of {about.as_of})")
    said.append(f"whether that is good enough: tunelint measure {path}")
    return said


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
