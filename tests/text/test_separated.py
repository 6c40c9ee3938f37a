"""Rows of CSV: sound ones as Python's `csv` reads them, broken ones with everything that was written there."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunelint.text.separated import Rows, quote_fault

HEADER = "prompt,completion\n"


def rows(text: str) -> list[tuple[int, list[str] | None]]:
    return [(row.line, row.fields) for row in Rows(iter(text.splitlines(keepends=True)))][1:]


@given(st.lists(st.lists(st.text(st.sampled_from('ab",;\n\r é'), max_size=8), min_size=2, max_size=2), max_size=8))
def test_what_a_library_writes_is_read_back(table: list[list[str]]) -> None:
    file = io.StringIO(newline="")
    csv.writer(file, quoting=csv.QUOTE_ALL).writerows([["prompt", "completion"], *table])
    file.seek(0)
    assert [row.fields for row in Rows(iter(file))][1:] == table


@given(st.text(st.sampled_from('ab",,"\n\n'), max_size=60))
def test_every_line_belongs_to_one_row(text: str) -> None:
    found = list(Rows(iter(io.StringIO(HEADER + text, newline=""))))
    assert "".join(row.text for row in found) == HEADER + text
    for row, after in zip(found, [*found[1:], None], strict=True):
        assert after is None or row.line + row.text.count("\n") == after.line
    for row in found:
        assert row.fields is not None or quote_fault(row.text, ",") is not None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param('a,"b\nc,d\ne,f\n', [(2, None), (3, ["c", "d"]), (4, ["e", "f"])], id="closed-nowhere"),
        pytest.param('a,"b\nc,"d"\ne,f\n', [(2, None), (3, ["c", "d"]), (4, ["e", "f"])], id="closed-by-another-row's"),
        pytest.param('a,"b\nc,", d"\ne,f\n', [(2, None), (3, ["c", ", d"]), (4, ["e", "f"])], id="too-many-fields"),
        pytest.param('a,"b\nc,"d\ne"\nf,g\n', [(2, None), (3, ["c", "d\ne"]), (5, ["f", "g"])], id="row-of-two-lines-below"),
        pytest.param('a,"say "b" to\nme, you, him"\nc,d\n', [(2, None), (4, ["c", "d"])], id="quotes-in-a-text-of-two-lines"),
        pytest.param('"a\nb","c\nd,e\n', [(2, None), (4, ["d", "e"])], id="a-sound-field-of-two-lines-before"),
        pytest.param('a,"b', [(2, None)], id="last-line"),
        pytest.param('a,"b\n\n\nc,d\n', [(2, None), (5, ["c", "d"])], id="blank-lines-between"),
        pytest.param('a,5" pipe\nc,d\n', [(2, ["a", '5" pipe']), (3, ["c", "d"])], id="a-quote-within-a-plain-field"),
        pytest.param('a,"b\nc"\nd\n', [(2, ["a", "b\nc"]), (4, ["d"])], id="nothing-broken"),
    ],
)
def test_a_broken_row_ends_before_the_next_sound_one(text: str, found: list[tuple[int, list[str] | None]]) -> None:
    assert rows(HEADER + text) == found


def test_a_broken_header_costs_no_row() -> None:
    found = list(Rows(iter(['"prompt,completion\n', "a,b\n", 'c,"d"\n'])))
    assert [(row.line, row.fields) for row in found] == [(1, None), (2, ["a", "b"]), (3, ["c", "d"])]


def test_a_field_of_many_lines_is_one_field() -> None:
    text = "\n".join(f"line {number}, and more" for number in range(5_000))
    assert rows(f'{HEADER}a,"{text}"\nb,c\n') == [(2, ["a", text]), (5_002, ["b", "c"])]


def test_what_is_searched_for_a_sound_row_has_an_end() -> None:
    lines = [HEADER, 'a,"b"c\n', *["no row\n"] * 5_000, "d,e\n"]
    found = [row for row in Rows(iter(lines)) if row.fields is None]
    assert len(found) == 1
    assert found[0].text.count("\n") < 2_000
