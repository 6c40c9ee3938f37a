"""``tunelint cost`` as it is used."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.cli.running import ROOT, Shell

ROW = (
    '{"messages": [{"role": "system", "content": "You label mails."}, {"role": "user", "content": "Where is my parcel @?"}, '
    '{"role": "assistant", "content": "delivery"}]}\n'
)
ROWS = "".join(ROW.replace("@", str(number)) for number in range(50))
SCHEMA = json.loads((ROOT / "schemas" / "cost.schema.json").read_text(encoding="utf-8"))


def _cost(shell: Shell, *arguments: str) -> dict[str, Any]:
    result = shell.run("cost", *arguments, "--output-format", "json")
    assert result.code == 0, result.err
    found: dict[str, Any] = json.loads(result.out)
    jsonschema.validate(found, SCHEMA)
    return found


@pytest.fixture
def train(shell: Shell) -> Path:
    return shell.write("train.jsonl", ROWS)


def test_nothing_is_guessed_without_a_target(shell: Shell, train: Path) -> None:
    found = _cost(shell, "train.jsonl")
    assert (found["money"], found["break_even"], found["ways"]) == (None, None, [])
    assert found["tokens"]["billed"] is None
    assert any("--target" in line for line in found["missing"])


def test_openai_chooses_the_epochs(shell: Shell, train: Path) -> None:
    found = _cost(shell, "train.jsonl", "--target", "openai/gpt-4.1-mini")
    tokens = found["tokens"]
    assert found["steps"]["epochs"] == 3
    assert tokens["billed"] == 3 * tokens["per_epoch"]
    assert found["money"]["usd"] == pytest.approx(tokens["billed"] * 5 / 1e6, abs=1e-4)
    assert found["money"]["as_of"] == "2026-03-24"
    assert any("chosen by the provider" in line for line in found["assumptions"])
    assert [way["way"] for way in found["ways"]] == ["fine-tuning, hosted by OpenAI"]


def test_break_even_with_everything_said(shell: Shell, train: Path) -> None:
    found = _cost(
        shell, "train.jsonl", "--target", "openai/gpt-4.1-mini", "--training-usd", "3.75", "--prompt-tokens", "3000",
        "--input-tokens", "200", "--output-tokens", "150", "--cache-hit", "0.5", "--calls-per-month", "100000",
    )  # fmt: skip
    even = found["break_even"]
    assert even["uncached"] == {"calls": 4261, "saving_per_call_usd": 0.00088}
    assert even["cached"] == {"calls": None, "saving_per_call_usd": -0.00002}
    assert even["mixed"] == {"calls": 8720, "saving_per_call_usd": 0.00043}
    assert even["monthly_gain_usd"] < 43
    assert {way["way"] for way in found["ways"]} == {
        "few-shot prompt", "few-shot prompt, cached", "fine-tuning, hosted by OpenAI",
    }  # fmt: skip
    shorter = ("--prompt-tokens", "3000", "--input-tokens", "200", "--output-tokens", "150")
    text = shell.run("cost", "train.jsonl", "--target", "openai/gpt-4.1-mini", *shorter).out
    assert "never" in text
    assert "most sensitive to" in text


def test_settings_are_read(shell: Shell, train: Path) -> None:
    shell.write(
        "tunelint.toml",
        'target = "mistral/open-mistral-7b"\n[costs]\ncalls-per-month = 1000\nprompt-tokens = 500\nepochs = 2\n'
        '[[costs.prices]]\nprovider = "mistral"\nmodel = "open-mistral-7b"\ntraining-usd = 4.0\ninput-usd = 1\noutput-usd = 1\n'
        "tuned-input-usd = 1\ntuned-output-usd = 1\nas-of = 2026-11-01\n",
    )
    found = _cost(shell, "train.jsonl")
    assert found["money"]["usd"] == pytest.approx(found["tokens"]["billed"] * 4 / 1e6, abs=1e-4)
    assert (found["money"]["as_of"], found["money"]["source"]) == ("2026-11-01", "settings")
    assert found["break_even"]["cached"] is None
    assert found["break_even"]["uncached"]["calls"] is not None


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("missing.jsonl",), "missing.jsonl"),
        (("train.jsonl", "--cache-hit", "2"), "a share from 0 to 1"),
        (("train.jsonl", "--epochs", "0"), "above 0"),
        (("train.jsonl", "--prompt-tokens", "-5"), "not below 0"),
        (("train.jsonl", "--prompt-tokens", "nan"), "not below 0"),
        (("train.jsonl", "--target", "nobody"), "no target is called"),
        (("odd.jsonl",), "nothing can be counted"),
        (("compose.yaml",), "no training config"),
        (("empty.jsonl",), "nothing can be counted"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(shell: Shell, train: Path, arguments: tuple[str, ...], words: str) -> None:
    shell.write("odd.jsonl", '{"a": 1}\n[\n')
    shell.write("empty.jsonl", "")
    shell.write("compose.yaml", "services: {}\n")
    result = shell.run("cost", *arguments)
    assert (result.code, result.out) == (2, "")
    assert words in result.err
    assert len(result.err.strip().splitlines()) <= 2


def test_settings_are_explained(shell: Shell) -> None:
    assert "calls-per-month" in shell.run("config", "costs").out
    assert "cache" in shell.run("config", "costs.cache-hit").out
    assert shell.run("config", "hardware.vram").err.count("no setting is called") == 1


CONFIG = """\
base_model: NousResearch/Meta-Llama-3.1-8B
datasets:
  - path: data/train.jsonl
    type: chat_template
sequence_len: 2048
micro_batch_size: 2
gradient_accumulation_steps: 4
num_epochs: 3
adapter: qlora
load_in_4bit: true
lora_r: 16
lora_target_linear: true
gradient_checkpointing: true
bf16: true
learning_rate: 0.0002
"""
A10G = ("--config", 'hardware={gpu="A10G"}')


def test_config_with_its_data(shell: Shell) -> None:
    shell.write("data/train.jsonl", ROWS)
    shell.write("run.yaml", CONFIG)
    found = _cost(shell, "run.yaml", *A10G)
    assert found["model"]["params"] == 8_030_261_248
    assert found["model"]["trainable"] == 16 * 2_621_440
    assert found["steps"] == {"epochs": 3, "total": 21, "per_epoch": 7}
    memory = found["memory"]
    assert memory["fits"] == "yes"
    assert sum(memory["parts"].values()) == pytest.approx(memory["peak_gb"], abs=0.02)
    assert found["time"]["low"] < found["time"]["hours"] < found["time"]["high"]
    assert found["money"]["usd"] > 0
    assert found["money"]["as_of"] == "2026-06-17"
    assert [way["way"] for way in found["ways"]] == ["fine-tuning, own or rented GPU"]
    text = shell.run("cost", "run.yaml", *A10G).out
    assert "fits the 24.1 GB of A10G" in text


def test_config_without_anything_else(shell: Shell) -> None:
    shell.write("run.yaml", CONFIG)
    found = _cost(shell, "run.yaml")
    assert found["memory"]["fits"] == "unknown"
    assert (found["time"], found["money"], found["steps"]["total"]) == (None, None, None)
    assert any("gpu or memory-gb" in line for line in found["missing"])
    assert any("examples that are trained on" in line for line in found["missing"])


def test_too_large_for_the_gpu(shell: Shell) -> None:
    shell.write(
        "run.yaml", CONFIG.replace("adapter: qlora\nload_in_4bit: true\n", "adapter: lora\n").replace("size: 2", "size: 8")
    )
    found = _cost(shell, "run.yaml", "--config", "hardware={memory-gb=24}")
    assert found["memory"]["fits"] == "no"
    assert found["memory"]["cheapest_fix"]["peak_gb"] <= 24
    assert "would fit" in shell.run("cost", "run.yaml", "--config", "hardware={memory-gb=24}").out


def test_local_architecture(shell: Shell) -> None:
    shell.write("run.yaml", CONFIG.replace("NousResearch/Meta-Llama-3.1-8B", "models/mine"))
    shell.write(
        "models/mine/config.json",
        '{"model_type": "llama", "vocab_size": 32000, "hidden_size": 2048, "num_hidden_layers": 22, "num_attention_heads": 32, '
        '"num_key_value_heads": 4, "intermediate_size": 5632, "tie_word_embeddings": false}',
    )
    assert _cost(shell, "run.yaml")["model"]["params"] == 1_100_048_384
    shell.write("models/mine/config.json", "{")
    assert any("config.json" in line for line in _cost(shell, "run.yaml")["missing"])


JOB = '{"training_file": "%s", "model": "gpt-4.1-mini-2025-04-14", "method": {"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": 2}}}}'


def test_hosted_job(shell: Shell) -> None:
    shell.write("job.json", JOB % "file-abc123")
    found = _cost(shell, "job.json")
    assert (found["memory"], found["money"], found["steps"]["epochs"]) == (None, None, 2)
    assert any("training data" in line for line in found["missing"])
    assert "gpt-4.1-mini" in shell.run("cost", "job.json").out


def test_config_whose_data_cannot_be_read(shell: Shell) -> None:
    shell.write("data/train.jsonl", b"\xff\xfe\x00")
    shell.write("run.yaml", CONFIG)
    assert _cost(shell, "run.yaml")["memory"] is not None


def test_price_of_a_size_class(shell: Shell, train: Path) -> None:
    found = _cost(shell, "train.jsonl", "--target", "together/meta-llama/Meta-Llama-3.1-8B-Instruct")
    assert found["money"]["low"] < found["money"]["usd"] < found["money"]["high"]
    assert found["model"]["params"] == 8_030_261_248
    assert any("instead of" in line or "in place of" in line for line in found["assumptions"])


SMALL_RUN = (
    "model_name_or_path: Qwen/Qwen2.5-0.5B\ndataset_name: ./train.jsonl\nmax_length: 512\nper_device_train_batch_size: 2\n"
)


def test_the_gpu_of_a_config_is_said_on_the_command_line(shell: Shell, train: Path) -> None:
    shell.write("sft.yaml", SMALL_RUN)
    shell.write("tunelint.toml", '[hardware]\ngpu = "T4"\nusd-hour = 9.0\ngpus = 2\n')
    assert _cost(shell, "sft.yaml")["memory"]["gpu"] == "T4"
    found = _cost(shell, "sft.yaml", "--gpu", "H100", "--gpus", "1")
    assert (found["memory"]["gpu"], found["memory"]["fits"]) == ("H100", "yes")
    assert found["money"]["usd"] < 1, "the hour of an H100 costs what the table says, not what the settings say of another GPU"


def test_a_month_of_the_tuned_model_costs_the_hours_that_the_user_pays(shell: Shell, train: Path) -> None:
    shell.write("sft.yaml", SMALL_RUN)
    shell.write("tunelint.toml", '[hardware]\ngpu = "H100"\nusd-hour = 9.0\n')
    found = _cost(shell, "sft.yaml")
    assert found["ways"][0]["per_month_usd"]["usd"] == 9 * 730
    assert any("one GPU around the clock" in line for line in found["assumptions"])
    said = _cost(shell, "sft.yaml", "--hosting-usd-month", "20")
    assert said["ways"][0]["per_month_usd"]["usd"] == 20
    assert not any("one GPU around the clock" in line for line in said["assumptions"])


@pytest.mark.parametrize(("option", "said"), [(["--gpu", "H1000"], "known are T4"), (["--gpus", "0"], "above 0")])
def test_gpus_that_there_are_not(shell: Shell, train: Path, option: list[str], said: str) -> None:
    result = shell.run("cost", "train.jsonl", *option)
    assert (result.code, said in result.err) == (2, True)


def test_the_text_names_the_options_and_only_the_break_evens_that_were_asked_for(shell: Shell, train: Path) -> None:
    shell.write("sft.yaml", SMALL_RUN)
    assert "--gpu NAME" in shell.run("cost", "sft.yaml").out
    assert "--gpu NAME" not in shell.run("cost", "sft.yaml", "--gpu", "H100", "--gpus", "1").out
    asked = ("cost", "train.jsonl", "--target", "openai/gpt-4.1-mini", "--prompt-tokens", "3000")
    assert "your cache hits" not in shell.run(*asked).out
    assert "your cache hits" in shell.run(*asked, "--cache-hit", "0.5").out
