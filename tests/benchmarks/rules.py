"""Prints what each rule costs a record, beside reading it: on clean chat data, and in a file that is given.

    python -m tests.benchmarks.rules [--megabytes 8] [--rounds 5] [FILE]

A file is linted with no rule and with one rule, in this process, with a record made of every line, and the least time of some
rounds is taken. Rules that need tokens cost the counting, once for all of them. What is above a microsecond is marked: the rule's
docstring says why it must be.
"""

import argparse
import gc
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from tests.benchmarks.corpus import make_chat
from tests.linting import request
from tunelint.engine.linter import Linter
from tunelint.engine.sources import open_source
from tunelint.rules import all_rules
from tunelint.rules.base import GroupRule, RecordRule, TallyRule

MARKED = 1.0
"""Microseconds a record from which a cost is marked."""


def seconds(path: Path, codes: Iterable[str], rounds: int) -> tuple[float, int]:
    """Return the least time that a run with these rules took, and how many records there are."""
    best, records = float("inf"), 0
    for _ in range(rounds):
        linter = Linter(open_source(path), request(codes))
        gc.collect()
        began = time.process_time()
        records = linter.run().records
        best = min(best, time.process_time() - began)
    return best, records


def main() -> None:
    """Make the file, time each rule, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--megabytes", type=float, default=8)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = arguments.file or Path(folder) / "chat.jsonl"
        if arguments.file is None:
            make_chat(path, arguments.megabytes)
        seconds(path, all_rules(), 1)  # everything is loaded once
        base, records = seconds(path, (), arguments.rounds)
        print(f"{records:,} records, {base / records * 1e6:.1f} microseconds each without a rule\n")
        costs = {
            code: (seconds(path, (code,), arguments.rounds)[0] - base) / records * 1e6
            for code, rule in all_rules().items()
            if issubclass(rule, RecordRule | TallyRule | GroupRule)
        }
        for code, cost in sorted(costs.items(), key=lambda pair: -pair[1]):
            rule = all_rules()[code]
            notes = [word for word, holds in (("tokens", rule.needs_tokens), ("opt-in", not rule.recommended)) if holds]
            print(f"{code}  {rule.name:28}{cost:8.2f} {'*' if cost > MARKED else ' '} {', '.join(notes)}")


if __name__ == "__main__":
    main()
