"""The tables of keys that trainers read, and how they are asked."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from tests.shared_data import shared_data
from tunelint.trainers.keys import KeyTable, table, tables

JSON_TYPES: Final = {"string", "integer", "number", "boolean", "null", "array", "object"}

DEAD: Final[dict[str, set[str]]] = {
    "axolotl": {
        "debug",
        "eta_min",
        "fsdp_config.fsdp_backward_prefetch",
        "fsdp_config.fsdp_forward_prefetch",
        "fsdp_config.fsdp_limit_all_gathers",
        "fsdp_config.fsdp_sharding_strategy",
        "fsdp_config.sharding_strategy",
        "full_finetune",
        "gptq_groupsize",
        "gptq_model_v1",
        "test_value",
    },
    # Arguments of its Megatron and ktransformers front ends, which its own parser refuses.
    "llama-factory": {
        "apply_rope_fusion",
        "bias_activation_fusion",
        "context_parallel_size",
        "expert_model_parallel_size",
        "export_hf_on_finish",
        "kt_config",
        "kt_cpu_activation",
        "mixed_precision",
        "moe_grouped_gemm",
        "moe_token_dispatcher_type",
        "overlap_grad_reduce",
        "overlap_param_gather",
        "pipeline_model_parallel_size",
        "recompute_granularity",
        "sequence_parallel",
        "tensor_model_parallel_size",
        "use_distributed_optimizer",
        "use_packed_sequences",
    },
    # Arguments that the recipes' own scripts add.
    "trl": {
        "chat_template",
        "dataset_id_or_path",
        "dataset_mixture",
        "dataset_prompt_column",
        "hub_model_revision",
        "spectrum_config_path",
        "system_prompt",
        "tokenizer_name_or_path",
    },
}
"""Keys of the published configs that the tools do not read; each was looked at."""

GONE: Final[dict[str, set[str]]] = {
    "axolotl": {
        "flash_attn_rms_norm",
        "fsdp",
        "fsdp_config.fsdp_sync_module_states",
        "fsdp_config.fsdp_use_orig_params",
        "max_packed_sequence_len",
    },
    "llama-factory": {"fsdp_transformer_layer_cls_to_wrap"},
    "trl": {"max_prompt_length", "max_seq_length", "overwrite_output_dir", "torch_dtype", "use_liger", "warmup_ratio"},
}
"""Keys of the published configs that the newest release no longer reads."""


def _table(tool: str) -> KeyTable:
    found = table(tool)
    assert found is not None
    return found


def _names(value: object, prefix: str = "") -> Iterator[str]:
    """Yield the dotted name of every key of a config, a parent before its children."""
    if isinstance(value, dict):
        for key, inner in value.items():
            name = f"{prefix}.{key}" if prefix else str(key)
            yield name
            yield from _names(inner, name)
    elif isinstance(value, list):
        for item in value:
            yield from _names(item, f"{prefix}[]") if isinstance(item, dict) else ()


def _unknown(keys: KeyTable, config: object) -> set[str]:
    found: list[str] = []
    for name in _names(config):
        if not keys.knows(name) and not any(name.startswith((f"{above}.", f"{above}[")) for above in found):
            found.append(name)
    return set(found)


def _config(path: Path) -> Any:
    text = path.read_text(encoding="utf-8")
    return json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)


@pytest.mark.parametrize("tool", tables())
def test_a_table_is_sound(tool: str) -> None:
    keys = _table(tool)
    assert keys.tool == tool
    assert keys.versions
    assert keys.source
    for name, key in keys.keys.items():
        assert set(key.types) <= JSON_TYPES, name
        parent = name.rpartition(".")[0].removesuffix("[]")
        assert not parent or keys.find(parent) is not None, f"{name} has no parent"
        if key.replacement is not None:
            successor = keys.find(key.replacement)
            assert successor is not None, f"{name} was replaced by an unknown key"
            assert successor.until is None, name


def test_all_tables_are_small() -> None:
    folder = Path(__file__).parents[2] / "server" / "tunelint" / "trainers" / "tables"
    assert sum(file.stat().st_size for file in folder.glob("*.json")) < 1_500_000


@pytest.mark.parametrize("tool", sorted(DEAD))
def test_published_configs_have_no_other_unknown_keys(tool: str) -> None:
    keys = _table(tool)
    unknown: set[str] = set()
    gone: set[str] = set()
    files = [file for file in sorted(shared_data("configs", tool).iterdir()) if file.suffix in {".yaml", ".yml", ".json"}]
    assert files
    for config in map(_config, files):
        unknown |= _unknown(keys, config)
        gone |= {name for name in _names(config) if (key := keys.find(name)) is not None and key.until is not None}
    assert unknown == DEAD[tool]
    assert gone == GONE.get(tool, set())


@pytest.mark.parametrize(
    ("tool", "name", "default"),
    [
        ("axolotl", "sequence_len", 512),
        ("axolotl", "micro_batch_size", 1),
        ("axolotl", "val_set_size", 0.0),
        ("llama-factory", "cutoff_len", 2048),
        ("llama-factory", "finetuning_type", "lora"),
        ("llama-factory", "learning_rate", 5e-5),
        ("trl", "learning_rate", 2e-5),
        ("trl", "max_length", 1024),
        ("trl", "lora_r", 16),
        ("transformers", "learning_rate", 5e-5),
        ("transformers", "per_device_train_batch_size", 8),
    ],
)
def test_defaults_are_the_tools_own(tool: str, name: str, default: object) -> None:
    assert _table(tool).keys[name].default == default


@pytest.mark.parametrize(
    ("tool", "name", "until", "replacement"),
    [
        ("trl", "max_seq_length", "0.20.0", "max_length"),
        ("trl", "torch_dtype", "0.27.0", "dtype"),
        ("trl", "warmup_ratio", "transformers 5.15.0", "warmup_steps"),
        ("transformers", "evaluation_strategy", "4.51.0", "eval_strategy"),
        ("transformers", "overwrite_output_dir", "5.0.0", None),
        ("axolotl", "flash_attn_rms_norm", "0.17.0", None),
    ],
)
def test_keys_end_where_the_releases_say(tool: str, name: str, until: str, replacement: str | None) -> None:
    key = _table(tool).keys[name]
    assert (key.until, key.replacement) == (until, replacement)


def test_commands_have_keys_and_defaults_of_their_own() -> None:
    keys = _table("trl").keys
    assert keys["learning_rate"].by_command is not None
    assert keys["learning_rate"].by_command["dpo"] == 1e-6
    assert "sft" not in (keys["beta"].by_command or {})
    assert keys["model_name_or_path"].by_command is None


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("learning_rate", True),
        ("learning_rat", False),
        ("datasets[].path", True),
        ("datasets[7].path", True),
        ("datasets[].paht", False),
        ("datasets[].roles.human", True),  # a map of any names
        ("special_tokens.pad_token", True),
        ("special_tokens.pad_tokens", False),
        ("tokens.pad_token", True),  # a list is wanted there: the type is at fault
        ("trl.vllm.host", True),
        ("nothing.below", False),
        ("", False),
    ],
)
def test_knows(name: str, known: bool) -> None:
    if name == "trl.vllm.host":
        known = False  # `trl` is an object with listed keys, and `vllm` is none of them
    assert _table("axolotl").knows(name) is known


@pytest.mark.parametrize(
    ("tool", "name", "meant"),
    [
        ("axolotl", "learning_rat", "learning_rate"),
        ("axolotl", "micro-batch-size", "micro_batch_size"),
        ("axolotl", "context_parapllel_size", "context_parallel_size"),
        ("axolotl", "Base_Model", "base_model"),
        ("axolotl", "datasets[0].paht", "datasets[].path"),
        ("axolotl", "special_tokens.padtoken", "special_tokens.pad_token"),
        ("axolotl", "test_value", None),
        ("axolotl", "debug", None),
        ("axolotl", "x", None),
        ("axolotl", "", None),
        ("llama-factory", "lora_rnak", "lora_rank"),
        ("llama-factory", "cutof_len", "cutoff_len"),
        ("trl", "evaluation_stratgy", None),  # the key that it resembles is gone
    ],
)
def test_suggest(tool: str, name: str, meant: str | None) -> None:
    assert _table(tool).suggest(name) == meant


def test_home() -> None:
    keys = _table("axolotl")
    assert keys.home("pad_token") == ("special_tokens.pad_token",)
    assert "datasets[].path" in keys.home("path")
    assert keys.home("no_such_key") == ()


@pytest.mark.parametrize("name", ["", "nothing", "../keys", "axolotl.json", "tables/axolotl"])
def test_a_tool_without_a_table(name: str) -> None:
    assert table(name) is None
