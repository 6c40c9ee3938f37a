"""The tables of keys that trainers read, and how they are asked."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.shared_data import shared_data
from tunelint.text.distance import within
from tunelint.trainers.keys import Key, KeyTable, table, tables

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
    "accelerate": set(),
    "deepspeed": {"comms_config", "compile.disable", "monitor_config"},
    "litgpt": set(),
    "mistral-finetune": set(),
    # The notes of a file that Accelerate reads, not ms-swift.
    "ms-swift": {"_description", "_note", "_param_docs", "_requires"},
    "peft": set(),
    "torchtune": set(),
    "unsloth": set(),
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
    "deepspeed": {"compile.backend", "compression_training", "eigenvalue", "quantize_training"},
    "llama-factory": {"fsdp_transformer_layer_cls_to_wrap"},
    "ms-swift": {"ckpt_dir", "load_dataset_config"},
    "trl": {"max_prompt_length", "max_seq_length", "overwrite_output_dir", "torch_dtype", "use_liger", "warmup_ratio"},
}
"""Keys of the published configs that the newest release no longer reads."""

MISTYPED: Final = {
    ("axolotl", "output_dir"),
    ("axolotl", "tokens"),
    ("axolotl", "warmup_steps"),
    ("deepspeed", "fp16.min_loss_scale"),
}
"""Values of the published configs that the tools themselves refuse."""

HOSTED: Final = ("azure", "bedrock", "fireworks", "openai", "together", "vertex")


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


def _published(tool: str) -> list[Any]:
    """Return the published configs of a tool, parsed."""
    folder = shared_data("configs", "hosted-jobs" if tool in HOSTED else tool)
    files = [file for file in sorted(folder.iterdir()) if file.suffix in {".yaml", ".yml", ".json"}]
    return [_config(file) for file in files if tool not in HOSTED or file.name.startswith(tool)]


@pytest.mark.parametrize("tool", [*sorted(DEAD), *HOSTED])
def test_published_configs_have_no_other_unknown_keys(tool: str) -> None:
    keys = _table(tool)
    unknown: set[str] = set()
    gone: set[str] = set()
    configs = _published(tool)
    assert configs
    for config in configs:
        unknown |= _unknown(keys, config)
        found = [key for name in _names(config) if (key := keys.keys.get(name)) is not None]
        gone |= {key.name for key in found if key.until is not None}
    assert unknown == DEAD.get(tool, set())
    assert gone == GONE.get(tool, set())


@pytest.mark.parametrize("tool", [*sorted(DEAD), *HOSTED])
def test_values_of_published_configs_have_the_types_of_their_keys(tool: str) -> None:
    keys = _table(tool)
    for config in _published(tool):
        for name, value in _values(config):
            key = keys.find(name)
            if key is not None and key.until is None and not _fits(key, value):
                assert (tool, key.name) in MISTYPED, f"{value!r} is none of {key.types}, {key.enum}"


def _values(value: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, inner in value.items():
        name = f"{prefix}{key}"
        yield name, inner
        if isinstance(inner, dict):
            yield from _values(inner, f"{name}.")
        for item in inner if isinstance(inner, list) else ():
            yield from _values(item, f"{name}[].") if isinstance(item, dict) else ()


def _fits(key: Key, value: Any) -> bool:
    """Tell whether a value fits, as leniently as pydantic and argument parsers read: numbers may be texts."""
    names: dict[type, str] = {type(None): "null", bool: "boolean", int: "integer", float: "number", list: "array", dict: "object"}
    kind = names.get(type(value), "string")
    numeric = bool({"integer", "number"} & set(key.types))
    fits = (
        not key.types
        or kind in key.types
        or (kind == "integer" and numeric)
        or (kind == "number" and value.is_integer() and numeric)
        or (kind == "string" and ("${" in value or (numeric and _is_number(value))))
    )
    if fits and key.enum and not key.loose and any(names.get(type(one), "string") == kind for one in key.enum):
        return value in key.enum or "${" in str(value)
    return fits and not _outside(key, value)


def _outside(key: Key, value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    low = (key.least is not None and value < key.least) or (key.above is not None and value <= key.above)
    return low or (key.most is not None and value > key.most) or (key.below is not None and value >= key.below)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


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
        ("peft", "r", 8),
        ("peft", "lora_alpha", 8),
        ("litgpt", "train.global_batch_size", 16),
        ("litgpt", "lora_r", 8),
        ("unsloth", "lora.lora_r", 64),
        ("unsloth", "training.train_on_completions", False),
        ("together", "learning_rate", 1e-5),
        ("together", "n_epochs", 1),
        ("deepspeed", "zero_optimization.stage", 0),
        ("accelerate", "num_machines", 1),
        ("mistral-finetune", "optim.lr", 1e-4),
        ("torchtitan", "optimizer.lr", 8e-4),
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
        ("axolotl", "evaluation_strategy", None, "eval_strategy"),
        ("axolotl", "fsdp_config.fsdp_offload_params", None, "fsdp_config.offload_params"),
        ("deepspeed", "compression_training", "0.19.7", None),
        (
            "deepspeed",
            "zero_optimization.stage3_gather_fp16_weights_on_model_save",
            None,
            "zero_optimization.gather_16bit_weights_on_model_save",
        ),
    ],
)
def test_keys_end_where_the_releases_say(tool: str, name: str, until: str | None, replacement: str | None) -> None:
    key = _table(tool).keys[name]
    assert (key.until, key.replacement) == (until, replacement)


def test_arguments_of_the_launcher_are_keys_of_trl() -> None:
    assert {"num_processes", "accelerate_config", "mixed_precision"} <= _table("trl").keys.keys()


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


@pytest.mark.parametrize(
    ("tool", "name", "refused"),
    [
        ("axolotl", "bogus", False),
        ("axolotl", "datasets[0].bogus", False),
        ("trl", "bogus", True),
        ("deepspeed", "bogus", False),
        ("deepspeed", "zero_optimization.bogus", True),
        ("deepspeed", "zero_optimization.offload_param.bogus", True),
        ("unsloth", "training.bogus", True),
    ],
)
def test_refuses(tool: str, name: str, refused: bool) -> None:
    assert _table(tool).refuses(name) is refused


@pytest.mark.parametrize(
    ("tool", "name", "instead"),
    [
        ("axolotl", "flash_attention", "attn_implementation: flash_attention_2"),
        ("axolotl", "fsdp", "fsdp_config"),
        ("deepspeed", "zero_optimization.cpu_offload", "zero_optimization.offload_optimizer"),
        ("transformers", "adafactor", "optim: adafactor"),
    ],
)
def test_a_key_that_takes_another_value_is_no_mere_new_name(tool: str, name: str, instead: str) -> None:
    key = _table(tool).keys[name]
    assert (key.replacement, key.instead) == (None, instead)


def test_keys_of_plugins_name_their_plugin() -> None:
    keys = _table("axolotl").keys
    assert keys["liger_rope"].plugin == "axolotl.integrations.liger"
    assert keys["sequence_len"].plugin is None


def test_home() -> None:
    keys = _table("axolotl")
    assert keys.home("pad_token") == ("special_tokens.pad_token",)
    assert "datasets[].path" in keys.home("path")
    assert keys.home("no_such_key") == ()


@given(name=st.text(alphabet="abdelr_.[]0-*${} é", max_size=40), tool=st.sampled_from(tables()))
def test_any_name_can_be_asked_for(name: str, tool: str) -> None:
    keys = _table(tool)
    assert isinstance(keys.knows(name), bool)
    assert isinstance(keys.refuses(name), bool)
    meant = keys.suggest(name)
    assert meant is None or (keys.keys[meant].until is None and meant != name)
    assert all(home in keys.keys for home in keys.home(name))


@given(data=st.data(), tool=st.sampled_from(tables()))
def test_a_letter_too_few_is_no_other_key_by_chance(data: st.DataObject, tool: str) -> None:
    """What is suggested for a misspelt key is that key, unless another one is as near."""
    keys = _table(tool)
    long = [name for name, key in keys.keys.items() if key.until is None and len(name.rpartition(".")[2]) > 5]
    name = data.draw(st.sampled_from(long))
    at = data.draw(st.integers(len(name) - 5, len(name) - 1))
    misspelt = name[:at] + name[at + 1 :]
    assert keys.knows(name)
    meant = keys.suggest(misspelt)
    if not keys.knows(misspelt) and meant is not None and meant != name:
        assert within(meant.replace("_", ""), misspelt.replace("_", ""), 1)


@pytest.mark.parametrize("name", ["", "nothing", "../keys", "axolotl.json", "tables/axolotl"])
def test_a_tool_without_a_table(name: str) -> None:
    assert table(name) is None
