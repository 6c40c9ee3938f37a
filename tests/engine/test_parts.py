"""Any partition of a file, checked in parts and merged in any order, gives the findings of one pass."""

import random
from itertools import pairwise

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.records import FILES
from tests.linting import linter
from tunelint.core.diagnostic import Diagnostic
from tunelint.engine.linter import Linter
from tunelint.engine.parts import Part, check_part
from tunelint.engine.sources.base import ROW_BITS, Batch
from tunelint.rules import all_rules


def in_parts(one: Linter, cuts: list[int], seed: int) -> list[Diagnostic]:
    """Lint a file in parts cut before the given rows, merged in random order; the file's own facts are read as always."""
    rows = [row for batch in one.source.batches() for row in batch.rows]
    bounds = sorted({0, len(rows), *(cut % (len(rows) + 1) for cut in cuts)})
    parts: list[Part] = []
    offsets = {}
    for number, (start, end) in enumerate(pairwise(bounds)):
        parts.append(check_part([Batch(number, 1, rows[start:end])], one.plan, one.source.facts.name))
        offsets[number] = start
    chance = random.Random(seed)
    while len(parts) > 1:
        part = parts.pop(chance.randrange(len(parts)))
        parts[chance.randrange(len(parts))].merge(part)
    whole = parts[0]
    before = whole.count_through()
    assert before == offsets
    one.source.facts.records = whole.records
    original = one.source.fetch

    def fetch(handles: object) -> dict[int, object]:
        places = {handle: offsets[handle >> ROW_BITS] + (handle & ((1 << ROW_BITS) - 1)) for handle in handles}  # type: ignore[attr-defined]
        found = original(places.values())
        return {handle: found[place] for handle, place in places.items()}

    one.source.fetch = fetch  # type: ignore[method-assign,assignment]
    one.ledger, one.collector, one.context.tokens = whole.ledger, whole.collector, whole.tokens
    one.report()
    return one.collector.diagnostics()


@given(
    records=FILES,
    cuts=st.lists(st.integers(0, 60), max_size=6),
    seed=st.integers(0, 1 << 16),
)
@settings(max_examples=150, deadline=None)
def test_parts_give_what_one_pass_gives(records: list[str], cuts: list[int], seed: int) -> None:
    data = "".join(f"{record}\n" for record in records).encode()
    codes = set(all_rules())
    expected = linter(data, codes).run().diagnostics
    found = in_parts(linter(data, codes), cuts, seed)
    assert [msgspec.to_builtins(one) for one in found] == [msgspec.to_builtins(one) for one in expected]
