"""``tunelint rules``: list all rules."""

import argparse
from typing import Final

import msgspec

from tunelint.cli.console import Console
from tunelint.rules import FAMILIES, all_rules
from tunelint.rules.pages import catalogue, title_of

__all__ = ["DESCRIPTION", "HELP", "add_arguments", "run"]

HELP: Final = "list all rules"
DESCRIPTION: Final = "List all rules by family."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    parser.add_argument("--output-format", choices=("text", "json"), default="text")


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Print the rules."""
    if arguments.output_format == "json":
        console.write([msgspec.json.format(msgspec.json.encode(catalogue()), indent=2).decode() + "\n"])
        return 0
    lines: list[str] = []
    family = ""
    for code, rule in all_rules().items():
        if code[:3] != family:
            family = code[:3]
            lines.append(f"{'' if not lines else chr(10)}{family}  {FAMILIES[family]}\n")
        marks = ("*" if rule.recommended else " ") + {"": " ", "safe": "s", "unsafe": "u", "either": "s"}[rule.fix]
        lines.append(f"  {code} {marks} {rule.name:28} {rule.severity:12} {title_of(rule)}\n")
    lines.append("\n* in the recommended preset, s has a safe fix, u an unsafe one; `tunelint rule CODE` explains a rule\n")
    console.write(lines)
    return 0
