"""Parses the command line and runs a subcommand."""

import argparse
import contextlib
import gc
import importlib
import os
import sys
from collections.abc import Sequence
from typing import Final, NoReturn

from tunelint import __version__
from tunelint.cli.console import Console, UsageError, words_of
from tunelint.core.errors import UserError

__all__ = ["COMMANDS", "build_parser", "run"]

COMMANDS: Final = (
    "check",
    "advise",
    "cost",
    "prices",
    "tokens",
    "prompt",
    "report",
    "measure",
    "rule",
    "rules",
    "config",
    "init",
    "baseline",
    "server",
    "completion",
    "info",
)

_GC_THRESHOLD: Final = 50_000
"""New objects between two looks for cycles. Records are many and have none, and a run is short."""


class _Parser(argparse.ArgumentParser):
    """A parser that guesses what a misspelt command or option was meant to be."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}{_guess(message, self)}\ntry `{self.prog} --help`")


class _CommandParser(_Parser):
    """The parser of a command, whose options may stand before, between and behind its files."""

    _splitting = False

    def parse_known_args(self, args=None, namespace=None):  # type: ignore[no-untyped-def]
        """Take words for options first, wherever they stand, and what is left for files."""
        if self._splitting:  # argparse does that by asking this method twice
            return super().parse_known_args(args, namespace)
        self._splitting = True
        try:
            return self.parse_known_intermixed_args(args, namespace)
        finally:
            self._splitting = False


def _guess(message: str, parser: argparse.ArgumentParser) -> str:
    import difflib

    words = [word.strip("'\":") for word in message.split()]
    options = [option for action in parser._actions for option in action.option_strings]
    for word in words:
        if word.startswith("--"):
            near = difflib.get_close_matches(word.partition("=")[0], options, 1)
            if near and near[0] != word:
                return f"; did you mean {near[0]}?"
    return ""


def build_parser(commands: Sequence[str] = COMMANDS) -> argparse.ArgumentParser:
    """Return the parser of these subcommands; only their modules are imported."""
    parser = _Parser(
        prog="tunelint",
        description="Lint fine-tuning datasets and training configs, and say whether to fine-tune at all, "
        "before you pay for the run.",
        epilog="`tunelint COMMAND --help` explains a command, `tunelint rule CODE` a finding.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"tunelint {__version__}")
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command", parser_class=_CommandParser)
    for name in commands:
        module = importlib.import_module(f"tunelint.cli.{name}")
        one = subparsers.add_parser(name, help=module.HELP, description=module.DESCRIPTION, allow_abbrev=False)
        module.add_arguments(one)
        one.set_defaults(run=module.run)
    return parser


def run(argv: Sequence[str]) -> int:
    """Run the command line and return its exit code."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy starts threads that nothing here uses
    gc.set_threshold(_GC_THRESHOLD)
    verbose = "--verbose" in argv
    try:
        return _run(list(argv))
    except UserError as problem:
        return _fail(str(problem))
    except KeyboardInterrupt:
        return _fail("interrupted")
    except BrokenPipeError:
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as problem:  # a traceback says nothing to a user
        if verbose:
            raise
        extra = isinstance(problem, ModuleNotFoundError) and "pip install" in str(problem)
        if extra or (isinstance(problem, OSError) and problem.filename is not None):
            return _fail(words_of(problem))
        return _fail(f"internal error ({type(problem).__name__}: {problem}); run again with --verbose and report what it prints")


def _run(argv: list[str]) -> int:
    first = next((word for word in argv if not word.startswith("-")), None)
    if first is not None and first not in COMMANDS:
        raise UsageError(_no_command(first))
    parser = build_parser((first,) if first is not None else COMMANDS)
    arguments, unknown = parser.parse_known_args(argv)
    if unknown:
        commands = next((action for action in parser._actions if isinstance(action, argparse._SubParsersAction)), None)
        at_fault = commands.choices[arguments.command] if commands is not None and arguments.command else parser
        at_fault.error(f"no such option or argument: {' '.join(unknown)}")
    if arguments.command is None:
        parser.print_help()
        return 0
    console = Console(
        color=getattr(arguments, "color", "auto"),
        progress=not getattr(arguments, "no_progress", False),
        verbose=getattr(arguments, "verbose", False),
        quiet=getattr(arguments, "quiet", False),
    )
    return int(arguments.run(arguments, console))


def _no_command(word: str) -> str:
    import difflib
    from pathlib import Path

    if Path(word).exists():
        return f"{word!r} is no command; did you mean `tunelint check {word}`?"
    near = difflib.get_close_matches(word, COMMANDS, 1)
    meant = f"; did you mean {near[0]!r}?" if near else ""
    return f"{word!r} is no command{meant}\nthe commands are: {', '.join(COMMANDS)}"


def _fail(message: str) -> int:
    with contextlib.suppress(OSError):
        sys.stderr.write(f"tunelint: {message}\n")
        sys.stderr.flush()
    return 2
