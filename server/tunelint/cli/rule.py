"""``tunelint rule``: explain a rule."""

import argparse
from typing import Final

from tunelint.cli.console import Console, UsageError
from tunelint.cli.options import no_rule
from tunelint.rules import find_rule
from tunelint.rules.pages import rule_page

__all__ = ["DESCRIPTION", "HELP", "add_arguments", "run"]

HELP: Final = "explain a rule"
DESCRIPTION: Final = "Explain a rule: why it matters, what to do, examples, options and sources."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    parser.add_argument("rule", metavar="CODE|NAME")


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Print the page of a rule."""
    rule = find_rule(arguments.rule)
    if rule is None:
        raise UsageError(no_rule(arguments.rule))
    console.write([rule_page(rule)])
    return 0
