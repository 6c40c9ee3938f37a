"""DeepSpeed's own file beside a config that names it: silence first."""

import json
from typing import Any

import pytest

from tests.linting import lint

TRL = """\
model_name_or_path: Qwen/Qwen3-0.6B
dataset_name: trl-lib/Capybara
output_dir: out
deepspeed: configs/ds.json
learning_rate: 2.0e-5
per_device_train_batch_size: 2
gradient_accumulation_steps: 4
max_length: 2048
bf16: true
"""
AXOLOTL = """\
base_model: meta-llama/Llama-3.1-8B
deepspeed: configs/ds.json
datasets: [{path: tatsu-lab/alpaca, type: alpaca}]
sequence_len: 2048
micro_batch_size: 2
gradient_accumulation_steps: 4
learning_rate: 2e-5
bf16: auto
"""
STAGE = {"zero_optimization": {"stage": 2}}


def _said(said: Any, text: str = TRL, name: str = "configs/ds.json") -> list[str]:
    data = said if isinstance(said, bytes) else json.dumps(said).encode()
    report = lint(text, {"LNK007"}, "run.yaml", beside={name: data})
    assert all(one.at == "deepspeed" for one in report.diagnostics)
    return [one.message for one in report.diagnostics]


@pytest.mark.parametrize("text", [TRL, AXOLOTL])
@pytest.mark.parametrize(
    "said",
    [
        STAGE,
        {**STAGE, "train_batch_size": "auto", "gradient_clipping": "auto", "optimizer": {"params": {"lr": "auto"}}},
        {**STAGE, "train_batch_size": 64, "train_micro_batch_size_per_gpu": 2, "gradient_accumulation_steps": 4},
        {**STAGE, "gradient_clipping": 1.0, "optimizer": {"type": "AdamW", "params": {"lr": 2e-5, "weight_decay": 0}}},
        {**STAGE, "bf16": {"enabled": True}, "fp16": {"enabled": False}},
        {**STAGE, "optimizer": None, "scheduler": [], "bf16": True},
        [],
        b"{",
        b"\xff",
        b"[" * 100_000,
    ],
)
def test_silent_where_the_two_agree(said: Any, text: str) -> None:
    assert _said(said, text) == []


def test_silent_where_nobody_can_look() -> None:
    assert _said({**STAGE, "train_micro_batch_size_per_gpu": 9}, name="elsewhere/ds.json") == []
    assert _said({**STAGE, "train_micro_batch_size_per_gpu": 9}, TRL.replace("configs/ds.json", "zero2"), "zero2") == []


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"train_micro_batch_size_per_gpu": 1}, "train_micro_batch_size_per_gpu 1, and this config 2"),
        ({"gradient_accumulation_steps": "4"}, "gradient_accumulation_steps '4', and this config 4"),
        ({"train_batch_size": 12}, "train_batch_size 12, and this config batches of 8 a GPU"),
        ({"optimizer": {"params": {"lr": 3e-5}}}, "optimizer.params.lr 3e-05, and this config 2e-05"),
        ({"scheduler": {"params": {"warmup_max_lr": 1e-4}}}, "warmup_max_lr 0.0001, and"),
        ({"gradient_clipping": 0.3}, "gradient_clipping 0.3, and this config 1"),
        ({"bf16": {"enabled": False}}, "bf16.enabled false, and this config true"),
        ({"fp16": {"enabled": True}}, "fp16.enabled true, and this config false"),
    ],
)
def test_what_differs(said: dict[str, Any], words: str) -> None:
    (message,) = _said({**STAGE, **said})
    assert words in message
