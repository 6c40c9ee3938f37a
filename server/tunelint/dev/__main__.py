"""``python -m tunelint.dev``: makes what is generated, and new rules."""

import argparse
import sys
from pathlib import Path

from tunelint.dev.generate import generate
from tunelint.dev.keytables import trainer_keys
from tunelint.dev.new_rule import new_rule
from tunelint.dev.plot import plots
from tunelint.dev.usual import count_usual, write_usual
from tunelint.trainers.usual import FILE


def main() -> int:
    """Run a subcommand."""
    parser = argparse.ArgumentParser(prog="python -m tunelint.dev", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    making = commands.add_parser("generate", help="write rule pages, schemas and the output in the README")
    making.add_argument("--check", action="store_true", help="write nothing, fail when something is stale")
    rule = commands.add_parser("new-rule", help="write the skeleton of a rule")
    rule.add_argument("code", help="such as CHT014")
    rule.add_argument("name", help="such as name-of-the-fault; reads well after 'allow'")
    keys = commands.add_parser("trainer-keys", help="read what trainers' packages say of their configs' keys (network)")
    keys.add_argument("tools", nargs="*", metavar="TOOL", help="such as axolotl; all when none is named")
    keys.add_argument("--cache", type=Path, help="a folder that keeps the packages for the next time")
    usual = commands.add_parser("usual", help="count what published configs set the important keys to")
    usual.add_argument("folder", type=Path, help="holds folders of configs, and SOURCES.md with the days that they are of")
    commands.add_parser("plots", help="bundle the plotting library of report pages (npm and the network)")
    arguments = parser.parse_args()
    if arguments.command == "plots":
        print("\n".join(plots()))
        return 0
    if arguments.command == "trainer-keys":
        return trainer_keys(arguments.tools, arguments.cache)
    if arguments.command == "usual":
        FILE.write_text(write_usual(count_usual(arguments.folder)), encoding="utf-8", newline="\n")
        return 0
    if arguments.command == "new-rule":
        print(new_rule(arguments.code, arguments.name))
        return 0
    stale = generate(check=arguments.check)
    for path in stale:
        print(f"{'stale' if arguments.check else 'wrote'}: {path}", file=sys.stderr)
    return int(arguments.check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
