"""Which format records are taken for: by their keys and what these hold, never by a likeness of words alone."""

import json
from typing import Any

import pytest

from tests.linting import lint
from tunelint.formats import all_targets
from tunelint.formats.detect import SAMPLE, detect

CHAT = [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "No."}]


@pytest.mark.parametrize(
    ("record", "name"),
    [
        ({"messages": CHAT}, "openai-chat"),
        ({"messages": CHAT, "metadata": {"source": "chat"}, "id": "7"}, "openai-chat"),
        ({"messages": [CHAT[1], CHAT[0]]}, "openai-chat"),
        ({"massage": CHAT, "id": 7}, "openai-chat"),
        ({"Text": "Rain falls.", "source": "book"}, "text"),
        ({"txt": "Rain falls."}, "text"),
        ({"content": "Rain falls.", "id": 7}, "text"),
        ({"Prompt": "1 + 1 =", "Completion": "2"}, "prompt-completion"),
        ({"promt": "1 + 1 =", "completion": "2", "id": 7}, "prompt-completion"),
        ({"prompt": "1 + 1 =", "answer": "2"}, "prompt-only"),
        ({"messages": CHAT[:1], "chosen": CHAT[1], "rejected": CHAT[1]}, "preference"),
        ({"id": "1", "image": "coco/1.jpg", "conversations": [{"from": "human", "value": "<image>"}]}, "sharegpt"),
    ],
)
def test_formats_are_told_by_their_keys(record: dict[str, Any], name: str) -> None:
    found = detect([record] * 3).format
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize(
    "record",
    [
        {"train": ["0", "1"], "test": ["2"]},
        {"intent": "What is the title of the page?", "task_id": 1003, "sites": ["web"]},
        {"prompts": "Find the flag.", "challenge_name": "box", "challenge_type": "victim"},
        {"temperature": 0.1, "max_messages": 8},
        {"name": "package", "version": "1.0.0", "scripts": {"test": "jest"}, "dependencies": {}},
        {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": {"type": "Point", "coordinates": [1, 2]}}]},
        {"openapi": "3.1.0", "info": {"title": "API", "version": "1"}, "paths": {}},
        {"cells": [{"cell_type": "code", "source": ["1"], "outputs": []}], "metadata": {}, "nbformat": 4},
        {"chat_id": "1", "messages": [{"party": "Victim", "content": "Hi", "timestamp": "17.02.2023"}]},
        {"id": "1", "system_prompt": "Be brief.", "question": "Is it raining?", "response": "No."},
        {"id": "1", "context": "It rains.", "question": "Is it raining?", "answers": {"text": ["Yes"], "answer_start": [0]}},
        {"prompt": "Is it raining?", "generation": "No."},
        {"subject": "Meeting", "from": "a@example.com", "to": "b@example.com", "content": "Hi all"},
        {"bomFormat": "CycloneDX", "components": []},
        {"level": "info", "message": "started", "timestamp": "2026-01-01T00:00:00Z"},
        {"error": {"message": "Incorrect API key provided", "type": "invalid_request_error"}},
        {"id": "chatcmpl-1", "object": "chat.completion", "choices": [{"index": 0, "message": CHAT[1]}], "model": "gpt-4o"},
        {"name": "get_weather", "description": "Weather", "parameters": {"type": "object", "properties": {}}},
    ],
)
def test_what_only_looks_alike_is_no_dataset(record: dict[str, Any]) -> None:
    assert detect([record]).format is None


@pytest.mark.parametrize(
    ("record", "lacking"),
    [
        ({"prompt": "Is it raining?", "generation": "No."}, "'generation' named 'completion'"),
        ({"dialogue": CHAT, "language": "English"}, "'dialogue' named 'messages'"),
        ({"messages": [{"speaker": "user", "content": "Hi"}]}, "'speaker' named 'role' in each message"),
    ],
)
def test_what_the_nearest_format_would_need_is_said(record: dict[str, Any], lacking: str) -> None:
    found = detect([record])
    assert found.nearest is not None
    assert found.nearest[1].partition(", or --target")[0] == lacking


@pytest.mark.parametrize(
    ("record", "owner"),
    [
        ({"query": "1 + 1 =", "response": "2", "history": [["0 + 0 =", "0"]]}, "--target ms-swift"),
        ({"article": "A long text.", "summary": "A text."}, "--target axolotl"),
        ({"question": "1 + 1 =", "passages": ["2"]}, ""),
    ],
)
def test_the_trainer_that_alone_reads_columns_is_named(record: dict[str, Any], owner: str) -> None:
    found = detect([record])
    assert found.format is None
    assert owner in (found.nearest or ("", ""))[1]
    assert "--target" not in (detect([record], all_targets()["openai"]).nearest or ("", ""))[1]
    assert ("--target" in (found.nearest or ("", ""))[1]) == bool(owner)


def test_empty_objects_at_the_head_do_not_hide_the_format() -> None:
    lines = b"{}\n" * (SAMPLE + 1) + b'{"prompt": "1 + 1 =", "completion": " 2"}\n'
    report = lint(lines, ["FIL009", "FMT003"])
    assert report.format == "prompt-completion"
    assert {one.code for one in report.diagnostics} == {"FMT003"}


@pytest.mark.parametrize(
    "record",
    [
        {"custom_id": "7", "prompt": "Is it raining?", "completion": "No."},
        {"custom_id": "7", "query": "Is it raining?", "response": "No."},
        {"custom_id": "7", "messages": CHAT},
        {"custom_id": 7, "body": {"messages": CHAT}},
        {"custom_id": "7", "body": "Is it raining?"},
    ],
)
def test_an_identifier_makes_no_batch(record: dict[str, Any]) -> None:
    assert detect([record]).exchange is None


@pytest.mark.parametrize("target", ["", "openai", "trl", "axolotl", "bedrock"])
def test_requests_of_a_batch_are_one_finding(target: str) -> None:
    lines = [
        {"custom_id": str(n), "body": {"model": "m", "messages": [{"role": "user", "content": f"Is {n} even?"}]}}
        for n in range(99)
    ]
    report = lint("".join(json.dumps(line) + "\n" for line in lines), target=target)
    assert [(one.code, one.line, one.severity) for one in report.diagnostics] == [("FMT001", 1, "error")]
    assert "requests of a batch" in report.diagnostics[0].message
