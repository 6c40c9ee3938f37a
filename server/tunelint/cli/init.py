"""``tunelint init``: write a settings file to start from."""

import argparse
from pathlib import Path
from typing import Final

from tunelint.cli.console import Console, UsageError, write_atomically

__all__ = ["DESCRIPTION", "HELP", "add_arguments", "run"]

HELP: Final = "write a settings file to start from"
DESCRIPTION: Final = "Write tunelint.toml with the settings that most projects need."

_TEMPLATE: Final = """\
# Settings of TuneLint; `tunelint config` explains them all.

# Who trains on the data: openai, azure, together, fireworks, mistral, gemini, bedrock, trl, axolotl, llama-factory, ...
# Limits and dialect depend on it. A model narrows the limits: "openai/gpt-4.1".
{target}

# Longest example in tokens: the trainer's sequence length, where no target sets it.
# limit = 4096

# Which rules are on: "recommended" or "strict".
preset = "recommended"

# Rules that are off, by code, name or prefix.
ignore = []

# Folders and files that a search leaves out.
exclude = []

# Settings for some files only.
# [[files]]
# files = ["preference/*.jsonl"]
# method = "preference"
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    parser.add_argument("--target", metavar="PROVIDER[/MODEL]", help="whose limits and dialect to check against")
    parser.add_argument("--force", action="store_true", help="replace a file that is there")


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Write the file."""
    path = Path("tunelint.toml")
    if path.exists() and not arguments.force:
        raise UsageError(f"{path} is there already; --force replaces it")
    if arguments.target:
        from tunelint.formats import all_targets, find_target
        from tunelint.settings.resolve import unknown

        if find_target(arguments.target) is None:
            raise UsageError(unknown(arguments.target.partition("/")[0], "target", all_targets()))
    target = f'target = "{arguments.target}"' if arguments.target else '# target = "openai"'
    write_atomically(path, [_TEMPLATE.format(target=target)])
    console.note(f"wrote {path}; now run `tunelint check`")
    return 0
