"""``tunelint info``: what a bug report needs."""

import argparse
import platform
import sys
from importlib import metadata
from pathlib import Path
from typing import Final

from tunelint import __version__
from tunelint.cli.console import Console
from tunelint.formats import all_formats, all_targets
from tunelint.rules import all_rules
from tunelint.settings import SettingsFinder

__all__ = ["DESCRIPTION", "HELP", "add_arguments", "run"]

HELP: Final = "say what a bug report needs"
DESCRIPTION: Final = "Print versions and where settings come from; nothing about data."
_PACKAGES: Final = ("msgspec", "numpy", "pydantic", "tiktoken", "xxhash", "zstandard", "pyarrow", "tokenizers")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command; it has none."""


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Print the facts."""
    found = SettingsFinder().find(Path.cwd())
    lines = [
        f"tunelint      {__version__}",
        f"python        {platform.python_version()} ({sys.implementation.name}, {sys.executable})",
        f"platform      {platform.platform()}",
        f"settings      {found.path or 'none'}",
        f"rules         {len(all_rules())}, formats {len(all_formats())}, targets {len(all_targets())}",
    ]
    for package in _PACKAGES:
        try:
            version = metadata.version(package)
        except metadata.PackageNotFoundError:
            version = "not installed"
        lines.append(f"{package:13} {version}")
    console.write(f"{line}\n" for line in lines)
    return 0
