"""LLaMA-Factory's registry against the records of its files: silence first."""

import json
from typing import Any

import pytest

from tests.linting import lint

CHAT = {"role_tag": "role", "content_tag": "content", "user_tag": "user", "assistant_tag": "assistant", "system_tag": "system"}
TURNS = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]
CONVERSATION = [{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Hello"}]


def _said(entry: dict[str, Any], *records: Any, file: str = "data.jsonl") -> list[tuple[str, str, str]]:
    registry = json.dumps({"mine": {"file_name": file, **entry}})
    beside = {file: "".join(json.dumps(one) + "\n" for one in records).encode()}
    report = lint(registry, {"FMT011"}, "dataset_info.json", beside=beside)
    return [(one.at, str(one.severity), one.message) for one in report.diagnostics]


@pytest.mark.parametrize(
    ("entry", "record"),
    [
        ({}, {"instruction": "a", "input": "", "output": "b"}),
        ({"columns": {"prompt": "instruction", "response": "output"}}, {"instruction": "a", "output": "b"}),
        ({"columns": {"prompt": "q", "response": "a", "history": "h"}}, {"q": "a", "a": "b", "h": []}),
        ({"formatting": "sharegpt"}, {"conversations": CONVERSATION}),
        ({"formatting": "sharegpt", "columns": {"messages": "m"}, "tags": CHAT}, {"m": TURNS}),
        ({"formatting": "openai", "columns": {"messages": "m", "tools": "t"}, "tags": CHAT}, {"m": TURNS}),
        ({"formatting": "sharegpt", "tags": {**CHAT, "system_tag": None}}, {"conversations": TURNS}),
        ({"ranking": True, "columns": {"prompt": "p", "chosen": "c", "rejected": "r"}}, {"p": "a", "c": "b", "r": "d"}),
        ({"formatting": "sharegpt"}, {"conversations": "not turns"}),
        ({"formatting": "sharegpt"}, {"conversations": [1, None]}),
        ({"formatting": "sharegpt", "tags": {}}, {"conversations": CONVERSATION}),
        ({"columns": None}, {"instruction": "a", "input": "", "output": "b"}),
    ],
)
def test_silent_where_the_entry_reads_the_data(entry: dict[str, Any], record: dict[str, Any]) -> None:
    assert _said(entry, *[record] * 3) == []


def test_a_column_of_one_record_is_a_column() -> None:
    assert _said({}, {"instruction": "a", "output": "b"}, {"instruction": "a", "input": "c", "output": "b"}) == []


def test_some_conversations_are_skipped() -> None:
    tool = [*TURNS[:1], {"role": "tool", "content": "4"}, *TURNS[1:]]
    entry = {"formatting": "sharegpt", "columns": {"messages": "m"}, "tags": CHAT}
    (one,) = _said(entry, {"m": TURNS}, {"m": tool}, {"m": TURNS})
    assert one == ("mine.tags", "warning", "no tag reads turns of 'tool', so that 1 of the first 3 are skipped")


def test_the_openai_converter_ends_at_a_role_that_it_does_not_know() -> None:
    (one,) = _said(
        {"formatting": "openai", "columns": {"messages": "m"}, "tags": CHAT}, {"m": [*TURNS, {"role": [], "content": ""}]}
    )
    assert one == ("mine.tags", "error", "no tag reads turns of '[]', so that the run ends")


@pytest.mark.parametrize(
    ("entry", "record", "at"),
    [
        ({}, {"instruction": "a", "output": "b"}, "mine.file_name"),
        ({}, {"messages": TURNS, "input": "", "output": ""}, "mine.file_name"),
        ({"formatting": "sharegpt"}, {"conversations": TURNS}, "mine.formatting"),
        ({"formatting": "sharegpt", "tags": {**CHAT, "content_tag": "text"}}, {"conversations": TURNS}, "mine.tags.content_tag"),
        ({"formatting": "sharegpt", "tags": CHAT}, {"conversations": CONVERSATION}, "mine.tags.role_tag"),
        ({"formatting": "sharegpt", "tags": {"role_tag": "role", "content_tag": "content"}}, {"conversations": TURNS}, "mine.tags"),
        ({"columns": {"prompt": "instruction", "query": "input", "response": "output"}}, {"instruction": "a", "output": "b"}, "mine.columns.query"),
        ({"columns": {"instruction": "q", "response": "a"}}, {"q": "a", "a": "b"}, "mine.columns.instruction"),
    ],
)  # fmt: skip
def test_what_the_entry_does_not_read(entry: dict[str, Any], record: dict[str, Any], at: str) -> None:
    (one,) = _said(entry, *[record] * 3)
    assert one[:2] == (at, "error")
    assert len(one[2]) < 120


@pytest.mark.parametrize("file", ["data.jsonl.gz", "data.tsv", "data.JSON"])
def test_the_end_of_the_name_is_what_counts(file: str) -> None:
    said = _said({}, {"instruction": "a", "input": "", "output": "b"}, file=file)
    assert [one[0] for one in said] == ["mine.file_name"]
