"""Groups are the same whether numpy finds them or plain Python does."""

import sys
from array import array

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tunelint.engine.columns import Columns
from tunelint.engine.grouping import groups_of
from tunelint.rules.base import Member, Rows

ROW = st.tuples(st.integers(0, 30), st.integers(0, 5), st.lists(st.integers(0, 9), min_size=2, max_size=2, unique=True))


def _plain(columns: Columns) -> list[list[Member]]:
    rows_of: dict[int, set[int]] = {}
    for row in range(len(columns.handles)):
        for key in columns.keys_of(row):
            if key:
                rows_of.setdefault(key, set()).add(row)
    groups = [sorted(rows_of[key], key=columns.handles.__getitem__) for key in sorted(rows_of)]
    return [[Member(columns.handles[row], columns.items[row]) for row in rows] for rows in groups if len(rows) > 1]


@given(rows=st.lists(ROW, max_size=30, unique_by=lambda row: row[0]))
@settings(max_examples=200, deadline=None)
def test_groups(rows: list[tuple[int, int, list[int]]]) -> None:
    columns = Columns(2)
    for handle, item, keys in rows:
        columns.add(Rows([handle], array("Q", keys), array("Q", [item])))
    expected = _plain(columns)
    found = list(groups_of(columns.keys, columns.items, columns.handles, 2))
    assert [list(members) for members in found] == expected
    assert [[members[0], *members[1:]] for members in found] == expected
    assert [len(members) for members in found] == list(map(len, expected))
    assert "numpy" in sys.modules
    assert [list(group.members) for group in columns] == expected


FOUR = st.tuples(st.integers(0, 30), st.integers(0, 5), st.lists(st.integers(0, 7), min_size=4, max_size=4, unique=True))


@given(rows=st.lists(FOUR, max_size=30, unique_by=lambda row: row[0]), least=st.integers(1, 4))
@settings(max_examples=200, deadline=None)
def test_pairs(rows: list[tuple[int, int, list[int]]], least: int) -> None:
    columns = Columns(4)
    for handle, item, keys in rows:
        columns.add(Rows([handle], array("Q", keys), array("Q", [item])))
    found = columns.pairs(least)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Columns, "_is_small", lambda _: True)
        assert columns.pairs(least) == found
