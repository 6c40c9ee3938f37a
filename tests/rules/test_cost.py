"""The cost rules: silence first."""

from typing import Any

import pytest

from tests.linting import lint

ROW = '{"messages": [{"role": "user", "content": "Where is parcel @?"}, {"role": "assistant", "content": "On its way."}]}\n'
ROWS = "".join(ROW.replace("@", str(number)) for number in range(100))
CODES = {"CST001", "CST002", "CST003"}
MODEL = "openai/gpt-4.1-mini"


def _found(data: str = ROWS, **options: Any) -> dict[str, Any]:
    return {one.code: one for one in lint(data, CODES, **options).diagnostics}


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"costs": "prompt_tokens:3000,calls_per_month:10000"},
        {"target": "openai"},
        {"target": "openai", "costs": "prompt_tokens:3000,calls_per_month:10000"},
        {"target": "axolotl/llama-3-8b"},
        {"target": "gemini/gemini-2.5-flash", "costs": "prompt_tokens:3000,calls_per_month:10000"},
        {"target": "openai/gpt-9"},
        {"target": "azure/gpt-9"},
        {"target": "mistral/open-mistral-7b"},
    ],
)
def test_silent_without_what_makes_it_meaningful(options: dict[str, Any]) -> None:
    assert _found(**options) == {}


@pytest.mark.parametrize("data", ["", "\n", "{\n", '{"a": 1}\n', "[[["])
def test_silent_where_nothing_is_counted(data: str) -> None:
    assert _found(data, target=MODEL, costs="prompt_tokens:3000,calls_per_month:10000") == {}


def test_cost_of_a_run() -> None:
    found = _found(target=MODEL)
    assert set(found) == {"CST001"}
    evidence = found["CST001"].evidence
    assert evidence["epochs"] == 3
    assert evidence["usd"] == pytest.approx(evidence["tokens"] * 5 / 1e6, abs=1e-4)
    assert (str(found["CST001"].severity), found["CST001"].line) == ("information", 1)


def test_price_of_a_size_class_is_a_range() -> None:
    found = _found(target="together/meta-llama/Llama-3.3-70B-Instruct")
    assert found["CST001"].evidence["low"] < found["CST001"].evidence["usd"] < found["CST001"].evidence["high"]


@pytest.mark.parametrize(("budget", "severity"), [(0.001, "warning"), (1, "information")])
def test_budget(budget: float, severity: str) -> None:
    for target in (MODEL, "openai"):
        found = _found(target=target, costs=f"budget_usd:{budget}")
        assert str(found["CST001"].severity) == severity


def test_what_is_cut_is_not_paid() -> None:
    long = ROW.replace("@", "word " * 70_000) + ROWS
    cut, whole = _found(long, target=MODEL)["CST001"].evidence, _found(long, target=MODEL, limit=100_000)["CST001"].evidence
    assert whole["tokens"] - cut["tokens"] == pytest.approx((70_000 - 65_536) * 3, abs=2_000)


@pytest.mark.parametrize(
    ("costs", "words", "severity"),
    [
        (
            "prompt_tokens:3000,training_usd:3.75,input_tokens:200,output_tokens:150",
            "after 4,261 calls against an uncached prompt",
            "information",
        ),
        ("prompt_tokens:3000,input_tokens:200,output_tokens:150", "against a cached one never", "information"),
        ("prompt_tokens:3000,input_tokens:200,output_tokens:150,cache_hit:1", "never pays back", "warning"),
        ("prompt_tokens:0", "never pays back", "warning"),
    ],
)
def test_break_even(costs: str, words: str, severity: str) -> None:
    found = _found(target=MODEL, costs=costs)["CST002"]
    assert words in found.message
    assert len(found.message) <= 120
    assert str(found.severity) == severity


def test_total_cost() -> None:
    found = _found(target=MODEL, costs="prompt_tokens:3000,calls_per_month:10000,labelling_usd_hour:30,wanted_examples:400")
    one = found["CST003"]
    assert len(one.message) <= 120
    assert set(one.evidence["usd"]) == {"few-shot prompt", "few-shot prompt, cached", "fine-tuning, hosted by OpenAI"}
    assert one.evidence["usd"]["fine-tuning, hosted by OpenAI"] > 400  # 300 examples of 3 minutes at $30 an hour
    assert "hosting not counted" in one.help
