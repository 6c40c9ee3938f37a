"""``tunelint baseline``: known findings that are not reported until their record changes."""

import argparse
from pathlib import Path
from typing import Final

from tunelint.cli import check
from tunelint.cli.console import Console, UsageError, write_atomically
from tunelint.cli.options import add_settings_options, finder_of, overrides_of
from tunelint.cli.partners import Partners, with_validation
from tunelint.engine import baseline
from tunelint.report.style import plural
from tunelint.settings import SettingsFinder
from tunelint.settings.search import excluder, find_files

__all__ = ["DESCRIPTION", "HELP", "add_arguments", "run"]

HELP: Final = "create, prune or check a baseline of known findings"
DESCRIPTION: Final = (
    "Keep a file of known findings, by the content of their records. `create` writes it, `prune` drops what is gone, "
    "`check` exits with 1 when something in it is gone."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    parser.add_argument("action", choices=("create", "prune", "check"))
    parser.add_argument("paths", metavar="PATH", nargs="*", default=["."], help="files and folders (default: .)")
    parser.add_argument(
        "--baseline", metavar="FILE", default=baseline.USUAL_NAME, help=f"the file (default: {baseline.USUAL_NAME})"
    )
    parser.add_argument("--force", action="store_true", help="with create: replace a file that is there")
    add_settings_options(parser)
    parser.set_defaults(
        fix=False,
        diff=False,
        unsafe_fixes=False,
        verbose=False,
        jobs=None,
        engine="local",
        ray_address=None,
        memory=None,
        stdin_filename="stdin.jsonl",
        no_progress=False,
    )


def _how_to_use(path: Path, finder: SettingsFinder) -> str:
    """Say what makes `tunelint check` leave the findings of a baseline out, where the settings do not name it yet."""
    here = finder.find(Path.cwd())
    named = here.settings.baseline if here.settings is not None else None
    if named and (here.folder / named).resolve() == path.resolve():
        return ", which the settings name"
    setting = f'baseline = "{path.as_posix()}"'
    return f"; leave them out with `tunelint check --baseline {path}`, or always with `{setting}` in the settings"


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Carry out the action."""
    path = Path(arguments.baseline)
    old = None if arguments.action == "create" else baseline.load(path)
    if arguments.action == "create" and path.exists() and not arguments.force:
        raise UsageError(f"{path} is there already; --force replaces it, `tunelint baseline prune` tidies it")
    finder = finder_of(arguments)
    checker = check.Checker(arguments, console, finder, overrides_of(arguments), keep_all=True)
    reports = []
    files = with_validation(list(find_files(arguments.paths, excluder(finder), configs=True)), arguments.validation or ())
    checker.partners = Partners(files, checker.resolve)
    for one in files:
        report = checker.check(one)
        if report is not None:
            reports.append(report)
    if checker.failed:
        return 2
    found = baseline.of_reports(reports, path.parent)
    if old is None:
        write_atomically(path, found.write())
        console.note(f"wrote {plural(found.total, 'finding')} to {path}{_how_to_use(path, finder)}")
        return 0
    kept = old.kept_in(found)
    gone = old.total - kept.total
    if arguments.action == "check":
        console.note(
            f"{gone:,} of {old.total:,} findings in {path} are gone" if gone else f"all findings in {path} are still there"
        )
        return int(gone > 0)
    write_atomically(path, kept.write())
    console.note(f"dropped {gone:,} findings from {path}, {kept.total:,} are left")
    return 0
