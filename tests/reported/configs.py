"""Reported failures that only a config and its dataset have together."""

import json
from typing import Any, Final, NamedTuple

from tests.reported.records import CHATS, CORRECTED, SHAREGPT, TEXTS, Records, change, lines

_AXOLOTL: Final = """\
base_model: Qwen/Qwen2.5-7B-Instruct
adapter: lora
lora_r: 16
lora_alpha: 32
lora_target_linear: true
sequence_len: 512
val_set_size: 0.1
micro_batch_size: 1
learning_rate: 0.0002
datasets:
  - path: train.jsonl
    type: chat_template
"""
_FACTORY: Final = """\
model_name_or_path: Qwen/Qwen2.5-7B-Instruct
stage: sft
finetuning_type: lora
dataset_dir: .
dataset: board
template: qwen
cutoff_len: 512
learning_rate: 1.0e-4
output_dir: out
"""


class ConfigCase(NamedTuple):
    """A reported failure: the rule that says it at `at`, a config that has it, one that has it not, and what lies beside them."""

    report: str
    code: str
    at: str
    bad: str
    good: str
    records: Records
    name: str = "run.yaml"
    registry: str = ""


def axolotl(*more: str) -> str:
    """Return a config of Axolotl with more lines in its dataset's entry."""
    return _AXOLOTL + "".join(f"    {line}\n" for line in more)


def registry(**entry: Any) -> str:
    """Return a registry of LLaMA-Factory with one entry."""
    return json.dumps({"board": {"file_name": "train.jsonl", **entry}}, indent=1)


_TAGS: Final = {
    "role_tag": "role",
    "content_tag": "content",
    "user_tag": "user",
    "assistant_tag": "assistant",
    "system_tag": "system",
}
_MAPPED: Final = ("field_messages: conversations", "message_property_mappings:", "  role: from", "  content: value")
_MARKED: Final = change(CORRECTED, lambda one: one["messages"][1].update(train=False))
_CONVERSATIONS: Final = {"messages": "conversations"}

CONFIG_CASES: Final = (
    ConfigCase(
        "Axolotl pull request 1756: answers with train: false, which nothing reads", "CHT014", "datasets[0].path",
        axolotl(), axolotl("message_field_training: train"), _MARKED,
    ),
    ConfigCase(
        "Axolotl pull request 2123: roles_to_train that nobody has, and everything is masked", "LNK006", "datasets[0].roles_to_train",
        axolotl("roles_to_train: [model]"), axolotl("roles_to_train: [assistant]"), CHATS,
    ),
    ConfigCase(
        "Axolotl issue 472: a dump of ShareGPT under chat_template", "LNK002", "datasets[0].type", axolotl(), axolotl(*_MAPPED), SHAREGPT,
    ),
    ConfigCase(
        "Axolotl: the column is named, and the keys of the turns are not", "LNK006", "datasets[0].field_messages",
        axolotl(_MAPPED[0]), axolotl(*_MAPPED), SHAREGPT,
    ),
    ConfigCase(
        "LLaMA-Factory issue 9600: plain texts with stage sft, and every example is dropped", "LNK002", "dataset",
        _FACTORY, _FACTORY.replace("sft", "pt"), TEXTS,
        registry=registry(columns={"prompt": "text"}),
    ),
    ConfigCase(
        "LLaMA-Factory pull request 8197: tags of other speakers, and the conversations are skipped", "FMT011", "board.tags",
        registry(formatting="sharegpt", columns=_CONVERSATIONS, tags={"user_tag": "user", "assistant_tag": "assistant"}),
        registry(formatting="sharegpt", columns=_CONVERSATIONS), SHAREGPT, "dataset_info.json",
    ),
    ConfigCase(
        "LLaMA-Factory issue 7777: messages of OpenAI's form without tags", "FMT011", "board.formatting",
        registry(formatting="sharegpt", columns={"messages": "messages"}),
        registry(formatting="sharegpt", columns={"messages": "messages"}, tags=_TAGS), CHATS, "dataset_info.json",
    ),
    ConfigCase(
        "LLaMA-Factory issue 5294: columns that name the tools alone", "FMT011", "board.columns",
        registry(formatting="sharegpt", columns={"tools": "tools"}),
        registry(formatting="sharegpt", columns={**_CONVERSATIONS, "tools": "tools"}),
        change(SHAREGPT, lambda one: one.update(tools="[]")), "dataset_info.json",
    ),
)  # fmt: skip


def files(case: ConfigCase) -> dict[str, bytes]:
    """Return what lies beside a config: enough copies of the records that nobody calls them few, and a registry."""
    data = {"train.jsonl": lines(case.records * 30).encode()}
    return {**data, "dataset_info.json": case.registry.encode()} if case.registry else data
