"""The parser with positions agrees with Python's and never stumbles."""

import json
import math
import string
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tunelint.core.record import Record, leaves, plain
from tunelint.text.faults import Cause
from tunelint.text.parse import Node, parse
from tunelint.text.spans import characters, format_path, locate, path_at, read_path
from tunelint.text.surrogates import lone_surrogates

TEXT = st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from('"\\/\b\f\n\r\t\u2028😀')), max_size=12)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), TEXT),
    lambda children: st.one_of(st.lists(children, max_size=4), st.dictionaries(TEXT, children, max_size=4)),
    max_leaves=12,
)
NEARLY_JSON = st.text(st.sampled_from(list("{}[]:,\"\\ntrue0123456789.eE+-' \t\n#/aN\u2028\x00😀\ud83d")), max_size=40)


def _nodes(node: Node, path: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], Node]]:
    found = [(path, node)]
    children = node.children or {}
    steps = children.items() if isinstance(children, dict) else enumerate(children)
    for step, child in steps:
        found += _nodes(child, (*path, step))
    return found


@given(value=VALUES, ascii_only=st.booleans(), indent=st.sampled_from([None, 2]))
def test_value_and_places(value: Any, ascii_only: bool, indent: int | None) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    parsed = parse(text)
    assert parsed.fault is None
    assert parsed.root is not None
    assert plain(parsed.root) == value
    for path, node in _nodes(parsed.root):
        assert json.loads(text[node.start : node.end]) == plain(node)
        if path and isinstance(path[-1], str):
            assert json.loads(text[node.key_start : node.key_end]) == path[-1]
        assert read_path(format_path(path)) == path or "" in path or any(isinstance(step, str) for step in path)
        assert parsed.find(path) is node


@given(value=VALUES.filter(lambda value: bool(leaves(value))), ascii_only=st.booleans(), data=st.data())
def test_characters_are_found_across_escapes(value: Any, ascii_only: bool, data: st.DataObject) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only)
    parsed = parse(text)
    path, string_value = data.draw(st.sampled_from(leaves(value)))
    node = parsed.find(path)
    assert node is not None
    start = data.draw(st.integers(0, len(string_value)))
    end = data.draw(st.integers(start, len(string_value)))
    first, last = characters(text, node, start, end)
    assert json.loads(f'"{text[first:last]}"') == string_value[start:end]
    if start < end:
        assert path_at(text, parsed, first) == (path, "value", (start, start + 1))


@given(text=st.one_of(NEARLY_JSON, st.text(max_size=40)))
@example(text="[" * 5_000)
@example(text='{"a":' * 3_000)
@settings(max_examples=500)
def test_nothing_makes_it_stumble_and_it_accepts_what_python_accepts(text: str) -> None:
    parsed = parse(text)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = json
    if value is not json:
        assert parsed.fault is None
        assert parsed.root is not None
        assert repr(plain(parsed.root)) == repr(value)
    elif parsed.fault is None:
        pytest.fail(f"Python refuses {text!r}")
    if parsed.fault is not None:
        assert 0 <= parsed.fault.start <= parsed.fault.end <= len(text)
        repair = parsed.fault.repair
        if repair is not None:
            assert 0 <= repair.start <= repair.end <= len(text)


@given(raw=st.binary(max_size=60))
def test_any_bytes_are_a_record(raw: bytes) -> None:
    record = Record(raw)
    assert record.value is record.value
    assert record.digests[0]
    assert record.parsed.fault is not None or record.parsed.root is not None


@given(value=st.dictionaries(TEXT.filter(bool), TEXT, min_size=2, max_size=4), place=st.integers(0, 200))
def test_a_lost_character_is_found_inside_the_text(value: dict[str, str], place: int) -> None:
    text = json.dumps(value)
    place %= len(text)
    broken = text[:place] + text[place + 1 :]
    fault = parse(broken).fault
    if fault is not None:
        assert 0 <= fault.start <= len(broken)
        if fault.repair is not None and fault.repair.certain:
            mended = broken[: fault.repair.start] + fault.repair.text + broken[fault.repair.end :]
            assert len(mended) >= len(broken) - 1


@pytest.mark.parametrize(
    ("text", "cause", "start", "repaired"),
    [
        ('{"a": 1,}', Cause.TRAILING_COMMA, 7, '{"a": 1}'),
        ('{"a": [1, 2,]}', Cause.TRAILING_COMMA, 11, '{"a": [1, 2]}'),
        ('{"a": 1 "b": 2}', Cause.MISSING_COMMA, 6, '{"a": 1, "b": 2}'),
        ('{"a": 1}{"b": 2}', Cause.SEVERAL_VALUES, 8, '{"a": 1}\n{"b": 2}'),
        ('{"a": 1}}', Cause.EXTRA_CLOSE, 8, '{"a": 1}'),
        ('{"a": True}', Cause.PYTHON_WORD, 6, '{"a": true}'),
        ("{a: 1}", Cause.UNQUOTED, 1, '{"a": 1}'),
        ('{"a": "x\ty"}', Cause.RAW_CONTROL, 8, '{"a": "x\\ty"}'),
        ('{"a": .5}', Cause.BAD_NUMBER, 6, '{"a": 0.5}'),
        ('{"a": "it\\\'s"}', Cause.BAD_ESCAPE, 9, '{"a": "it\'s"}'),
        ('{"a": "say "x""}', Cause.UNESCAPED_QUOTE, 11, None),
        ('{"a": "x', Cause.UNTERMINATED_STRING, 6, None),
        ('{"a": 1', Cause.MISSING_CLOSE, 6, None),
        ("{'a': 1}", Cause.SINGLE_QUOTES, 1, None),
        ('{"a": 1} // note', Cause.COMMENT, 9, None),
        ('{"a" 1}', Cause.MISSING_COLON, 1, None),
        ('{"a": }', Cause.MISSING_VALUE, 6, None),
        ("{“a”: 1}", Cause.CURLY_QUOTES, 1, None),
    ],
)
def test_usual_faults_are_named_at_their_place(text: str, cause: Cause, start: int, repaired: str | None) -> None:
    fault = parse(text).fault
    assert fault is not None
    assert (fault.cause, fault.start) == (cause, start)
    repair = fault.repair if fault.repair is not None and fault.repair.certain else None
    assert (None if repair is None else text[: repair.start] + repair.text + text[repair.end :]) == repaired


def test_duplicates_and_odd_numbers_are_listed() -> None:
    parsed = parse('{"a": 1, "b": {"c": 1, "c": 2}, "a": [NaN, 1e999, -Infinity]}')
    assert [one.path for one in parsed.duplicates] == [("b", "c"), ("a",)]
    assert [path for path, _ in parsed.non_finite] == [("a", 0), ("a", 1), ("a", 2)]
    assert parsed.depth == 2
    assert math.isinf(plain(parsed.root)["a"][1]) if parsed.root is not None else False


@given(
    path=st.lists(
        st.one_of(st.integers(0, 99), st.text(string.ascii_letters + '._-"\\ []日', min_size=1, max_size=6)), max_size=5
    )
)
def test_paths_come_back(path: list[str | int]) -> None:
    assert read_path(format_path(tuple(path))) == tuple(path)


@given(text=st.text(st.sampled_from(list('\\ud83eDC0a"n')), max_size=40))
def test_half_surrogate_pairs_are_found(text: str) -> None:
    for start, end in lone_surrogates(text):
        assert text[start : start + 2] == "\\u"
        assert end - start == 6


def test_place_of_what_is_not_there_is_its_nearest_ancestor() -> None:
    text = '{"messages": [{"role": "user"}]}'
    parsed = parse(text)
    assert text[slice(*locate(text, parsed, ("messages", 0, "content")))] == '"role"'
    assert text[slice(*locate(text, parsed, ("nothing", 3)))] == '"messages"'
    assert text[slice(*locate(text, parsed, ("messages", 0, "role"), "key"))] == '"role"'
