"""Schemas of training configs: valid, and no stricter than the tools."""

import json
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from jsonschema import Draft202012Validator

from tests.shared_data import shared_data
from tunelint.dev.config_schemas import config_schema, write_schema
from tunelint.trainers.keys import KeyTable, table, tables

ROOT: Final = Path(__file__).parents[2]
HOSTED: Final = {"azure", "bedrock", "fireworks", "openai", "together", "vertex"}
UNPUBLISHED: Final = {"torchtitan", "transformers"}

REFUSED: Final = {
    ("axolotl", "output_dir"),
    ("axolotl", "tokens"),
    ("axolotl", "warmup_steps"),
    ("deepspeed", "fp16.min_loss_scale"),
}
"""Values of the published configs that the tools themselves refuse."""


def _table(tool: str) -> KeyTable:
    found = table(tool)
    assert found is not None
    return found


@pytest.mark.parametrize("tool", tables())
def test_a_schema_is_valid_and_read_back_as_it_was(tool: str) -> None:
    schema = config_schema(_table(tool))
    Draft202012Validator.check_schema(schema)
    assert json.loads(write_schema(schema)) == schema
    assert schema["title"] != ""


def _configs(tool: str) -> list[tuple[str, Any]]:
    folder = shared_data("configs", "hosted-jobs" if tool in HOSTED else tool)
    files = [file for file in sorted(folder.iterdir()) if tool not in HOSTED or file.name.startswith(tool)]
    read = [(file.name, yaml.safe_load(file.read_text(encoding="utf-8"))) for file in files if file.suffix in {".yaml", ".yml"}]
    return read + [(file.name, json.loads(file.read_text(encoding="utf-8"))) for file in files if file.suffix == ".json"]


@pytest.mark.parametrize("tool", sorted(set(tables()) - UNPUBLISHED))
def test_a_schema_takes_the_published_configs(tool: str) -> None:
    validator = Draft202012Validator(config_schema(_table(tool)))
    configs = _configs(tool)
    assert configs
    for name, config in configs:
        for error in validator.iter_errors(config):
            place = ".".join(str(part) for part in error.absolute_path)
            assert (tool, place) in REFUSED, f"{name}: {place}: {error.message}"


@pytest.mark.parametrize(
    ("tool", "config", "wrong"),
    [
        ("axolotl", {"base_model": "m", "learning_rate": "2e-4", "micro_batch_size": 2}, []),
        ("axolotl", {"base_model": "m", "learning_rate": 1, "micro_batch_size": "two"}, ["micro_batch_size"]),
        ("axolotl", {"base_model": "m", "learning_rate": 1, "datasets": [{"path": 3}]}, ["datasets.0.path"]),
        ("llama-factory", {"lora_rank": "${rank}", "stage": "${stage}", "do_train": "${yes}"}, []),
        ("llama-factory", {"cutoff_len": "long"}, ["cutoff_len"]),
        ("trl", {"eval_strategy": "sometimes"}, ["eval_strategy"]),
        ("trl", {"an_argument_of_my_own_script": 1}, []),
        ("openai", {"model": "m", "training_file": "f", "hyperparameters": {"n_epochs": 51}}, ["hyperparameters.n_epochs"]),
        ("openai", {"model": "m", "training_file": "f", "hyperparameters": {"n_epochs": "auto"}}, []),
        ("openai", {"model": "m"}, [""]),
        ("bedrock", {}, ["", "", "", "", "", ""]),
    ],
)
def test_what_a_schema_says(tool: str, config: dict[str, Any], wrong: list[str]) -> None:
    errors = Draft202012Validator(config_schema(_table(tool))).iter_errors(config)
    assert sorted(".".join(str(part) for part in error.absolute_path) for error in errors) == wrong


def test_a_schema_tells_what_a_reader_should_know() -> None:
    trl = config_schema(_table("trl"))["properties"]
    assert "dpo: 1e-06" in trl["learning_rate"]["description"]
    assert trl["gradient_checkpointing"]["deprecationMessage"].endswith("write activation_checkpointing")
    assert trl["lora_r"]["default"] == 16
    assert "max_seq_length" not in trl, "gone keys are not offered"
    axolotl = config_schema(_table("axolotl"))["properties"]
    assert "axolotl.integrations.liger" in axolotl["liger_rope"]["description"]
    assert axolotl["datasets"]["items"]["properties"]["path"]["type"] == ["string", "null"]
