"""Records read as columns give what the same records give one by one."""

import json
from collections.abc import Iterator
from unittest import mock

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.linting import linter
from tunelint.core.block import PlainBlock
from tunelint.core.record import Record
from tunelint.engine.lengths import read_lengths
from tunelint.engine.linter import Linter
from tunelint.engine.reader import Reader
from tunelint.engine.triggers import Triggers
from tunelint.formats import find_format
from tunelint.report.page.reading import Watch
from tunelint.rules import all_rules
from tunelint.tokens import Counter, counter_for
from tunelint.tokens.blocks import count_block
from tunelint.tokens.lengths import plain_lengths

_TEXTS = st.sampled_from(
    [
        "positive",
        "negative",
        "",
        " \n",
        "  Is it raining in Bonn today, and will it rain tomorrow as well? Please answer in one short sentence for me.",
        "Is it raining in Bonn today, and will it rain tomorrow as well? Please answer in one short sentence for us. ",
        'Write {"role": "user"} and "content": please',
        'C:\\temp\\ and \\"',
        "Say it with <|im_end|> and \u2028 please",
        "\ufffd lost",
        "I'm sorry, but I can't help with that.",
        "你好，请问今天天气怎么样？",
        "a\x1e\x1fb",
        "one two three " * 40,
    ]
)
_ROLES = st.sampled_from(["system", "user", "user", "assistant", "assistant", "tool", "human", 'us"er'])
_MESSAGES = st.lists(st.fixed_dictionaries({"role": _ROLES, "content": _TEXTS}), min_size=1, max_size=4)
_TWICE = st.sampled_from(
    [
        r'{"messages": [{"role": "user", "content": "a", "content": "c"}, {"role": "assistant", "content": "b"}]}',
        r'{"messages": [{"role": "user", "content": "a", "content" : "c"}, {"role": "assistant", "content": "b"}]}',
        r'{"messages": [{"role": "user", "role": "user", "content": "\u0022\u0022"}, {"role": "assistant", "content": "\u0022\u0022"}]}',
        r'{"messages": [{"role": "user", "r\u006fle": "user", "content": "a"}, {"role": "assistant", "content": "b\\"}]}',
    ]
)
_ODD = st.sampled_from(
    [
        r'{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b", "weight": 1}]}',
        r'{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": 7}]}',
        '{"messages": [{"role": "user"',
        "",
        " ",
        '{"messages": [{"role": "user", "content": "a"}]} {"messages": [{"role": "user", "content": "a"}]}',
    ]
)
LINES = st.one_of(
    st.builds(lambda messages, escaped: json.dumps({"messages": messages}, ensure_ascii=escaped), _MESSAGES, st.booleans()),
    _TWICE,
    _ODD,
)


@pytest.fixture(autouse=True, scope="module")
def short_runs() -> Iterator[None]:
    """Make columns of two records already."""
    with mock.patch("tunelint.engine.reader._LEAST_RUN", 2):
        yield


def _columns(data: bytes) -> Linter:
    """Return a linter that counts a file as it does a large one."""
    one = linter(data, set(all_rules()), limit=60)
    one.plan.large = True
    return one


def _one_by_one(data: bytes) -> Linter:
    one = linter(data, set(all_rules()), limit=60)
    one.plan.reader._read_plain = lambda rows, base, block: None  # type: ignore[method-assign]
    return one


@given(lines=st.lists(LINES, min_size=1, max_size=30), end=st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=150, deadline=None)
def test_columns_give_the_findings_of_single_records(lines: list[str], end: str) -> None:
    data = "".join(line + end for line in lines).encode()
    one, other = _columns(data).run(), _one_by_one(data).run()
    assert msgspec.to_builtins(one) == msgspec.to_builtins(other)


@given(lines=st.lists(st.builds(lambda messages: json.dumps({"messages": messages}), _MESSAGES), min_size=1, max_size=8))
@settings(max_examples=100, deadline=None)
def test_columns_hold_what_records_say(lines: list[str]) -> None:
    reader = Reader(find_format("openai-chat"), Triggers([]), lambda _: False)
    rows = [line.encode() for line in lines]
    block = reader.read_block(rows, 5, b"\n".join(rows))
    counter = counter_for("o200k_base")
    if not isinstance(block, PlainBlock):
        assert any('us\\"er' in line for line in lines)
        return
    counted = count_block(block, counter, chat=True)
    singles = [reader.read(raw, 5 + index) for index, raw in enumerate(rows)]
    assert list(block.handles) == [record.handle for record in singles]
    assert block.answers == [record.answer for record in singles]
    assert list(zip(*block.digests, strict=True)) == [record.digests for record in singles]
    assert block.identities.tolist() == [record.identity for record in singles]
    for record, single in zip(block, singles, strict=True):
        assert (record.raw, record.row, record.texts, record.roles) == (single.raw, single.row, single.texts, single.roles)
        ids = [counter.ids(text) for text in single.texts or ()]
        assert record.tokens is not None
        assert [list(map(int, those)) for those in record.tokens] == ids
        assert record.lengths == plain_lengths(single.roles, ids, chat=True)
    assert counted.above(60) == [index for index, record in enumerate(block) if record.lengths and record.lengths.total > 60]


@given(lines=st.lists(LINES, min_size=1, max_size=30))
@settings(max_examples=100, deadline=None)
def test_columns_give_the_lengths_of_single_records(lines: list[str]) -> None:
    data = "".join(f"{line}\n" for line in lines).encode()
    one, other = read_lengths(_columns(data)), read_lengths(_one_by_one(data))
    assert (one.totals, one.sequences, one.trained, one.records) == (other.totals, other.sequences, other.trained, other.records)


@given(lines=st.lists(LINES, min_size=1, max_size=30))
@settings(max_examples=50, deadline=None)
def test_columns_give_a_page_what_single_records_give(lines: list[str]) -> None:
    data = "".join(f"{line}\n" for line in lines).encode()
    found = []
    for one in (_columns(data), _one_by_one(data)):
        watch = one.ledger = Watch(one.plan, None)
        one.read()
        lengths, keys = watch.lengths, watch.keys
        counts = (lengths.trained, lengths.over, lengths.cut, lengths.unlearnt)
        found.append((counts, lengths.totals, lengths.by_role, keys, watch.all_drawn.items()))
    assert found[0] == found[1]


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_fault_far_down_a_block_is_found(end: bytes) -> None:
    rows = [
        json.dumps({"messages": [{"role": "user", "content": f"q {n}"}, {"role": "assistant", "content": f"a {n}"}]})
        for n in range(900)
    ]
    rows[450] = rows[450].replace("a 450", "a lost \ufffd")
    found = linter(end.join(row.encode() for row in rows) + end, {"JSN006"}).run().diagnostics
    assert [one.line for one in found] == [451]


def test_records_of_a_block_are_made_once() -> None:
    reader = Reader(find_format("openai-chat"), Triggers([]), lambda _: False)
    rows = [b'{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}'] * 3
    block = reader.read_block(rows, 0, b"\n".join(rows))
    assert isinstance(block, PlainBlock)
    assert block[1] is block[1]
    assert block[-1] is block[2]
    assert [record.handle for record in block[1:]] == [1, 2]
    assert all(isinstance(record, Record) for record in block)


def test_no_prompt_is_encoded_with_the_slower_tables() -> None:
    counter = Counter("x", lambda text: [7, 7], lambda: (lambda text: [1], lambda text: [1], None))
    row = b'{"messages": [{"role": "system", "content": "Be brief"}, {"role": "user", "content": "a"}]}'
    block = Reader(find_format("openai-chat"), Triggers([]), lambda _: False).read_block([row], 0, row)
    assert isinstance(block, PlainBlock)
    assert count_block(block, counter, chat=True).sizes.tolist() == [1, 1]
