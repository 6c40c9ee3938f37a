"""``tunelint check``: lint datasets and training configs."""

import argparse
import os
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from tunelint import __version__
from tunelint.cli.cache import ReportCache, cache_folder
from tunelint.cli.configs import Configs
from tunelint.cli.console import Console, UsageError, words_of, write_atomically
from tunelint.cli.options import add_settings_options, finder_of, overrides_of
from tunelint.cli.partners import Partners, with_validation
from tunelint.core.diagnostic import FileReport, Skipped, Unread
from tunelint.core.finding import Safety
from tunelint.core.run import Run
from tunelint.engine import baseline
from tunelint.engine.linter import Linter, Request
from tunelint.engine.machine import default_memory
from tunelint.engine.sources import SourceError, open_source
from tunelint.engine.sources.base import PARALLEL_FROM
from tunelint.engine.sources.opening import DATASET_SUFFIXES, open_stream, plain_suffix
from tunelint.engine.sources.remote import is_url
from tunelint.engine.sources.streams import from_pipe
from tunelint.report import Style, formats, write
from tunelint.settings import Resolved, SettingsFinder, resolve
from tunelint.settings.resolve import Overrides
from tunelint.settings.search import STDIN, Found, excluder, find_files

if TYPE_CHECKING:
    from tunelint.trainers import Config

__all__ = ["DESCRIPTION", "HELP", "Checker", "add_arguments", "run"]

HELP: Final = "lint datasets and training configs"
DESCRIPTION: Final = "Lint datasets and training configs: files, folders that are searched for them, or - for standard input."
_ROUNDS: Final = 5
_UNITS: Final = {"MB": 6, "GB": 9, "TB": 12}
_SIZE: Final = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)\s*(MB|GB|TB)")
_FAILING: Final = {"error": 0, "warning": 1, "never": -1}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    parser.add_argument("paths", metavar="PATH", nargs="*", default=["."], help="files, folders, or - for standard input")
    add_settings_options(parser)
    fixes = parser.add_argument_group("fixes")
    fixes.add_argument("--fix", action="store_true", help="make safe fixes: they keep every record's content")
    fixes.add_argument("--unsafe-fixes", action="store_true", help="with --fix or --diff: make unsafe fixes too")
    fixes.add_argument("--diff", action="store_true", help="show what fixes would change, and write nothing")
    output = parser.add_argument_group("output")
    output.add_argument("--output-format", choices=formats(), help="default: full, in GitHub Actions github")
    output.add_argument("--output-file", metavar="FILE", help="write the report there")
    output.add_argument("--statistics", action="store_true", help="count findings by rule")
    output.add_argument(
        "--summary",
        action=argparse.BooleanOptionalAction,
        help="sum up each dataset after the findings: records, tokens, cost, verdict (default: on a terminal)",
    )
    output.add_argument("--max-findings", metavar="N", type=int, help="show at most so many findings")
    output.add_argument("--baseline", metavar="FILE", help="leave out the findings of this file")
    output.add_argument("--show-files", action="store_true", help="list the files and check nothing")
    output.add_argument("--show-settings", action="store_true", help="show the settings of each file and check nothing")
    output.add_argument("--color", choices=("auto", "always", "never"), default="auto")
    output.add_argument("--no-progress", action="store_true", help="show no progress on a terminal")
    output.add_argument("-q", "--quiet", action="store_true", help="findings only")
    output.add_argument("--verbose", action="store_true", help="show tracebacks of crashes")
    other = parser.add_argument_group("run")
    other.add_argument("--fail-on", choices=tuple(_FAILING), help="severity from which the exit code is 1 (default: error)")
    other.add_argument("--exit-zero", action="store_true", help="exit with 0 whatever is found")
    other.add_argument("--stdin-filename", metavar="NAME", default="stdin.jsonl", help="what standard input is called")
    other.add_argument("--jobs", metavar="N", type=int, help="processes for large files (default: all cores)")
    other.add_argument(
        "--memory", metavar="SIZE", type=_size, help="what may be kept of large files, such as 2GB (default: a quarter of all)"
    )
    other.add_argument(
        "--cache",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="use the reports of earlier runs on large files that have not changed (default: yes)",
    )
    other.add_argument("--engine", choices=("local", "ray"), default="local", help="what reads large files: this machine or Ray")
    other.add_argument("--ray-address", metavar="A", help="with --engine ray: the cluster (default: one on this machine)")


def _size(text: str) -> int:
    """Read a size such as ``800MB``, in bytes; units are powers of ten."""
    match = _SIZE.fullmatch(text.strip().upper())
    if match is None or not float(match[1]):
        raise argparse.ArgumentTypeError(f"{text!r} is no size; write 800MB or 2GB")
    return int(float(match[1]) * 10 ** _UNITS[match[2]])


class Checker:
    """Checks one file after the other."""

    def __init__(
        self,
        arguments: argparse.Namespace,
        console: Console,
        finder: SettingsFinder,
        overrides: Overrides,
        *,
        keep_all: bool = False,
    ) -> None:
        self.keep_all = keep_all
        self.arguments = arguments
        self.console = console
        self.finder = finder
        self.overrides = overrides
        self.configs = Configs(arguments.stdin_filename)
        self.partners = Partners((), self.resolve)
        self.cache: ReportCache | None = None
        """Reports of earlier runs, where they may be used."""
        self.differences = False
        self.skipped: list[Skipped] = []
        self.unread: list[Unread] = []
        self.values: dict[str, Any] = {}
        """The settings that hold for the run: those of the working folder."""

    def check(self, found: Found) -> FileReport | None:
        """Check a file; what cannot be read is said and remembered."""
        try:
            resolved = self.resolve(found)
            if self.configs.may_hold(found) and not is_url(found.name):
                config = self.configs.open(found)
                if config is not None:
                    return self._check_config(found, config, resolved)
                if not self.configs.may_be_data(found):
                    return None
            request = self._request(found, resolved)
            key = self._key(found, request)
            kept = self.cache.find(key) if self.cache is not None and key is not None else None
            if kept is not None:
                return kept
            linter = self._linter(found, request)
            if linter.context.registry:
                self.skipped.append(Skipped("registry", "the file lists datasets and is none itself", found.name))
                return None
            if not found.named and found.path.suffix != ".jsonl" and linter.context.format is None:
                self.skipped.append(
                    Skipped("FMT001", "no dataset of a known format; name the file to check it anyway", found.name)
                )
                return None
            if self.arguments.diff:
                self._show_fixes(found, linter)
                return None
            if self.arguments.fix:
                return self._fix(found, linter, request)
            report = self._read(found, linter)
            if self.cache is not None and key is not None:
                self.cache.keep(key, found.path, report)
        except (SourceError, OSError, ValueError, ModuleNotFoundError) as problem:
            if self.arguments.verbose and not isinstance(problem, SourceError):
                raise
            self.unread.append(Unread(found.name, words_of(problem).removeprefix(f"{found.name}:").lstrip()))
            self.console.complain(words_of(problem))
            return None
        return report

    @property
    def failed(self) -> bool:
        """Whether a file could not be checked."""
        return bool(self.unread)

    def _check_config(self, found: Found, config: "Config", resolved: Resolved) -> FileReport | None:
        """Check a training config, show what its fixes change, or make them."""
        from tunelint.engine.config import ConfigLinter

        request = msgspec.structs.replace(resolved.request, keep_all=self.keep_all)
        linter = ConfigLinter(config, request, self.configs.linker)
        if self.arguments.diff:
            for piece in self.configs.difference(linter, self._allowed()):
                self.differences = True
                self.console.write([piece])
            return None
        if self.arguments.fix:
            return self.configs.fix(found, linter, self._allowed())
        report = linter.report()
        self.configs.remember(found.name, linter.link)
        return report

    def resolve(self, found: Found) -> Resolved:
        """Return the settings of a file."""
        path = Path(self.arguments.stdin_filename) if found.name == STDIN else found.path
        return resolve(path, self.finder.find(path.parent), self.overrides)

    def _request(self, found: Found, resolved: Resolved) -> Request:
        memory = self.arguments.memory or default_memory()
        return msgspec.structs.replace(self.partners.request(found, resolved), keep_all=self.keep_all, memory=memory)

    def _key(self, found: Found, request: Request) -> str | None:
        """Return what the report of a file is kept under, None where it is not kept."""
        if self.cache is None or not found.stored:
            return None
        return self.cache.key(found.path, found.name, request)

    def _linter(self, found: Found, request: Request) -> Linter:
        if found.name == STDIN:
            stream = self.configs.unread or from_pipe(sys.stdin.buffer, self.arguments.stdin_filename)
            return Linter(open_stream(stream), request, self.console.stepper(self.arguments.stdin_filename, None))
        source = open_source(found.path, found.name)
        return Linter(source, request, self.console.stepper(found.name, source.facts.size))

    def _read(self, found: Found, linter: Linter) -> FileReport:
        size = linter.source.facts.size or 0
        if size < PARALLEL_FROM or found.name == STDIN:
            return linter.run()
        from tunelint.engine.pool import processes, reading_in_processes  # 8 ms that few files need

        jobs = processes(self.arguments.jobs or self.values.get("jobs"))
        progress = self.console.stepper(found.name, size)
        if self.arguments.engine == "ray":
            if self.arguments.ray_address:  # else Ray tries for ten minutes to reach a cluster that is not there
                os.environ.setdefault("RAY_NUM_REDIS_GET_RETRIES", "1")
            from tunelint.engine.ray import read_on_cluster

            done = read_on_cluster(found.path, linter, self.arguments.ray_address, jobs, progress)
            return linter.finish() if done else linter.run()
        with reading_in_processes(found.path, linter, jobs, progress) as done:
            return linter.finish() if done else linter.run()

    def _allowed(self) -> frozenset[Safety]:
        return frozenset({"safe", "unsafe"} if self.arguments.unsafe_fixes else {"safe"})

    def _show_fixes(self, found: Found, linter: Linter) -> None:
        """Show what the fixes of a file would change."""
        from tunelint.cli.diff import unified_diff
        from tunelint.engine.fixes import changes, plan_fixes

        linter.read()
        for piece in unified_diff(
            linter.source.facts.name, changes(linter, plan_fixes(linter.plan, linter.findings(), self._allowed()))
        ):
            self.differences = True
            self.console.write([piece])

    def _fix(self, found: Found, linter: Linter, request: Request) -> FileReport:
        """Make the fixes of a file; return what the last reading, after which there was nothing to mend, says of it."""
        from tunelint.engine.fixes import changes, fix_file, plan_fixes

        if not found.stored:
            what = "standard input" if found.name == STDIN else found.name
            raise UsageError(f"{what} cannot be fixed in place; use --diff, or name a file on disk")
        linter.read()
        total = 0
        for _ in range(_ROUNDS):  # what one fix uncovers, such as two records that are equal now, the next round mends
            fixes = plan_fixes(linter.plan, linter.findings(), self._allowed())
            if not fix_file(found.path, changes(linter, fixes)):
                break
            total += fixes.total
            linter = self._linter(found, request)
            linter.read()
        report = linter.finish()
        report.fixed = total
        return report


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Check all files and return the exit code."""
    finder, overrides = finder_of(arguments), overrides_of(arguments)
    here = resolve(Path.cwd() / "x.jsonl", finder.find(Path.cwd()), overrides)
    known = _baseline(arguments, here)
    checker = Checker(arguments, console, finder, overrides, keep_all=known is not None)
    checker.values = dict(here.values)
    if arguments.cache and not (arguments.fix or arguments.diff):
        checker.cache = ReportCache(cache_folder())
    _check_options(arguments)
    files = list(find_files(arguments.paths, excluder(finder), configs=True))
    files = with_validation(files, arguments.validation or ())
    checker.partners = Partners(files, checker.resolve)
    if arguments.show_files:
        console.write(f"{one.name}\n" for one in files if checker.configs.concerns(one))
        return 0
    if arguments.show_settings:
        console.write(_settings(checker, files))
        return 0
    reports = []
    for one in files:
        report = checker.check(one)
        if report is not None:
            reports.append(known.filter(report) if known is not None else report)
    if arguments.diff:
        return 2 if checker.failed else int(checker.differences and not arguments.exit_zero)
    if not reports and not checker.failed and not checker.skipped:
        _say_nothing_found(checker, arguments.paths)
    for words in checker.configs.unlinted({one.key for one in files}):
        console.note(words)
    result = Run(__version__, reports, checker.skipped, unread=checker.unread)
    failing = _fails(result, arguments.fail_on or here.values.get("fail-on") or "error")
    _limit(result, arguments.max_findings or here.values.get("max-findings"))
    _report(result, arguments, here, console, nothing=checker.failed and not reports)
    if checker.failed:
        return 2
    return int(failing and not arguments.exit_zero)


def _say_nothing_found(checker: Checker, paths: Sequence[str]) -> None:
    """Say that nothing was checked. It is a failure where a folder is called like the dataset that somebody meant to check."""
    console = checker.console
    looked = "looked for .jsonl, .json, .csv, .parquet and .txt files, and for configs in .yaml, .json and .toml"
    named = [path for path in paths if plain_suffix(path) in DATASET_SUFFIXES and Path(path).is_dir()]
    for path in named:
        checker.unread.append(Unread(path, "a folder, and no dataset is in it"))
        console.complain(f"{path}: a folder, and no dataset is in it; {looked}")
    if not named:
        console.note(f"nothing was checked: no dataset found in {', '.join(paths)}, and no training config; {looked}")


def _check_options(arguments: argparse.Namespace) -> None:
    if arguments.ray_address and arguments.engine != "ray":
        raise UsageError("--ray-address goes with --engine ray")
    for option in ("max_findings", "jobs"):
        value = getattr(arguments, option)
        if value is not None and value < 1:
            raise UsageError(f"--{option.replace('_', '-')} wants a number above 0")


def _settings(checker: Checker, files: list[Found]) -> Iterator[str]:
    for one in files:
        resolved = checker.resolve(one)
        shown = {
            "settings-file": resolved.source or None,
            **resolved.values,
            "rules-on": sorted(resolved.request.selection.codes),
        }
        yield f"{one.name}\n{msgspec.json.format(msgspec.json.encode(shown), indent=2).decode()}\n"


def _baseline(arguments: argparse.Namespace, here: Resolved) -> "baseline.Baseline | None":
    if arguments.baseline:
        return baseline.load(Path(arguments.baseline))
    named = here.values.get("baseline")
    if not named:
        return None
    return baseline.load(Path(here.source).parent / named if here.source else Path(named))


def _fails(result: Run, threshold: str) -> bool:
    return any(one.severity.rank <= _FAILING[threshold] for one in result.diagnostics)


def _limit(result: Run, most: int | None) -> None:
    """Keep at most so many findings, worst first, and count the rest."""
    if most is None:
        return
    ranked = sorted(result.diagnostics, key=lambda one: one.severity.rank)
    dropped = {id(one) for one in ranked[most:]}
    result.hidden = ranked[most:]
    for report in result.files:
        report.diagnostics = [one for one in report.diagnostics if id(one) not in dropped]


def _report(result: Run, arguments: argparse.Namespace, here: Resolved, console: Console, *, nothing: bool) -> None:
    """Write the report; where `nothing` could be checked, people are not told so a second time."""
    in_actions = os.environ.get("GITHUB_ACTIONS") == "true" and not arguments.output_file
    name = arguments.output_format or here.values.get("output-format") or ("github" if in_actions else "full")
    if name not in formats():
        raise UsageError(f"no output format is called {name!r}; known are {', '.join(formats())}")
    if nothing and name in {"full", "concise"}:
        return
    asked = arguments.summary
    summary = asked if asked is not None else console.interactive and not arguments.output_file and not arguments.quiet
    columns = 0 if arguments.output_file else console.columns
    style = Style(console.color and not arguments.output_file, arguments.statistics, arguments.quiet, summary, columns)
    pieces = write(name, result, style)
    if arguments.output_file:
        write_atomically(Path(arguments.output_file), pieces)
    else:
        console.write(pieces)
