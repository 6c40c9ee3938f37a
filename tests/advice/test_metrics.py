"""What an answer scores beside the one of the dataset."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunelint.advice.metrics import METRICS, Call, Said, calls_match, character_f, exact, field_f1, match

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)
OBJECTS = st.dictionaries(st.text(max_size=5), JSON, max_size=4)


def said(value: Any) -> Said:
    return Said(value if isinstance(value, str) else json.dumps(value))


@pytest.mark.parametrize(
    ("given_text", "wanted", "score"),
    [
        ("Praise", "praise", 1),
        (" praise.\n", "praise", 1),
        ('"praise"', "praise", 1),
        ("“praise”", "praise", 1),
        ("ｐｒａｉｓｅ", "praise", 1),
        ("order  form", "order form", 1),
        ("好评。", "好评", 1),
        ("praise or order", "praise", 0),
        ("The label is praise", "praise", 0),
        ("", "praise", 0),
        (".", "!", 0),
        ("!", "!", 1),
    ],
)
def test_match(given_text: str, wanted: str, score: float) -> None:
    assert match(said(given_text), said(wanted)) == score


@pytest.mark.parametrize(
    ("given_text", "wanted", "score"),
    [("a  = 1\n", "a = 1", 1), ("A = 1", "a = 1", 0), ("a = 1;", "a = 1", 0)],
)
def test_exact(given_text: str, wanted: str, score: float) -> None:
    assert exact(said(given_text), said(wanted)) == score


@pytest.mark.parametrize(
    ("answer", "wanted", "score"),
    [
        ({"a": 1, "b": "x"}, {"b": "X", "a": 1.0}, 1),
        ('```json\n{"a": 1}\n```', {"a": 1}, 1),
        ('{"a": 1} that is it', {"a": 1}, 0),
        ("no", {"a": 1}, 0),
        ({"a": 1}, {"a": 2}, 0),
        ({"a": 1, "b": 2}, {"a": 1}, 2 / 3),
        ({"a": ["x", "y"]}, {"a": ["y", "x"]}, 1),
        ({"a": ["x", "x"]}, {"a": ["x"]}, 2 / 3),
        ({"a": []}, {"a": []}, 1),
        ({}, {}, 1),
        ({}, {"a": 1}, 0),
        ({"a": None}, {"a": "null"}, 1),
        ({"a": True}, {"a": 1}, 0),
        ({"a": {"b": 1}}, {"a.b": 1}, 1),
    ],
)
def test_field_f1(answer: Any, wanted: Any, score: float) -> None:
    assert field_f1(said(answer), said(wanted)) == pytest.approx(score)


@pytest.mark.parametrize(
    ("answer", "wanted", "score"),
    [
        (Said(calls=(Call("f", '{"x": 1}'),)), Said(calls=(Call("f", {"x": 1.0}),)), 1),
        (Said(calls=(Call("f", {"x": 1}), Call("g"))), Said(calls=(Call("g", "{}"), Call("f", {"x": 1}))), 1),
        (Said(calls=(Call("f", {"x": 1}), Call("f", {"x": 1}))), Said(calls=(Call("f", {"x": 1}),)), 0),
        (Said(calls=(Call("f", {"x": 2}),)), Said(calls=(Call("f", {"x": 1}),)), 0),
        (Said(calls=(Call("g", {"x": 1}),)), Said(calls=(Call("f", {"x": 1}),)), 0),
        (Said(calls=(Call("f", "{broken"),)), Said(calls=(Call("f", {}),)), 0),
        (Said('{"name": "f", "arguments": {"x": 1}}'), Said('{"arguments": {"x": 1}, "name": "f"}'), 1),
        (Said('{"name": "f", "arguments": {"x": 1}}'), Said(calls=(Call("f", {"x": 1}),)), 1),
        (Said('Here:\n{"name": "f", "arguments": {"x": 1}}'), Said(calls=(Call("f", {"x": 1}),)), 1),
        (Said('[{"name": "f", "arguments": {}}, {"name": "g", "parameters": {}}]'), Said(calls=(Call("g", {}), Call("f"))), 1),
        (Said("Which city?"), Said("Where are you?"), 1),
        (Said("Which city?", (Call("f"),)), Said("Where are you?"), 0),
        (Said('{"name": "Ann"}'), Said("Where are you?"), 1),
    ],
)
def test_calls_match(answer: Said, wanted: Said, score: float) -> None:
    assert calls_match(answer, wanted) == score


def test_character_f_known() -> None:
    """By hand: 3 of 4 letters, 2 of 3 pairs, 1 of 2 triples, 0 of 1 quadruples, on both sides."""
    assert character_f(said("abcx"), said("abcd")) == pytest.approx((3 / 4 + 2 / 3 + 1 / 2 + 0) / 4)
    assert character_f(said("the cat"), said("thecat")) == 1
    assert character_f(said(""), said("x")) == 0
    assert character_f(said(" "), said("")) == 1


@given(st.text(), st.text())
def test_every_metric_takes_every_text(one: str, other: str) -> None:
    for metric in METRICS.values():
        score = metric.score(Said(one), Said(other))
        assert 0 <= score <= 1 + 1e-9
        assert metric.score(Said(other), Said(other)) == pytest.approx(1)
        if metric.binary:
            assert score in {0.0, 1.0}
        metric.readable(Said(one))


@given(OBJECTS, OBJECTS)
def test_field_f1_is_one_for_equal_objects_and_even_handed(one: Any, other: Any) -> None:
    assert field_f1(said(one), said(one)) == pytest.approx(1)
    assert field_f1(said(one), said(other)) == pytest.approx(field_f1(said(other), said(one)))


def test_deep_json_is_no_crash() -> None:
    deep = "[" * 100_000
    assert field_f1(said(deep), said({"a": 1})) == 0
    assert calls_match(said(deep), said("hello")) == 1
