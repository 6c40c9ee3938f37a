"""The line store splices like an editor, whatever the text."""

import re

from hypothesis import given
from hypothesis import strategies as st

from tunelint.text.lines import LineStore, Position, from_code_points, line_body, split_lines, to_code_points

TEXTS = st.text(st.sampled_from("ab\n\r\u2028\u2029\u0085\x0b\x0c\x1c😀é日\ud800"), max_size=60)
POSITIONS = st.tuples(st.integers(-2, 12), st.integers(-2, 30))
UNITS = st.sampled_from(["utf-8", "utf-16", "utf-32"])


def _offset(text: str, position: Position) -> int:
    """Find a place the naive way."""
    starts = [0, *(match.end() for match in re.finditer(r"\r\n|\n|\r", text))]
    line = min(max(position.line, 0), len(starts) - 1)
    if position.line < 0:
        return 0
    if position.line >= len(starts):
        return len(text)
    end = starts[line + 1] if line + 1 < len(starts) else len(text)
    body = text[starts[line] : end].rstrip("\r\n")
    return starts[line] + min(max(position.column, 0), len(body))


@given(text=TEXTS)
def test_lines_are_the_text(text: str) -> None:
    lines = split_lines(text)
    assert "".join(lines) == text
    assert all(re.fullmatch(r"[^\r\n]*(?:\r\n|\n|\r)", line) for line in lines[:-1])
    assert re.fullmatch(r"[^\r\n]*", lines[-1])


@given(text=TEXTS, edits=st.lists(st.tuples(POSITIONS, POSITIONS, TEXTS), max_size=6))
def test_splices_give_what_string_surgery_gives(text: str, edits: list[tuple[tuple[int, int], tuple[int, int], str]]) -> None:
    store = LineStore(text)
    for one, other, new in edits:
        start, end = Position(*one), Position(*other)
        first, last = sorted((_offset(text, start), _offset(text, end)))
        before = list(store.lines)
        splice = store.splice(start, end, new)
        text = text[:first] + new + text[last:]
        assert store.text == text
        assert store.lines == split_lines(text)
        kept = before[: splice.first] + store.lines[splice.first : splice.first + splice.inserted]
        assert kept + before[splice.first + splice.removed :] == store.lines


@given(line=TEXTS.map(lambda text: split_lines(text)[0]), column=st.integers(0, 70), unit=UNITS)
def test_columns_come_back(line: str, column: int, unit: str) -> None:
    points = min(column, len(line_body(line)))
    there = from_code_points(line, points, unit)  # type: ignore[arg-type]
    assert to_code_points(line, there, unit) == points  # type: ignore[arg-type]


@given(line=TEXTS.map(lambda text: split_lines(text)[0]), column=st.integers(-3, 200), unit=UNITS)
def test_any_column_is_a_place_in_the_line(line: str, column: int, unit: str) -> None:
    points = to_code_points(line, column, unit)  # type: ignore[arg-type]
    assert 0 <= points <= len(line_body(line))
    assert from_code_points(line, points, unit) <= max(column, 0)  # type: ignore[arg-type]
