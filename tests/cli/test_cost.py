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
        (("empty.jsonl",), "nothing can be counted"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(shell: Shell, train: Path, arguments: tuple[str, ...], words: str) -> None:
    shell.write("odd.jsonl", '{"a": 1}\n[\n')
    shell.write("empty.jsonl", "")
    result = shell.run("cost", *arguments)
    assert (result.code, result.out) == (2, "")
    assert words in result.err
    assert len(result.err.strip().splitlines()) <= 2


def test_settings_are_explained(shell: Shell) -> None:
    assert "calls-per-month" in shell.run("config", "costs").out
    assert "cache" in shell.run("config", "costs.cache-hit").out
    assert shell.run("config", "hardware.vram").err.count("no setting is called") == 1
