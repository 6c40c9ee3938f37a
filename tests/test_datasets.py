"""Real published datasets: what they are taken for, and that the clean ones are clean."""

from collections import Counter
from pathlib import Path

import pytest

from tests.linting import lint
from tests.shared_data import shared_data
from tunelint.core.diagnostic import FileReport

SIZE = frozenset({"ADV001"})

FILES: list[tuple[str, str | None, str | None, int, set[str]]] = [
    # name, format, method, records, codes of errors and warnings that are right
    ("json_mode_dataset.jsonl", "bedrock-claude", "sft", 500, {"DUP003"}),
    ("bedrock_nova_ft__formatted_test_ft.jsonl", "bedrock-converse", "sft", 120, {"DUP002"}),
    ("rft_train_data.jsonl", "openai-reinforcement", "reinforcement", 300, set()),
    ("rft_test_validation_data.jsonl", "openai-reinforcement", "reinforcement", 100, set()),
    ("uber10K.jsonl", "prompt-completion", "sft", 200, set()),
    ("fixtures__alpaca__alpaca.json", "alpaca", "sft", 2, set()),
    ("fixtures__conversation.json", "sharegpt", "sft", 1, set()),
    ("conversation.tokenized.json", "tokenized", "sft", 1, set()),
    ("conversation.tokenized_llama2chat.json", "tokenized", "sft", 1, set()),
    ("DistillingSarcasm__qa.jsonl", None, None, 500, {"FMT001", "DUP001"}),
    ("countdown_train_100.jsonl", "openai-reinforcement", "reinforcement", 100, set()),
    ("countdown_valid_50.jsonl", "openai-reinforcement", "reinforcement", 50, set()),
    ("countdown_train_25.jsonl", "openai-reinforcement", "reinforcement", 25, set()),
    ("countdown_valid_15.jsonl", "openai-reinforcement", "reinforcement", 15, {"DUP002"}),
    ("countdown_train_raw.jsonl", None, None, 245, {"FMT001"}),
    ("countdown_valid_raw.jsonl", None, None, 256, {"FMT001"}),
    ("orca_dpo_pairs__validation.jsonl", "openai-preference", "preference", 284, {"QUA003", "QUA005"}),
    ("medmcq_validation.jsonl", "openai-reinforcement", "reinforcement", 6_150, {"PRF006", "DUP001", "DUP002"}),
    ("Multimodal-chartqa__training.jsonl", "openai-chat", "sft", 100, set()),
    ("Multimodal-chartqa__validation.jsonl", "openai-chat", "sft", 20, set()),
    ("Text-GSM8K__chat_train.jsonl", "openai-chat", "sft", 449, set()),
    ("Text-GSM8K__chat_validation.jsonl", "openai-chat", "sft", 50, set()),
    ("stock_toolcall_training.jsonl", "openai-chat", "sft", 86, {"DUP001", "DUP002", "DUP003"}),
    ("stock_toolcall_validation.jsonl", "openai-chat", "sft", 10, set()),
    ("text2sql_dataset.jsonl", "openai-chat", "sft", 100, set()),
    ("deepmath__dataset.jsonl", "openai-reinforcement", "reinforcement", 200, set()),
    ("serverless_rl__data__countdown_train.jsonl", "openai-reinforcement", "reinforcement", 32, set()),
    ("eval_protocol_chat__train.jsonl", "openai-reinforcement", "reinforcement", 4, set()),
    ("gcloud-log-sample.jsonl", None, None, 32, {"FMT001"}),
    ("retrieval_pairs.jsonl", None, None, 24, {"FMT001"}),
    ("frozen_lake__seeds.jsonl", None, None, 120, {"FMT001"}),
    ("alpaca_en_demo.json", "alpaca", "sft", 999, {"DUP001", "DUP003", "QUA005"}),
    ("alpaca_zh_demo.json", "alpaca", "sft", 1_000, {"DUP001", "DUP003", "QUA005"}),
    ("c4_demo.jsonl", "text", "pretraining", 300, {"JSN006"}),
    ("dpo_en_demo.json", "sharegpt-preference", "preference", 300, {"DUP001", "JSN006", "QUA003", "QUA005"}),
    ("dpo_zh_demo.json", "sharegpt-preference", "preference", 300, {"DUP001", "JSN006"}),
    ("glaive_toolcall_en_demo.json", "sharegpt", "sft", 300, {"DUP001", "DUP002", "DUP003", "TOL006"}),
    ("glaive_toolcall_zh_demo.json", "sharegpt", "sft", 300, {"DUP001", "DUP002", "DUP003", "TOL006", "QUA005"}),
    ("data__identity.json", "alpaca", "sft", 91, {"QUA005", "DUP003"}),
    ("kto_en_demo.json", "kto", "kto", 300, {"CHT009", "QUA003", "QUA005"}),
    ("mllm_demo.json", "openai-chat", "sft", 6, set()),
    ("mllm_video_audio_demo.json", "openai-chat", "sft", 3, set()),
    ("reason_tool_use_demo_50.jsonl", "llama-factory-v1", "sft", 50, {"TOL006", "TOL007"}),
    ("v1_sft_demo.jsonl", "llama-factory-v1", "sft", 500, {"DUP001", "QUA005", "DUP003"}),
    ("v1_dpo_demo.jsonl", "llama-factory-v1-preference", "preference", 10, set()),
    ("v1_multimodal_demo.jsonl", "llama-factory-v1", "sft", 24, {"DUP001", "FIL003"}),
    ("alpaca_tiny.json", "alpaca", "sft", 100, set()),
    ("chat_tiny.json", "sharegpt", "sft", 1, set()),
    ("hh_rlhf_tiny.json", "preference", "preference", 1, set()),
    ("instruct_tiny.json", "alpaca", "sft", 2, set()),
    ("stack_exchange_paired_tiny.json", "preference", "preference", 25, set()),
    ("vqa_tiny.json", "input-output", "sft", 1, set()),
    ("multi_turn__frozen_lake.jsonl", "openai-reinforcement", "reinforcement", 128, {"QUA005"}),
    ("openenv__sudoku.jsonl", "openai-reinforcement", "reinforcement", 10, {"DUP001"}),
    ("grade_school_math__data__test.jsonl", None, None, 1_319, {"FMT001"}),
    ("examples__oumi_format.jsonl", "openai-chat", "sft", 2, set()),
    ("language_oumi_format.jsonl", "oumi", "sft", 2, set()),
    ("vision_language_dpo_format.jsonl", "preference", "preference", 3, set()),
]

COUNTS = {
    "DistillingSarcasm__qa.jsonl": {"DUP001": 20},
    "alpaca_en_demo.json": {"DUP001": 14},
    "alpaca_zh_demo.json": {"DUP001": 8},
    "dpo_en_demo.json": {"DUP001": 5},
    "dpo_zh_demo.json": {"DUP001": 11},
    "glaive_toolcall_en_demo.json": {"DUP001": 35},
    "glaive_toolcall_zh_demo.json": {"DUP001": 43},
    "v1_sft_demo.jsonl": {"DUP001": 1},
    "v1_multimodal_demo.jsonl": {"DUP001": 18, "FIL003": 1},
    "openenv__sudoku.jsonl": {"DUP001": 9},
}
"""Copies as independent scripts counted them: equal records after JSON normalisation."""


def _path(name: str) -> Path:
    found = [path for path in shared_data("datasets").rglob("*") if path.name.endswith(name)]
    assert len(found) == 1, (name, found)
    return found[0]


def _lint(name: str) -> FileReport:
    path = _path(name)
    return lint(path.read_bytes(), name=path.name)


@pytest.mark.parametrize(("name", "form", "method", "records", "right"), [pytest.param(*one, id=one[0]) for one in FILES])
def test_published_dataset(name: str, form: str | None, method: str | None, records: int, right: set[str]) -> None:
    report = _lint(name)
    assert report.skipped == []
    assert (report.format, report.method, report.records) == (form, method, records)
    loud = {one.code for one in report.diagnostics if one.severity in {"error", "warning"}} - SIZE
    assert loud <= right
    errors = {one.code for one in report.diagnostics if one.severity == "error"} - SIZE
    assert errors <= {"FMT001", "PRF006"}
    counts: Counter[str] = Counter()
    for one in report.diagnostics:
        counts[one.code] += one.count
    for code, count in COUNTS.get(name, {}).items():
        assert counts[code] == count
