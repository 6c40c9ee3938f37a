"""What does not fit into memory is written to disk, and the findings are the same."""

import tempfile
from array import array
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.records import FILES
from tests.linting import linter
from tunelint.engine import spill
from tunelint.engine.columns import Columns
from tunelint.engine.linter import Linter
from tunelint.rules import all_rules
from tunelint.rules.base import Rows


def _with_memory(data: bytes, memory: int | None) -> Linter:
    one = linter(data, set(all_rules()))
    return Linter(one.source, msgspec.structs.replace(one.request, memory=memory))


@given(records=FILES)
@settings(max_examples=60, deadline=None)
def test_findings_do_not_depend_on_memory(records: list[str]) -> None:
    data = "".join(f"{record}\n" for record in records * 2).encode()
    kept, written = _with_memory(data, None), _with_memory(data, 1)
    kept.read()
    written.read()
    for _ in range(2):  # they can be asked for again
        assert [finding.message for finding in written.findings()] == [finding.message for finding in kept.findings()]
    assert msgspec.to_builtins(written.finish()) == msgspec.to_builtins(kept.finish())


NUMBERS = st.integers(0, 40).map(lambda number: number * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF)


@given(
    rows=st.lists(st.tuples(NUMBERS, st.lists(NUMBERS, min_size=3, max_size=3, unique=True)), max_size=60), cut=st.integers(0, 60)
)
@settings(max_examples=200, deadline=None)
def test_what_comes_back_has_all_groups_and_pairs(rows: list[tuple[int, list[int]]], cut: int) -> None:
    whole, parts = Columns(3), (Columns(3), Columns(3))
    disk = spill.Spill()
    for handle, (item, keys) in enumerate(rows):
        one = Rows([handle], _array(keys), _array([item]))
        whole.add(one)
        parts[handle < cut].add(one)
    left = Columns(3)
    for part in parts:
        left.merge(part)
        disk.put("DUP002", left.detach())
    left.merge(disk.take("DUP002", 3))
    assert ([list(group.members) for group in left], left.pairs(2), left.records, left.distinct_items()) == (
        [list(group.members) for group in whole],
        whole.pairs(2),
        whole.records,
        whole.distinct_items(),
    )


def _array(numbers: list[int]) -> "array[int]":
    return array("Q", numbers)


def test_nothing_is_left_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    one = _with_memory(b'{"prompt": "a", "completion": "b"}\n' * 50, 1)
    one.read()
    assert list(tmp_path.iterdir())
    one.finish()
    assert not list(tmp_path.iterdir())
