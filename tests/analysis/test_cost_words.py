"""What a config costs, as an editor shows it: nothing where there is nothing to say, and the reason where something is missing."""

from pathlib import Path

import pytest

from tunelint.analysis.config import summary_of
from tunelint.analysis.cost_words import table_of
from tunelint.analysis.links import Links
from tunelint.costs.amounts import duration
from tunelint.costs.report import CostReport
from tunelint.engine.config import ConfigLinter, open_config
from tunelint.settings import SettingsFinder, resolve
from tunelint.settings.resolve import Overrides
from tunelint.trainers import Config

AXOLOTL = """\
base_model: NousResearch/Meta-Llama-3.1-8B
datasets:
  - path: org/data
    type: alpaca
adapter: lora
lora_r: 16
lora_target_linear: true
sequence_len: 2048
micro_batch_size: 2
max_steps: 1000
learning_rate: 0.0002
bf16: true
"""


def costs(text: str, folder: Path, name: str = "run.yaml", settings: str = "") -> tuple[Config, CostReport]:
    (folder / "tunelint.toml").write_text(settings, encoding="utf-8")
    config = open_config(text, str(folder / name))
    assert config is not None
    request = resolve(folder / name, SettingsFinder().find(folder), Overrides()).request
    ConfigLinter(config, request)
    return config, Links(lambda path: None, lambda: None).costs(config, request, quick=False)


def test_memory_time_and_money_in_a_line(tmp_path: Path) -> None:
    config, report = costs(AXOLOTL, tmp_path, settings='[hardware]\ngpu = "H100"\nusd-hour = 3.0\n')
    line = summary_of(config, report)
    assert line.startswith("Axolotl config · sft · NousResearch/Meta-Llama-3.1-8B · peak ")
    assert "for one GPU, fits H100 · " in line
    assert "minutes (" in line
    assert line.count("$") == 3
    table = table_of(report)
    assert "| steps | 1,000 |" in table
    assert "at the price in the settings" in table


@pytest.mark.parametrize(
    ("text", "settings", "words"),
    [
        (AXOLOTL, "", "hours and money not known: the GPU: gpu or memory-gb in [hardware]"),
        (AXOLOTL.replace("max_steps: 1000\n", ""), '[hardware]\ngpu = "H100"\n', "hours and money not known: the examples"),
        (
            AXOLOTL.replace("NousResearch/Meta-Llama-3.1-8B", "me/mine"),
            "",
            "memory, hours and money not known: the architecture of",
        ),
        (
            AXOLOTL + "rl: grpo\ntrl:\n  max_completion_length: 256\n  max_prompt_length: 256\n  num_generations: 4\n",
            '[hardware]\ngpu = "H100"\n',
            "hours and money not known: completions are sampled between the steps",
        ),
        (AXOLOTL, '[hardware]\ngpu = "V100"\n', "money not known: the price of an hour of V100: usd-hour in [hardware]"),
    ],
)
def test_what_is_missing_is_named(text: str, settings: str, words: str, tmp_path: Path) -> None:
    assert words in summary_of(*costs(text, tmp_path, settings=settings))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('{"zero_optimization": {"stage": 2}, "train_micro_batch_size_per_gpu": "auto", "bf16": {"enabled": true}}', "ds.json"),
        ("compute_environment: LOCAL_MACHINE\ndistributed_type: MULTI_GPU\nnum_processes: 2\nmixed_precision: bf16\n", "a.yaml"),
    ],
)
def test_nothing_is_said_of_a_part_of_a_run(text: str, name: str, tmp_path: Path) -> None:
    config, report = costs(text, tmp_path, name)
    assert "known" not in summary_of(config, report)
    assert table_of(report) == ""


def test_cells_of_a_table_hold_no_bars(tmp_path: Path) -> None:
    lines = table_of(costs(AXOLOTL, tmp_path)[1]).split("\n\n")[0].splitlines()
    assert {line.replace("\\|", "").count("|") for line in lines} == {6}


@pytest.mark.parametrize(
    ("hours", "written"),
    [
        ((0.05, 0.02, 0.18), "3 minutes (1.2 to 11)"),
        ((1.5, 0.7, 3), "1.5 hours (0.7 to 3)"),
        ((120.4, 60, 240), "120 hours (60 to 240)"),
    ],
)
def test_durations(hours: tuple[float, float, float], written: str) -> None:
    value, low, high, unit = duration(*hours)
    assert f"{value} {unit} ({low} to {high})" == written
