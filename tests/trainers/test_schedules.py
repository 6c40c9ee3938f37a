"""Schedules of the rate and splits of files, as the tools read them: silence first."""

import pytest

from tests.linting import lint

AXOLOTL = """\
base_model: meta-llama/Llama-3.1-8B
datasets:
  - path: tatsu-lab/alpaca
    type: alpaca
sequence_len: 2048
micro_batch_size: 2
learning_rate: 0.00002
"""
LLAMA_FACTORY = """\
stage: sft
model_name_or_path: Qwen/Qwen3-0.6B
template: qwen3
dataset: identity
output_dir: saves
learning_rate: 1.0e-4
"""


def _said(text: str) -> list[tuple[str, str]]:
    return [(one.at, str(one.severity)) for one in lint(text, {"TRN018"}, "train.yaml").diagnostics]


@pytest.mark.parametrize(
    "text",
    [
        AXOLOTL + "lr_scheduler: constant\n",
        AXOLOTL + "lr_scheduler: constant\nwarmup_steps: 0\n",
        AXOLOTL + "lr_scheduler: constant_with_warmup\nwarmup_steps: 9\n",
        AXOLOTL + "cosine_min_lr_ratio: 0.1\n",
        AXOLOTL + "lr_scheduler: rex\ncosine_min_lr_ratio: 0.1\n",
        AXOLOTL + "lr_scheduler: cosine_with_min_lr\nlr_scheduler_kwargs: {min_lr: 1e-6}\n",
        LLAMA_FACTORY + "lr_scheduler_type: cosine_with_min_lr\nlr_scheduler_kwargs: {min_lr_rate: 0.1}\n",
        LLAMA_FACTORY + "lr_scheduler_type: cosine_with_min_lr\nlr_scheduler_kwargs: '{\"min_lr\": 1e-6}'\n",
        LLAMA_FACTORY + "lr_scheduler_type: warmup_stable_decay\n",
        AXOLOTL.replace("tatsu-lab/alpaca", "data/a.jsonl\n    split: train[:10%]"),
        AXOLOTL.replace("tatsu-lab/alpaca", "data/a.jsonl\n    split: train+train"),
        AXOLOTL.replace("tatsu-lab/alpaca", "org/name\n    split: test"),
        AXOLOTL.replace("tatsu-lab/alpaca", "s3://bucket/a.jsonl\n    split: test"),
        AXOLOTL + "test_datasets: [{path: data/b.jsonl, type: alpaca}]\n",
    ],
)
def test_silent_where_the_tool_takes_it(text: str) -> None:
    assert _said(text) == []


@pytest.mark.parametrize(
    ("text", "at", "severity"),
    [
        (AXOLOTL + "lr_scheduler: constant\nwarmup_ratio: 0.1\n", "warmup_ratio", "warning"),
        (AXOLOTL + "lr_scheduler: linear\ncosine_min_lr_ratio: 0.1\n", "cosine_min_lr_ratio", "warning"),
        (AXOLOTL + "lr_scheduler: cosine_with_min_lr\n", "lr_scheduler", "error"),
        (AXOLOTL + "lr_scheduler: warmup_stable_decay\n", "lr_scheduler", "error"),
        (LLAMA_FACTORY + "lr_scheduler_type: cosine_with_min_lr\nlr_scheduler_kwargs: {min_lr: 1, min_lr_rate: 1}\n", "lr_scheduler_type", "error"),
        (AXOLOTL.replace("tatsu-lab/alpaca", "data/a.jsonl\n    split: test"), "datasets[0].split", "error"),
        (AXOLOTL + "test_datasets: [{path: json, data_files: [a.jsonl], type: alpaca}]\n", "test_datasets[0].path", "error"),
    ],
)  # fmt: skip
def test_what_has_no_effect_or_ends_the_run(text: str, at: str, severity: str) -> None:
    assert _said(text) == [(at, severity)]
