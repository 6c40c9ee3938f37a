"""``tunelint tokens``: how many tokens files have under each tokenizer; and how to get the tokenizer of a model."""

import argparse
import importlib
import statistics
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from tunelint.cli.console import Console, UsageError, write_atomically
from tunelint.engine.lengths import FileLengths, read_lengths
from tunelint.engine.linter import Linter
from tunelint.engine.plan import Selection
from tunelint.engine.sources import open_source
from tunelint.settings import SettingsFinder, resolve
from tunelint.settings.resolve import Overrides
from tunelint.settings.search import excluder, find_files
from tunelint.tokens import ENCODINGS, Counter, counter_for

__all__ = ["DESCRIPTION", "HELP", "add_arguments", "run"]

HELP: Final = "count tokens under each tokenizer"
DESCRIPTION: Final = (
    "Count the tokens of datasets, or of any text, exactly and offline: under the encodings of OpenAI, the tokenizer that the "
    "settings name, and those that are named here. `tunelint tokens fetch MODEL` downloads the tokenizer.json of a model with "
    "the package huggingface_hub, and says from which address."
)

_FETCH: Final = "fetch"
_TOKENIZER: Final = "tokenizer.json"
_HUB: Final = "huggingface_hub"
_MOST: Final = 0.95
"""The share of the records that are not longer than the length named beside the median."""

_TEXTS: Final = frozenset({".txt", ".md", ".rst", ".py", ".html", ".jinja", ".j2", ".prompt"})
"""Suffixes of files that are counted as one text: what is asked of them is how long they are, not how long each line is."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    parser.add_argument(
        "paths", metavar="PATH", nargs="+", help="datasets, folders of them, and texts; or `fetch` and the name of a model"
    )
    parser.add_argument(
        "--tokenizer",
        metavar="NAME",
        action="append",
        help=f"{', '.join(ENCODINGS)}, or the path of a tokenizer.json; may be given again",
    )
    parser.add_argument("--output-format", choices=("text", "json"), default="text")
    parser.add_argument("--no-progress", action="store_true", help="show no progress on a terminal")
    parser.add_argument("--verbose", action="store_true", help="show tracebacks of crashes")
    parser.add_argument("--isolated", action="store_true", help="read no settings file")
    fetch = parser.add_argument_group("fetch")
    fetch.add_argument("-o", "--output", metavar="FILE", default=_TOKENIZER, help=f"where to (default: {_TOKENIZER})")
    fetch.add_argument("--revision", metavar="NAME", default="main", help="branch, tag or commit of the model (default: main)")
    fetch.add_argument("--force", action="store_true", help="replace a file that is there")


class Count(msgspec.Struct, frozen=True):
    """Tokens under one tokenizer, of all that was read; of a dataset also by record.

    `longest` is the longest sequence that a trainer makes of one: a pair of preference data makes two.
    """

    tokenizer: str
    total: int
    trained: int | None = None
    median: float | None = None
    p95: int | None = None
    longest: int | None = None


class Counted(msgspec.Struct, frozen=True):
    """What was counted of one file; `records` are those that could be read, None for a text."""

    path: str
    kind: Literal["dataset", "text"]
    format: str | None
    records: int | None
    unread: int
    tokens: list[Count]


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Count, or fetch a tokenizer."""
    if arguments.paths[0] == _FETCH and not Path(_FETCH).exists():
        _fetch(arguments, console)
        return 0
    finder = SettingsFinder(isolated=arguments.isolated)
    counted = [
        one
        for found in find_files(arguments.paths, excluder(finder))
        if (one := _count(found.path, found.name, finder, arguments.tokenizer or [], console, named=found.named)) is not None
    ]
    if not counted:
        raise UsageError("nothing to count: no dataset was found")
    if arguments.output_format == "json":
        console.write([msgspec.json.format(msgspec.json.encode({"version": 1, "files": counted}), indent=2).decode() + "\n"])
    else:
        console.write(_table(counted))
    return 0


def _count(path: Path, name: str, finder: SettingsFinder, asked: list[str], console: Console, *, named: bool) -> Counted | None:
    """Count one file under each tokenizer; None for one that a search found and that is no dataset."""
    resolved = resolve(path, finder.find(path.parent), Overrides())
    tokenizers = _tokenizers(asked, resolved.request.tokenizer)
    if path.suffix.lower() in _TEXTS:
        if not named:
            return None
        text = _text(path)
        return Counted(name, "text", None, None, 0, [Count(one, len(_counter(one).encode(text))) for one in tokenizers])
    form, read, counts = None, FileLengths(array("q"), array("q"), 0, 0), []
    for one in tokenizers:
        _counter(one)  # what is wrong with a tokenizer is said before anything is read
        source = open_source(path, name)
        asking = msgspec.structs.replace(resolved.request, selection=Selection(frozenset()), tokenizer=one)
        linter = Linter(source, asking)
        form = linter.context.format
        if form is None and not named:
            return None
        read = read_lengths(linter, console.stepper(name, source.facts.size))
        if not read.totals:
            raise UsageError(f"{name}: no record of a known format, so nothing can be counted; `tunelint check` says why")
        counts.append(_summed(one, read))
    records = len(read.totals)
    return Counted(name, "dataset", form.name if form is not None else None, records, read.records - records, counts)


def _summed(tokenizer: str, read: FileLengths) -> Count:
    sizes = sorted(read.totals)
    return Count(
        tokenizer, sum(sizes), read.trained, statistics.median(sizes), sizes[int(_MOST * (len(sizes) - 1))], max(read.sequences)
    )


def _tokenizers(asked: list[str], named: str) -> list[str]:
    """Return the tokenizers to count with: those asked for, or that of the settings and all that are there without a file."""
    names = list(dict.fromkeys(asked or [*([named] if named else []), *ENCODINGS]))
    for name in names:
        if name not in ENCODINGS and not name.endswith(".json"):
            raise UsageError(f"{name!r} is no tokenizer: {', '.join(ENCODINGS)}, or the path of a tokenizer.json")
    return names


def _counter(name: str) -> Counter:
    try:
        return counter_for(name)
    except ModuleNotFoundError as problem:
        raise UsageError(f"{name}: counting with it needs `pip install 'tunelint[tokenizers]'`") from problem
    except OSError as problem:
        raise UsageError(f"{name}: cannot be read ({problem.strerror}); `tunelint tokens fetch MODEL` gets one") from problem
    except ValueError as problem:
        raise UsageError(str(problem)) from problem


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as problem:
        raise UsageError(f"{path}: cannot be read ({problem.strerror})") from problem
    except UnicodeDecodeError as problem:
        raise UsageError(f"{path}: no UTF-8 at byte {problem.start:,}") from problem


def _table(counted: list[Counted]) -> Iterator[str]:
    for number, one in enumerate(counted):
        yield "\n" if number else ""
        what = "a text" if one.records is None else f"{one.records:,} record{'s' if one.records != 1 else ''}, {one.format}"
        left = f"; {one.unread:,} more could not be read" if one.unread else ""
        yield f"{one.path}: {what}{left}\n\n"
        width = max(len(count.tokenizer) for count in one.tokens)
        heads = ("tokens",) if one.records is None else ("tokens", "trained", "median", "95%", "longest")
        yield f"  {'':{width}}" + "".join(f"{head:>16}" for head in heads) + "\n"
        for count in one.tokens:
            values = (count.total, count.trained, count.median, count.p95, count.longest)[: len(heads)]
            yield f"  {count.tokenizer:{width}}" + "".join(f"{_shown(value):>16}" for value in values) + "\n"


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:,.1f}" if value % 1 else f"{value:,.0f}"


def _fetch(arguments: argparse.Namespace, console: Console) -> None:
    """Download a model's tokenizer with the user's own package of the hub, which knows their mirror, proxy and key."""
    if len(arguments.paths) != 2:
        raise UsageError("fetch wants the name of one model, such as `tunelint tokens fetch Qwen/Qwen3-8B`")
    model, target = arguments.paths[1], Path(arguments.output)
    if target.suffix != ".json":
        raise UsageError(f"{target}: a tokenizer is known by its name, which ends in .json")
    if target.exists() and not arguments.force:
        raise UsageError(f"{target} is there already; --force replaces it, -o names another")
    try:
        hub: Any = importlib.import_module(_HUB)
    except ModuleNotFoundError as problem:
        raise UsageError(
            f"fetching needs `pip install {_HUB}`; or put the model's {_TOKENIZER} beside your data and name it in the settings"
        ) from problem
    console.note(f"reading {hub.hf_hub_url(model, _TOKENIZER, revision=arguments.revision)}")
    try:
        found = Path(hub.hf_hub_download(model, _TOKENIZER, revision=arguments.revision))
        text = found.read_text(encoding="utf-8")
    except Exception as problem:  # the hub has a dozen exceptions of its own, and the network's
        said = str(problem).strip().partition("\n")[0] or type(problem).__name__
        raise UsageError(f"{model}: no {_TOKENIZER} was to be had ({said})") from problem
    write_atomically(target, [text])
    console.write([f'wrote {target}; put tokenizer = "{target.as_posix()}" into the settings, or name it with --tokenizer\n'])
