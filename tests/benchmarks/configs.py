"""How often each rule fires on the configs that tools and their users publish.

    python -m tests.benchmarks.configs [--list CODE] [FOLDER]

For each rule: the share of the configs of known tools with at least one finding, by severity. A rule that fires on more than one in
twenty published configs has a reason beside it here, or is too loud. ``--list`` prints every finding of one rule, to be looked at.
"""

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.shared_data import shared_data
from tunelint.core.diagnostic import Diagnostic
from tunelint.engine.config import ConfigLinter, decode, open_config
from tunelint.engine.linter import Request
from tunelint.engine.plan import Selection
from tunelint.rules import all_rules
from tunelint.rules.base import ConfigRule, ProjectRule

LOUD: Final = 0.05
REASONS: Final[dict[str, str]] = {
    "CFG002": "true: keys of FSDP and of front ends that the described release does not read",
    "CFG003": "true: recipes that are older than the release; information where the old name still works",
    "TRN011": "information: many recipes are demonstrations, and keep nothing; a warning only where the data is there and worth it",
    "CFG010": "information: it is a decision to be made knowingly, and recipes are copied with it",
}
"""Why a rule may fire on more than one in twenty published configs."""


def request() -> Request:
    """Return a request for all recommended rules about configs."""
    codes = [code for code, rule in all_rules().items() if issubclass(rule, ConfigRule | ProjectRule) and rule.recommended]
    return Request(selection=Selection(frozenset(codes)))


def findings(folder: Path) -> Iterator[tuple[str, str, list[Diagnostic]]]:
    """Yield the files that are configs of a known tool: name, tool, findings."""
    wanted = request()
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".yaml", ".yml", ".json", ".toml"} and path.is_file():
            name = str(path.relative_to(folder))
            config = open_config(decode(path.read_bytes()), name)
            if config is not None:
                report = ConfigLinter(config, wanted).report()
                assert not report.skipped, report.skipped
                yield name, config.trainer.name, report.diagnostics


def main() -> None:
    """Print the table, or the findings of one rule."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=None)
    parser.add_argument("--list", metavar="CODE", default="")
    arguments = parser.parse_args()
    fired: dict[str, Counter[str]] = defaultdict(Counter)
    tools: Counter[str] = Counter()
    for name, tool, found in findings(arguments.folder or shared_data("configs")):
        tools[tool] += 1
        for code in {one.code for one in found}:
            worst = min((one.severity for one in found if one.code == code), key=lambda severity: severity.rank)
            fired[code][str(worst)] += 1
            fired[code]["all"] += 1
        for one in found:
            if arguments.list and one.code.startswith(arguments.list):
                print(f"{name}:{one.line}  {one.severity}[{one.code}] {one.at}: {one.message}")
    total = tools.total()
    print(f"\n{total} configs: {', '.join(f'{tool} {count}' for tool, count in tools.most_common())}\n")
    print(f"{'':8}{'share':>8}{'files':>7}{'error':>7}{'warning':>9}{'other':>7}  rule")
    for code, counts in sorted(fired.items()):
        share = counts["all"] / total
        other = counts["all"] - counts["error"] - counts["warning"]
        reason = REASONS.get(code, "NO REASON GIVEN") if share > LOUD else ""
        print(
            f"{code:8}{share:>8.1%}{counts['all']:>7}{counts['error']:>7}{counts['warning']:>9}{other:>7}  {all_rules()[code].name}  {reason}"
        )


if __name__ == "__main__":
    main()
