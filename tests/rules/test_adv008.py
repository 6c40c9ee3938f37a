"""What a config does to a model with the one small dataset that it names."""

import json

import pytest

from tests.linting import lint

CONFIG = """\
base_model: meta-llama/Llama-3.1-8B
num_epochs: 4
learning_rate: 0.0001
micro_batch_size: 2
datasets:
  - path: train.jsonl
    type: alpaca
"""


def _rows(count: int) -> bytes:
    return "".join(
        json.dumps({"instruction": f"Name colour {n}", "output": f"{n} is green"}) + "\n" for n in range(count)
    ).encode()


def _severities(text: str, rows: int = 300, more: int = 300) -> list[str]:
    beside = {"train.jsonl": _rows(rows), "general.jsonl": _rows(more)}
    found = lint(text, {"ADV008"}, "train.yaml", beside=beside).diagnostics
    assert all(one.at == "datasets[0].path" and len(one.message) <= 120 for one in found)
    return [str(one.severity) for one in found]


@pytest.mark.parametrize(
    "text",
    [
        CONFIG + "  - path: general.jsonl\n    type: alpaca\n",
        CONFIG + "adapter: lora\n",
        CONFIG + "rl: grpo\n",
        CONFIG.replace("4", "3").replace("0.0001", "0.00002"),
        CONFIG.replace("0.0001", "0.00002") + "max_steps: 20\n",
        CONFIG.replace("train.jsonl", "tatsu-lab/alpaca"),
    ],
    ids=["mixed", "lora", "reinforcement", "gently", "few-steps", "elsewhere"],
)
def test_silent_where_little_is_forgotten_or_nobody_can_look(text: str) -> None:
    assert _severities(text) == []


def test_silent_on_large_datasets() -> None:
    assert _severities(CONFIG, rows=10_000) == []


def test_information_for_one_reason_and_a_warning_for_two() -> None:
    assert _severities(CONFIG.replace("0.0001", "0.00002")) == ["information"]
    assert _severities(CONFIG.replace("4", "3")) == ["information"]
    assert _severities(CONFIG) == ["warning"]


def test_the_dataset_itself_is_still_judged() -> None:
    words = {"1": "Awful", "3": "So-so", "5": "Great"}
    rows = [
        {"instruction": f"{words[star]} day {n} there. Stars from 1 to 5?", "output": star} for n in range(20) for star in words
    ]
    text = "".join(json.dumps(row) + "\n" for row in rows)
    assert [one.code for one in lint(text, {"ADV008"}, "train.jsonl").diagnostics] == ["ADV008"]
