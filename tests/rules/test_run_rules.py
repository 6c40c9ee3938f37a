"""The rules about memory, time and the life of base models: silence first."""

from typing import Any

import pytest

from tests.linting import config_linter, lint
from tests.shared_data import shared_data
from tunelint.core.diagnostic import Diagnostic
from tunelint.engine.config import ConfigLinter, decode, open_config

CODES = {"MEM001", "MEM002", "MEM003", "CST004"}
CONFIG = """\
base_model: NousResearch/Meta-Llama-3.1-8B
datasets:
  - path: tatsu-lab/alpaca
    type: alpaca
adapter: lora
lora_r: 16
lora_target_linear: true
sequence_len: 2048
micro_batch_size: 2
gradient_checkpointing: true
bf16: true
learning_rate: 0.0002
"""


def _found(text: str = CONFIG, name: str = "train.yaml", **options: Any) -> dict[str, Diagnostic]:
    return {one.code: one for one in lint(text, CODES, name, **options).diagnostics}


@pytest.mark.parametrize(
    ("text", "options"),
    [
        (CONFIG, {}),
        (CONFIG, {"costs": "calls_per_month:100"}),
        (CONFIG, {"costs": "gpu:RADEON"}),
        (CONFIG, {"costs": "gpu:A100-40GB"}),
        (CONFIG.replace("NousResearch/Meta-Llama-3.1-8B", "me/mine"), {"costs": "memory_gb:1"}),
        (CONFIG + "rl: grpo\n", {"costs": "memory_gb:1"}),
        (CONFIG + "micro_batch_size: many\n", {"costs": "memory_gb:90"}),
        (CONFIG.replace("2048", "[1]"), {"costs": "memory_gb:90"}),
        ("[hardware]\n", {"costs": "gpu:A10G"}),
        (CONFIG + "deepspeed: deepspeed_configs/zero3_bf16.json\n", {"costs": "memory_gb:8"}),
    ],
)
def test_silent_where_nothing_is_known_or_all_fits(text: str, options: dict[str, Any]) -> None:
    assert config_linter(text, CODES, "train.yaml", **options) is None or _found(text, **options) == {}


@pytest.mark.parametrize(("memory", "severity"), [(16, "error"), (22, "error"), (25, "warning"), (29, None), (40, None)])
def test_out_of_memory(memory: float, severity: str | None) -> None:
    """16 GB of weights, 7 of logits and what else there is: surely too much for 22 GB, too much for 25, and no alarm above."""
    one = _found(costs=f"memory_gb:{memory}").get("MEM001")
    assert (str(one.severity) if one is not None else None) == severity
    if one is not None:
        assert one.at == "micro_batch_size"
        assert len(one.message) <= 120
        assert one.evidence is not None
        assert one.evidence["low_gb"] < one.evidence["peak_gb"] < one.evidence["high_gb"]


def test_help_names_the_cheapest_change() -> None:
    large = CONFIG.replace("micro_batch_size: 2", "micro_batch_size: 32")
    one = _found(large, costs="gpu:A100-40GB")["MEM001"]
    assert "`micro_batch_size: " in one.help
    assert "no single change" in _found(large, costs="memory_gb:4")["MEM001"].help


def test_devices_share_what_is_sharded() -> None:
    full = CONFIG.replace("adapter: lora\nlora_r: 16\nlora_target_linear: true\n", "")
    sharded = full + "deepspeed: deepspeed_configs/zero3_bf16.json\n"
    assert "MEM001" in _found(full, costs="gpu:A100-40GB")
    assert "MEM001" in _found(sharded, costs="gpu:A100-40GB,gpus:1")
    assert "MEM001" not in _found(sharded, costs="gpu:A100-40GB,gpus:8")


def test_memory_unused() -> None:
    assert "MEM002" in _found(costs="gpu:A100-80GB")
    assert "MEM002" not in _found(costs="gpu:A10G")
    assert "MEM002" not in _found(CONFIG.replace("gradient_checkpointing: true\n", ""), costs="gpu:A100-80GB")


@pytest.mark.parametrize(("costs", "severity"), [("gpu:A100-80GB", "information"), ("gpu:A100-80GB,budget_hours:0.5", "warning")])
def test_training_time(costs: str, severity: str) -> None:
    one = _found(CONFIG + "max_steps: 5000\n", costs=costs)["MEM003"]
    assert str(one.severity) == severity
    assert one.at == "max_steps"
    assert len(one.message) <= 120


JOB = '{"training_file": "file-a", "validation_file": "file-b", "model": "MODEL", "method": {"type": "supervised"}}'


@pytest.mark.parametrize(
    ("model", "today", "severity"),
    [
        ("gpt-4.1-nano-2025-04-14", "2026-10-22", "warning"),
        ("gpt-4.1-nano-2025-04-14", "2026-10-23", "error"),
        ("gpt-4.1-nano-2025-04-14", "2026-01-01", None),
        ("gpt-4o-mini-2024-07-18", "2026-11-25", "warning"),
        ("gpt-4o-mini-2024-07-18", "2027-01-06", "error"),
        ("gpt-9", "2026-11-25", None),
        ("gpt-9", "2027-02-01", "error"),
        ("gpt-4.1-nano-2025-04-14", "", None),
        ("", "2027-02-01", None),
    ],
)
def test_retired_base_model(model: str, today: str, severity: str | None) -> None:
    one = _found(JOB.replace("MODEL", model), "job.json", today=today).get("CST004")
    assert (str(one.severity) if one is not None else None) == severity
    assert one is None or (one.at == "model" and len(one.message) <= 120)


def test_other_providers_keep_their_models() -> None:
    azure = JOB.replace("MODEL", "gpt-4.1-nano-2025-04-14").replace('"method"', '"trainingType": "Standard", "method"')
    assert _found(azure, "job.json", today="2027-02-01") == {}


def test_no_published_config_breaks_a_rule() -> None:
    asked = fired = 0
    for path in sorted(shared_data("configs").rglob("*")):
        config = open_config(decode(path.read_bytes()), path.name) if path.is_file() else None
        if config is None:
            continue
        like = config_linter("base_model: a/b\nsequence_len: 1\nmicro_batch_size: 1\n", CODES, costs="gpu:A100-80GB,gpus:8")
        assert like is not None
        report = ConfigLinter(config, like.request).report()
        assert report.skipped == [], path
        asked += 1
        fired += any(one.code == "MEM001" for one in report.diagnostics)
    assert asked > 300
    assert fired < asked * 0.2  # most recipes are written for machines of about this size
