"""``tunelint baseline``: known findings that are not reported until their record changes."""

import argparse
from pathlib import Path
from typing import Final

from tunelint.cli import check
from tunelint.cli.console import Console, UsageError, write_atomically
from tunelint.cli.options import add_settings_options, finder_of, overrides_of
from tunelint.engine import baseline
from tunelint.settings.search import excluder, find_files

__all__ = ["DESCRIPTION", "HELP", "add_arguments", "run"]

HELP: Final = "create, prune or check a baseline of known findings"
DESCRIPTION: Final = (
    "Keep a file of known findings, by the content of their records. `create` writes it, `prune` drops what is gone, "
    "`check` exits with 1 when something in it is gone."
)
_DEFAULT: Final = "tunelint-baseline.json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    parser.add_argument("action", choices=("create", "prune", "check"))
    parser.add_argument("paths", metavar="PATH", nargs="*", default=["."], help="files and folders (default: .)")
    parser.add_argument("--baseline", metavar="FILE", default=_DEFAULT, help=f"the file (default: {_DEFAULT})")
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


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Carry out the action."""
    path = Path(arguments.baseline)
    old = None if arguments.action == "create" else baseline.load(path)
    if arguments.action == "create" and path.exists() and not arguments.force:
        raise UsageError(f"{path} is there already; --force replaces it, `tunelint baseline prune` tidies it")
    finder = finder_of(arguments)
    checker = check.Checker(arguments, console, finder, overrides_of(arguments), keep_all=True)
    reports = []
    for one in find_files(arguments.paths, excluder(finder)):
        report = checker.check(one)
        if report is not None:
            reports.append(report)
    if checker.failed:
        return 2
    found = baseline.of_reports(reports, path.parent)
    if old is None:
        write_atomically(path, found.write())
        console.note(f"wrote {found.total:,} findings to {path}")
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
