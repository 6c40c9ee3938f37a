"""Failures that people reported of their training runs: each config is told what was wrong, and its healthy twin nothing."""

import json
from typing import Any, NamedTuple

import pytest

from tests.linting import lint

AXOLOTL = """\
base_model: Qwen/Qwen2.5-7B-Instruct
datasets:
  - path: data/train.jsonl
    type: alpaca
val_set_size: 0.05
output_dir: out
adapter: lora
lora_r: 16
lora_alpha: 32
lora_target_linear: true
sequence_len: 256
attn_implementation: flash_attention_2
sample_packing: false
micro_batch_size: 2
num_epochs: 2
learning_rate: 0.0002
bf16: true
gradient_checkpointing: true
"""
LLAMA_FACTORY = """\
model_name_or_path: Qwen/Qwen2.5-7B-Instruct
stage: sft
do_train: true
finetuning_type: lora
lora_rank: 16
lora_target: all
dataset: mine
template: qwen
cutoff_len: 512
output_dir: saves
per_device_train_batch_size: 2
learning_rate: 1.0e-4
num_train_epochs: 2
bf16: true
val_size: 0.1
eval_strategy: steps
eval_steps: 50
save_steps: 100
"""
TRL = """\
model_name_or_path: Qwen/Qwen2.5-7B
dataset_name: data
output_dir: out
learning_rate: 2.0e-4
num_train_epochs: 1
per_device_train_batch_size: 2
max_length: 2048
use_peft: true
lora_target_modules: all-linear
eval_strategy: "no"
"""
CHATS = AXOLOTL.replace(
    "type: alpaca",
    "type: chat_template\n    field_messages: conversations\n    message_property_mappings: {role: from, content: value}\n"
    "    roles_to_train: [gpt]",
)
GRPO = """\
model_name_or_path: Qwen/Qwen2.5-1.5B-Instruct
dataset_name: AI-MO/NuminaMath-TIR
output_dir: out
learning_rate: 1.0e-6
per_device_train_batch_size: 8
num_generations: 8
max_completion_length: 1024
"""
TORCHTUNE = """\
model:
  _component_: torchtune.models.llama3_1.lora_llama3_1_8b
  lora_attn_modules: ['q_proj', 'v_proj']
  apply_lora_to_mlp: True
tokenizer:
  _component_: torchtune.models.llama3.llama3_tokenizer
  path: /tmp/tokenizer.model
  max_seq_len: 2048
dataset:
  _component_: torchtune.datasets.alpaca_cleaned_dataset
  packed: False
optimizer: {_component_: torch.optim.AdamW, lr: 3e-4}
loss: {_component_: torchtune.modules.loss.LinearCrossEntropyLoss}
batch_size: 2
epochs: 1
"""
SHAREGPT: dict[str, Any] = {
    "file_name": "mine.json",
    "formatting": "sharegpt",
    "columns": {"messages": "conversations"},
    "tags": {"role_tag": "from", "content_tag": "value", "user_tag": "human", "assistant_tag": "gpt"},
}
QUESTIONS = [f"Which colour has number {number}?" for number in range(500)]
ALPACA = [{"instruction": one, "input": "", "output": f"Green, as far as {one} goes"} for one in QUESTIONS]
PAIRS = [{"prompt": one, "completion": f"Green, as far as {one} goes"} for one in QUESTIONS]
TURNS = [{"conversations": [{"from": "human", "value": one}, {"from": "gpt", "value": "Green"}]} for one in QUESTIONS]


class Reported(NamedTuple):
    """A report, the config that is healthy, what it takes to break it, and the code and place of what is then said."""

    report: str
    config: str
    healthy: str
    broken: str
    code: str
    at: str
    records: list[dict[str, Any]] = ALPACA
    name: str = "train.yaml"
    deepspeed: str = ""


AXOLOTL_CASES = [
    Reported("Axolotl issue 3546: dropped key", AXOLOTL, "val_set", "precompute_ref_log_prob: true\nval_set", "CFG002", "precompute_ref_log_prob"),
    Reported("Axolotl issue 1434: type of old", AXOLOTL, "type: alpaca", "type: sharegpt", "TRN018", "datasets[0].type"),
    Reported("Axolotl issue 1806: packed, no attention", AXOLOTL, "attn_implementation: flash_attention_2\nsample_packing: false", "sample_packing: true", "TRN009", "sample_packing"),
    Reported("Axolotl issue 740: 25 epochs", AXOLOTL, "num_epochs: 2", "num_epochs: 25", "TRN003", "num_epochs"),
    Reported("Axolotl issue 1570: new tokens", AXOLOTL, "bf16", "tokens: [<a>, <b>]\nbf16", "TRN013", "tokens"),
    Reported("Axolotl issue 2781: a split that a file has not", AXOLOTL, "val_set_size: 0.05", "test_datasets: [{path: data/mine.jsonl, type: alpaca, split: test}]", "TRN018", "test_datasets[0].split"),
    Reported("Axolotl issue 1654: another column", CHATS, "field_messages: conversations\n    ", "", "LNK002", "datasets[0].type", TURNS),
    Reported("Axolotl issue 1654: a column of any name", CHATS.replace("conversations", "talk"), "field_messages: talk\n    ", "", "LNK002", "datasets[0].type",
        [{"talk": one["conversations"]} for one in TURNS]),
    Reported("Axolotl issue 2089: a role that nobody has", CHATS, "[gpt]", "[model]", "LNK006", "datasets[0].roles_to_train", TURNS),
    Reported("Axolotl issue 2781: steps, no data", AXOLOTL, "val_set_size: 0.05", "val_set_size: 0\neval_steps: 9", "TRN010", "eval_steps"),
]  # fmt: skip
LLAMA_FACTORY_CASES = [
    Reported("LLaMA-Factory issue 1494: another length", LLAMA_FACTORY, "cutoff_len", "max_length", "TRN018", "max_length"),
    Reported("LLaMA-Factory issue 4225: LoRA at 5e-6", LLAMA_FACTORY, "1.0e-4", "5.0e-6", "TRN001", "learning_rate"),
    Reported("LLaMA-Factory issue 5810: no such dataset", LLAMA_FACTORY, ": mine", ": my_data", "LNK001", "dataset"),
    Reported("LLaMA-Factory issue 6081: foreign template", LLAMA_FACTORY, ": qwen", ": llama3", "TRN019", "template"),
    Reported("LLaMA-Factory issue 8133: renamed key", LLAMA_FACTORY, "eval_strategy", "evaluation_strategy", "CFG003", "evaluation_strategy"),
    Reported("LLaMA-Factory issue 5396: best of what", LLAMA_FACTORY, "save_steps: 100", "save_steps: 70\nload_best_model_at_end: true", "TRN010", "save_steps"),
    Reported("PEFT issue 758: layers of another model", LLAMA_FACTORY, "lora_target: all", "lora_target: c_attn", "TRN020", "lora_target"),
    Reported("LLaMA-Factory issue 4408: tokens by an old key", LLAMA_FACTORY, "bf16", "new_special_tokens: <a>,<b>\nbf16", "CFG003", "new_special_tokens"),
    Reported("LLaMA-Factory pull request 4006: a least rate unsaid", LLAMA_FACTORY, "val_size", "lr_scheduler_type: cosine_with_min_lr\nval_size", "TRN018", "lr_scheduler_type"),
    Reported("LLaMA-Factory issue 5593: evaluated on one", LLAMA_FACTORY, "val_size: 0.1", "val_size: 0.00001", "TRN021", "val_size"),
    Reported("LLaMA-Factory issue 3803: no thumbs", LLAMA_FACTORY, "stage: sft", "stage: kto", "LNK002", "dataset"),
    Reported("LLaMA-Factory issue 1829: rewards of no pairs", LLAMA_FACTORY, "stage: sft", "stage: rm", "LNK002", "dataset"),
]  # fmt: skip
TRL_CASES = [
    Reported("open-r1 pull request 419: old name of a length", TRL, "max_length", "max_seq_length", "CFG003", "max_seq_length"),
    Reported("TRL pull request 4207: the default rate", TRL, "learning_rate: 2.0e-4\n", "", "TRN002", "use_peft"),
    Reported("alpaca-lora issue 391: a rate of 0.003", TRL, "2.0e-4", "0.003", "TRN001", "learning_rate"),
    Reported("DeepKE issue 394: best without evaluation", TRL, "eval_str", "load_best_model_at_end: true\neval_str", "TRN010", "load_best_model_at_end"),
    Reported("PEFT issue 1959: a layer that is not there", TRL, ": all-linear", ": [q_proj, FAKE_MODULE]", "TRN020", "lora_target_modules[1]"),
    Reported("PEFT issue 1206: patterns in a list", TRL, ": all-linear", ": ['.*.1.*q_proj', v_proj]", "TRN020", "lora_target_modules[0]"),
    Reported("TRL issue 1346: names of old", TRL, "use_peft: true", "use_peft: true\npeft_lora_r: 16", "CFG002", "peft_lora_r"),
    Reported("TRL issue 1507: a loss of no completions", TRL.replace("data\n", "text\n"), "use_peft", "completion_only_loss: true\nuse_peft", "LNK002", "completion_only_loss"),
    Reported("TRL issue 5324: a loss for conversations", TRL, "use_peft", "assistant_only_loss: true\nuse_peft", "LNK002", "assistant_only_loss"),
]  # fmt: skip


def _registry(report: str, healthy: dict[str, Any], broken: dict[str, Any], at: str, records: list[dict[str, Any]]) -> Reported:
    """Return a case whose config is LLaMA-Factory's list of datasets."""
    good, bad = (json.dumps({"mine": one}) for one in (healthy, broken))
    return Reported(report, good, good, bad, "FMT011", at, records, "data/dataset_info.json")


GRPO_CASES = [
    Reported("open-r1 issue 249: seven of eight", GRPO, "batch_size: 8", "batch_size: 7", "TRN006", "num_generations"),
    Reported("TRL issue 2876: one of four", GRPO, "batch_size: 8", "batch_size: 1", "TRN006", "num_generations"),
    Reported("Axolotl pull request 3113: a length that is gone", GRPO, "num_gen", "max_prompt_length: 512\nnum_gen", "CFG003", "max_prompt_length"),
]  # fmt: skip
TORCHTUNE_CASES = [
    Reported("torchtune issue 1311: the length at the wrong place", TORCHTUNE, "packed", "max_seq_len: 2048\n  packed", "CFG002", "dataset.max_seq_len"),
    Reported("torchtune issue 2202: the length of the model", TORCHTUNE, "apply_lora", "max_seq_len: 8192\n  apply_lora", "CFG002", "model.max_seq_len"),
    Reported("torchtune issue 2361: a file as source", TORCHTUNE, "alpaca_cleaned_dataset", "instruct_dataset\n  source: data/mine.json", "LNK005", "dataset.source"),
]  # fmt: skip
SHARDED = LLAMA_FACTORY + "deepspeed: ds.json\n"
STAGE = '"zero_optimization": {"stage": 2}'
SHARDED_CASES = [
    Reported("apps issue 9: two learning rates", SHARDED, "1.0e-4", "2.0e-4", "LNK007", "deepspeed", deepspeed=f'{{"optimizer": {{"params": {{"lr": 1e-4}}}}, {STAGE}}}'),
    Reported("transformers issue 27830: two batches", SHARDED, "batch_size: 2", "batch_size: 8", "LNK007", "deepspeed", deepspeed=f'{{"train_micro_batch_size_per_gpu": 2, {STAGE}}}'),
    Reported("MedicalGPT issue 191: two precisions", SHARDED, "bf16", "fp16", "LNK007", "deepspeed", deepspeed=f'{{"bf16": {{"enabled": true}}, {STAGE}}}'),
    Reported("LLaMA-Factory issue 1116: a number in quotes", '{"gradient_accumulation_steps": 8, "train_batch_size": "auto", ' + STAGE + "}", "8", '"8"',
        "CFG004", "gradient_accumulation_steps", name="ds.json"),
]  # fmt: skip
REGISTRY_CASES = [
    _registry("LLaMA-Factory issue 7577: format for formatting", SHAREGPT, {**SHAREGPT, "formatting": "alpaca", "format": "sharegpt"}, "mine.format", TURNS),
    _registry("Qwen3 pull request 1314: tags of others", SHAREGPT,
        {**SHAREGPT, "tags": {**SHAREGPT["tags"], "user_tag": "user", "assistant_tag": "assistant"}}, "mine.tags.user_tag", TURNS),
    _registry("LLaMA-Factory issue 2536: tags dropped by others", SHAREGPT, {**SHAREGPT, "tags": {"user_tag": "human"}}, "mine.tags", TURNS),
    _registry("LLaMA-Factory issue 7344: no input", {"file_name": "mine.json", "columns": {"prompt": "instruction", "response": "output"}},
        {"file_name": "mine.json"}, "mine.file_name", [{"instruction": one, "output": "Green"} for one in QUESTIONS]),
    _registry("LLaMA-Factory issue 4717: columns by the data's names", {"file_name": "mine.json", "columns": {"prompt": "q", "response": "a"}},
        {"file_name": "mine.json", "columns": {"instruction": "q", "response": "a"}}, "mine.columns.instruction", [{"q": one, "a": "Green"} for one in QUESTIONS]),
]  # fmt: skip
CASES = [*AXOLOTL_CASES, *LLAMA_FACTORY_CASES, *TRL_CASES, *GRPO_CASES, *TORCHTUNE_CASES, *SHARDED_CASES, *REGISTRY_CASES]


def _said(one: Reported, text: str) -> list[tuple[str, str]]:
    records = PAIRS if one.config == TRL else one.records
    lines = "".join(json.dumps(record) + "\n" for record in records).encode()
    beside = {"data/train.jsonl": lines, "data/mine.json": json.dumps(records).encode()}
    if one.config == TRL:
        del beside["data/mine.json"]
    beside["text/train.jsonl"] = b"".join(b'{"text": "Colour number %d is green"}\n' % number for number in range(500))
    if one.config in {LLAMA_FACTORY, SHARDED}:
        beside["data/dataset_info.json"] = b'{"mine": {"file_name": "mine.json"}}'
    if one.deepspeed:
        beside["ds.json"] = one.deepspeed.encode()
    report = lint(text, None, one.name, beside=beside)
    return [(found.code, found.at) for found in report.diagnostics]


@pytest.mark.parametrize("one", CASES, ids=[one.report for one in CASES])
def test_a_reported_failure_is_seen(one: Reported) -> None:
    assert one.healthy in one.config
    assert (one.code, one.at) in _said(one, one.config.replace(one.healthy, one.broken, 1))


@pytest.mark.parametrize("one", CASES, ids=[one.report for one in CASES])
def test_its_healthy_twin_is_silent(one: Reported) -> None:
    assert _said(one, one.config) == []
