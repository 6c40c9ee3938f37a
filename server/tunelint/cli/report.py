"""``tunelint report``: a page to look at, with plots."""

import argparse
import os
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tunelint import __version__
from tunelint.cli.console import Console, UsageError, write_atomically
from tunelint.cli.options import add_settings_options, finder_of, overrides_of
from tunelint.costs.report import CostReport
from tunelint.engine.sources import SourceError, open_source
from tunelint.settings import SettingsFinder, resolve
from tunelint.settings.resolve import Overrides
from tunelint.settings.search import STDIN, Found, excluder, find_files

if TYPE_CHECKING:
    from tunelint.core.diagnostic import FileReport
    from tunelint.report.page import Subject

__all__ = ["DESCRIPTION", "HELP", "add_arguments", "run"]

HELP: Final = "write a page that shows a dataset: verdict, findings, lengths, map, costs"
DESCRIPTION: Final = (
    "Write one HTML file that shows datasets with plots, and what the runs of training configs take. It needs nothing beside it "
    "and asks nothing of the network. It holds records of yours: share it as you would share the dataset."
)
_MOST: Final = 8
"""Datasets on one page; of more nobody sees anything."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    parser.add_argument("paths", metavar="PATH", nargs="+", help="datasets, folders of them, and training configs")
    parser.add_argument("-o", "--output", metavar="FILE.html", required=True, help="where to write the page")
    parser.add_argument("--no-progress", action="store_true", help="show no progress on a terminal")
    parser.add_argument("-q", "--quiet", action="store_true", help="say nothing")
    parser.add_argument("--verbose", action="store_true", help="show tracebacks of crashes")
    add_settings_options(parser)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Write the page."""
    from tunelint.report.page import LARGEST, About, page

    output = Path(arguments.output)
    named = _training_configs(arguments)
    finder, overrides = finder_of(arguments), overrides_of(arguments)
    files = list(find_files([*arguments.paths, *named], excluder(finder), configs=True))
    _check(files, output)
    today = datetime.now(tz=UTC).date()
    costs, configs, rest = _configs(files, console, finder, overrides, today)
    subjects = _subjects(rest, finder, overrides, console)
    if not subjects and not costs:
        raise UsageError(f"no dataset and no training config in {', '.join(arguments.paths)}")
    total = sum(subject.source.facts.size or 0 for subject in subjects)
    done = 0

    def step(name: str, size: int) -> None:
        nonlocal done
        done += size
        console.progress(name, done, total)

    text = page(subjects, About(version=__version__, today=today.isoformat()), costs=costs, configs=configs, progress=step)
    write_atomically(output, [text])
    size = len(text.encode("utf-8", "backslashreplace"))
    console.note(f"{output}: {size / 1e6:.1f} MB; open it in a browser")
    if size > LARGEST:
        console.note(f"{output} is larger than {LARGEST / 1e6:g} MB: name fewer files")
    return 0


def _training_configs(arguments: argparse.Namespace) -> list[str]:
    """Take the training configs out of what ``--config`` names: they are meant to be shown, not to be settings."""
    from tunelint.cli.cost_config import open_training_config

    said = arguments.config or []
    found = [one for one in said if Path(one).is_file() and open_training_config(Path(one)) is not None]
    arguments.config = [one for one in said if one not in found]
    return found


def _check(files: Sequence[Found], output: Path) -> None:
    for one in files:
        if one.name == STDIN:
            raise UsageError("a page needs a file to point to: standard input is none")
        if not one.path.exists():
            raise UsageError(f"{one.name}: there is no such file")
        if output.exists() and output.samefile(one.path):
            raise UsageError(f"{output} is one of the files that the page is about; give the page another name")
    if output.is_dir():
        raise UsageError(f"{output} is a folder; name a file in it")


def _configs(
    files: Sequence[Found],
    console: Console,
    finder: SettingsFinder,
    overrides: Overrides,
    today: date,
) -> tuple[list[CostReport], dict[str, "FileReport"], list[Found]]:
    """Return what the runs of the configs among the files take, what is found in these configs, and the other files."""
    from tunelint.cli.cost_config import ConfigCoster, open_training_config
    from tunelint.engine.config import ConfigLinter
    from tunelint.engine.disk_files import DiskFiles
    from tunelint.engine.project import Linker

    coster, linker = ConfigCoster(console, finder, overrides, today), Linker(DiskFiles())
    costs, found, rest = [], {}, []
    for one in files:
        config = open_training_config(one.path)
        if config is None:
            rest.append(one)
        else:
            request = resolve(one.path, finder.find(one.path.parent), overrides).request
            costs.append(coster.report(config, request, request.use))
            found[costs[-1].path] = ConfigLinter(config, request, linker).report()
    return costs, found, rest


def _subjects(files: Sequence[Found], finder: SettingsFinder, overrides: Overrides, console: Console) -> list["Subject"]:
    """Return the datasets among the files, those that were named and those of a known format, with their validation files."""
    from tunelint.engine.linter import Linter
    from tunelint.report.page import Subject

    found = []
    waiting = list(files)
    known = {_key(one.path) for one in files}
    while waiting:
        one = waiting.pop(0)
        resolved = resolve(one.path, finder.find(one.path.parent), overrides)
        try:
            subject = Subject(open_source(one.path, one.name), resolved.request, one.path)
            if not one.named and Linter(subject.source, subject.request).context.format is None:
                continue
        except SourceError:
            if one.named:
                raise
            continue
        found.append(subject)
        for key in resolved.validation:
            if key not in known:
                known.add(key)
                waiting.append(Found(Path(key), os.path.relpath(key), named=True))
    if len(found) > _MOST:
        console.note(f"{len(found) - _MOST:,} of {len(found):,} datasets are left out: a page shows {_MOST}")
    return found[:_MOST]


def _key(path: Path) -> str:
    return os.path.abspath(path)  # noqa: PTH100  as partners are told apart
