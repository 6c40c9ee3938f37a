"""What an editor says of the values that others write."""

import pytest

from tunelint.analysis.config import complete_config, describe_key
from tunelint.engine.config import open_config
from tunelint.trainers import Config

LORA = """\
base_model: meta-llama/Llama-3.1-8B
adapter: lora
datasets: [{path: tatsu-lab/alpaca, type: alpaca}]
micro_batch_size: 2
learning_rate: 0.0002
lora_alpha: 32
"""


def opened(text: str) -> Config:
    config = open_config(text, "train.yaml")
    assert config is not None
    return config


def hover(text: str, key: str) -> str:
    return describe_key(opened(text), None, text.index(key)) or ""


def completions(text: str) -> dict[str, str]:
    """Return the labels and details of what fits at the end of a text."""
    lines = text.split("\n")
    return {one["label"]: one["detail"] for one in complete_config(opened(text), lines, len(lines) - 1, len(lines[-1]))}


def test_the_values_are_those_of_configs_that_train_the_same() -> None:
    assert "others write `0.0002` in 67, " in hover(LORA, "learning_rate")
    assert " of 82 published configs (LoRA; 2026-08-22)" in hover(LORA, "learning_rate")
    full = LORA.replace("adapter: lora\n", "").replace("lora_alpha: 32\n", "")
    assert "others write `0.00002` in 10, `0.000005` in 4, " in hover(full, "learning_rate")
    assert "(full tuning; " in hover(full, "learning_rate")


def test_a_kind_with_few_configs_gets_those_of_all_kinds() -> None:
    assert "(of all kinds; " in hover(LORA + "rl: grpo\n", "learning_rate")


def test_alpha_is_told_as_a_multiple_of_the_rank() -> None:
    assert "as a multiple of the rank: 0.5 in 51, 2 in 27" in hover(LORA, "lora_alpha")


def test_a_key_that_was_not_counted_says_nothing() -> None:
    assert "others write" not in hover(LORA, "base_model")
    assert hover(LORA, "base_model")


def test_keys_are_offered_with_the_first_values() -> None:
    assert completions(LORA)["num_epochs"].endswith("; others: 1, 4, 2")
    assert "others" not in completions(LORA)["lora_target_linear"]


@pytest.mark.parametrize(
    ("key", "first", "detail"),
    [
        ("sequence_len", "2048", "in 42 of 82 published configs"),
        ("lr_scheduler", "cosine", "default, in 81 of 82 published configs"),
        ("optimizer", "adamw_bnb_8bit", "in 41 of 82 published configs"),
    ],
)
def test_values_are_offered_the_most_frequent_first(key: str, first: str, detail: str) -> None:
    found = completions(f"{LORA}{key}: ")
    assert next(iter(found.items())) == (first, detail)


def test_values_that_are_listed_and_that_nobody_wrote_follow() -> None:
    found = completions(f"{LORA}optimizer: ")
    assert found["muon"] == ""
    assert found["adamw_torch_fused"].startswith("default, in ")


def test_no_value_is_offered_where_none_is_usual_nor_the_default() -> None:
    assert completions(f"{LORA}hub_model_id: ") == {}
