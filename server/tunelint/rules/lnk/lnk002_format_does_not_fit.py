"""LNK002: see the class."""

from collections.abc import Iterator
from typing import Final

import msgspec

from tunelint.core.dataset import DatasetSummary
from tunelint.core.finding import Finding, Place, Severity
from tunelint.core.plan import DatasetRef
from tunelint.formats import find_target
from tunelint.rules._dialects import CHATS_WITH_SYSTEM
from tunelint.rules.base import Link, LinkedDataset, ProjectRule
from tunelint.rules.lnk._records import first_records

_SURE: Final = 0.9
"""Share of the records that must fit their format before the config is told that it expects another one."""

_TARGETS: Final = {
    "axolotl": "axolotl",
    "llama-factory": "llama-factory",
    "trl": "trl",
    "unsloth": "unsloth",
    "mistral-finetune": "mistral",
}
_PAIRED: Final = frozenset({"dpo", "orpo", "simpo", "ipo", "reward"})
_ALPACA: Final = frozenset({"alpaca"})
_CHATS: Final = frozenset({"openai-chat", "sharegpt", "openai-reinforcement", "nemo-chat", "oumi", "cohere", "mistral-instruct"})
_NO_CHATS: Final = frozenset({"text", "prompt-completion", "tokenized"})
_AXOLOTL: Final = (
    ("alpaca", _ALPACA, "instruction and output"),
    ("chat_template", _CHATS, "conversations"),
    ("completion", frozenset({"text"}), "texts"),
    ("pretrain", frozenset({"text"}), "texts"),
)
"""What the beginnings of Axolotl's dataset types read, where no column is renamed."""

_RANKED: Final = frozenset({"rm", "dpo"})
"""Stages of LLaMA-Factory that compare answers (`train/*/workflow.py`)."""


class FormatDoesNotFit(ProjectRule):
    """The dataset has another format than the config says, or than its tool reads.

    ## Why

    The run ends with a `KeyError` on the first record. With some types it goes on: the columns that are looked for are empty, and the
    model learns from nothing.

    ## What to do

    Set the type that the message names, or convert the data.

    ## Examples

    ```jsonl beside data/train.jsonl times=200
    {"messages": [{"role": "user", "content": "Name colour @"}, {"role": "assistant", "content": "Colour @ is green"}]}
    ```

    ```yaml good
    base_model: meta-llama/Llama-3.1-8B
    datasets:
      - path: data/train.jsonl
        type: chat_template
    sequence_len: 256
    adapter: lora
    lora_r: 16
    lora_alpha: 32
    lora_target_linear: true
    learning_rate: 0.0002
    val_set_size: 0.05
    ```

    ```jsonl beside data/train.jsonl times=200
    {"messages": [{"role": "user", "content": "Name colour @"}, {"role": "assistant", "content": "Colour @ is green"}]}
    ```

    ```yaml bad datasets[0].type
    base_model: meta-llama/Llama-3.1-8B
    datasets:
      - path: data/train.jsonl
        type: alpaca
    sequence_len: 256
    adapter: lora
    lora_r: 16
    lora_alpha: 32
    lora_target_linear: true
    learning_rate: 0.0002
    val_set_size: 0.05
    ```

    ```jsonl beside data/train.jsonl times=200
    {"chat": [{"role": "user", "content": "Name colour @"}, {"role": "assistant", "content": "Colour @ is green"}]}
    ```

    ```yaml bad datasets[0].field_messages
    base_model: meta-llama/Llama-3.1-8B
    datasets:
      - path: data/train.jsonl
        type: chat_template
        field_messages: chats
    sequence_len: 256
    adapter: lora
    lora_r: 16
    lora_alpha: 32
    lora_target_linear: true
    learning_rate: 0.0002
    val_set_size: 0.05
    ```

    ```jsonl beside data/train.jsonl times=200
    {"conversations": [{"from": "human", "value": "Name colour @"}, {"from": "gpt", "value": "Colour @ is green"}]}
    ```

    ```yaml bad datasets[0].type
    base_model: meta-llama/Llama-3.1-8B
    datasets:
      - path: data/train.jsonl
        type: chat_template
    sequence_len: 256
    adapter: lora
    lora_r: 16
    lora_alpha: 32
    lora_target_linear: true
    learning_rate: 0.0002
    val_set_size: 0.05
    ```

    ```jsonl beside data/train.jsonl times=200
    {"instruction": "Name colour @", "output": "Colour @ is green"}
    ```

    ```yaml bad dataset_name name=sft.yaml
    model_name_or_path: Qwen/Qwen3-0.6B
    dataset_name: data
    output_dir: out
    use_peft: true
    learning_rate: 2.0e-4
    per_device_train_batch_size: 1
    max_length: 256
    eval_strategy: steps
    ```

    ```jsonl beside data/train.jsonl times=2000
    {"messages": [{"role": "user", "content": "Name colour @"}, {"role": "assistant", "content": "Colour @ is green"}]}
    ```

    ```yaml bad completion_only_loss name=sft.yaml
    model_name_or_path: Qwen/Qwen3-0.6B
    dataset_name: data
    output_dir: out
    use_peft: true
    learning_rate: 2.0e-4
    per_device_train_batch_size: 1
    max_length: 256
    eval_strategy: steps
    completion_only_loss: true
    ```

    ```json beside data/dataset_info.json
    {"mine": {"hf_hub_url": "org/mine", "columns": {"prompt": "question", "response": "answer"}}}
    ```

    ```yaml bad dataset
    model_name_or_path: Qwen/Qwen3-0.6B
    stage: kto
    do_train: true
    finetuning_type: lora
    dataset: mine
    template: qwen3
    cutoff_len: 1024
    learning_rate: 5.0e-6
    output_dir: out
    bf16: true
    val_size: 0.1
    eval_strategy: steps
    ```

    Sources: the dialects of the tools in `formats/targets`; Axolotl 0.19.0, prompt_strategies; LLaMA-Factory 0.9.5,
    data/converter.py and data/loader.py; TRL 1.16, trainer/sft_trainer.py.
    """

    code = "LNK002"
    name = "format-does-not-fit"
    severity = Severity.ERROR

    def check(self, link: Link) -> Iterator[Finding]:
        """Yield a finding for each dataset whose format is surely another one."""
        method = link.config.plan.effective("method")
        for one in link.train:
            finding = self._against_stage(link, one)
            if finding is not None:
                yield finding
                continue
            summary = one.summary
            if summary is None:
                continue
            lacking = self._without_answer(link, one)
            if lacking is not None:
                yield lacking
                continue
            wrong = list(self._against_columns(link, one.ref, summary))
            yield from wrong
            if wrong or one.ref.columns:
                continue
            if summary.format is None or summary.confidence < _SURE or one.entry.get("columns"):
                continue
            finding = self._against_type(link, one.ref, summary) or self._against_tool(link, one, summary)
            if finding is None and link.config.on("completion_only_loss"):
                finding = self._against_completions(link, summary)
            if finding is None and summary.format in _NO_CHATS and link.config.on("assistant_only_loss"):
                finding = self.finding(
                    f"assistant_only_loss wants conversations, and the data is {summary.title}"[:120],
                    Place(("assistant_only_loss",)),
                    help="turn it off, or give the data as messages",
                )
            if finding is None and method in _PAIRED and summary.method in {"sft", "pretraining"}:
                finding = self.finding(
                    f"{method} compares answers, and the data has no pairs: it is {summary.title}"[:120],
                    Place(one.ref.at),
                    help="give each record a chosen and a rejected answer, or train with another method",
                )
            if finding is not None:
                yield msgspec.structs.replace(finding, related=first_records(summary, f"a record of {summary.title}"))

    def _against_stage(self, link: Link, one: LinkedDataset) -> Finding | None:
        """Return that LLaMA-Factory's registry describes another kind of data than the stage wants."""
        stage = link.config.text("stage") or "sft"
        if link.config.trainer.name != "llama-factory" or not one.entry or stage not in _RANKED | {"sft", "pt", "kto", "ppo"}:
            return None
        columns = one.entry.get("columns")
        if bool(one.entry.get("ranking")) is not (stage in _RANKED):
            wants = "pairs" if stage in _RANKED else "no pairs"
            message = f"stage {stage} wants {wants}, and the dataset has {'no ' if stage in _RANKED else ''}ranking in dataset_info.json"
            way = (
                "set ranking and the columns chosen and rejected there"
                if stage in _RANKED
                else "take another dataset, or stage dpo"
            )
            return self.finding(message[:120], Place(one.ref.at), help=f"LLaMA-Factory refuses to start: {way}")
        if stage == "kto" and not (isinstance(columns, dict) and columns.get("kto_tag")):
            return self.finding(
                "stage kto wants a kto_tag, and dataset_info.json names no column for it",
                Place(one.ref.at),
                help='every record is dropped without one: add "kto_tag" to the columns of the entry, beside all the others',
            )
        return None

    def _against_completions(self, link: Link, summary: DatasetSummary) -> Finding | None:
        if link.config.trainer.name != "trl" or not summary.samples or link.config.plan.effective("method") != "sft":
            return None
        if any("completion" in one or "input_ids" in one for one in summary.samples):
            return None
        return self.finding(
            f"completion_only_loss has no effect: the data is {summary.title}, and has no completions"[:120],
            Place(("completion_only_loss",)),
            severity=Severity.WARNING,
            help="TRL takes the loss on prompts and answers alike, and says nothing: set assistant_only_loss for conversations, or give "
            "each record a prompt and a completion",
        )

    def _without_answer(self, link: Link, one: LinkedDataset) -> Finding | None:
        """Return a finding for an entry of the registry that names no column of answers, where answers are what is learnt."""
        entry, columns = one.entry, one.entry.get("columns")
        if link.config.trainer.name != "llama-factory" or link.config.plan.effective("method") != "sft":
            return None
        if entry.get("formatting", "alpaca") != "alpaca" or entry.get("ranking") or not isinstance(columns, dict):
            return None
        if "prompt" not in columns or "response" in columns or "kto_tag" in columns:
            return None
        return self.finding(
            f"{one.ref.name!r} names no column of answers, and stage sft learns nothing else"[:120],
            Place(one.ref.at),
            help='LLaMA-Factory drops every record: add "response" to the columns of the entry, or train with stage: pt',
        )

    def _against_columns(self, link: Link, ref: DatasetRef, summary: DatasetSummary) -> Iterator[Finding]:
        """Yield a finding for each column that the config names, the tool cannot do without, and the records do not have."""
        if not summary.columns or link.config.trainer.name != "axolotl":
            return
        preference = link.config.plan.preference
        for field in _columns_read(ref.shape or "", preference=preference):
            column = ref.columns.get(field)
            if column is None and not preference and (summary.format is None or summary.format in _CHATS):
                column = field
            if column is None or column in summary.columns or any(column in one for one in summary.samples):
                continue
            keys = ", ".join(sorted(summary.columns))
            said = field in ref.columns
            what = f"field_{field} is {column!r}" if said else f"type {ref.shape} reads {column!r}"
            yield self.finding(
                f"{what}, a column that the records do not have"[:120],
                Place((*ref.at[:-1], f"field_{field}" if said else "type")),
                help=f"Axolotl ends at the first record without it; the columns are {keys}: name it as field_{field}"[:200],
                related=first_records(summary, f"no {column!r} here"),
            )

    def _against_type(self, link: Link, ref: DatasetRef, summary: DatasetSummary) -> Finding | None:
        if link.config.trainer.name != "axolotl" or ref.shape is None or link.config.plan.preference:
            return None
        for beginning, formats, reads in _AXOLOTL:
            if ref.shape.split(".", maxsplit=1)[0] == beginning and summary.format not in formats:
                known = set().union(*(formats for _, formats, _ in _AXOLOTL))
                if summary.format not in known:
                    return None
                return self.finding(
                    f"type {ref.shape} reads {reads}, and the data is {summary.title}"[:120],
                    Place((*ref.at[:-1], "type")),
                    help=f"set type: {_type_for(summary.format)}, or convert the data",
                )
        return None

    def _against_tool(self, link: Link, one: LinkedDataset, summary: DatasetSummary) -> Finding | None:
        if link.config.trainer.name == "axolotl" or one.registry:
            return None
        target = find_target(_TARGETS.get(link.config.trainer.name, ""))
        if target is None or not target.dialects.keys().isdisjoint({summary.format, CHATS_WITH_SYSTEM.get(summary.format or "")}):
            return None
        return self.finding(
            f"{link.config.trainer.title} does not read {summary.title}"[:120],
            Place(one.ref.at),
            help=f"it reads {', '.join(sorted(target.dialects))}: convert the data",
        )


def _columns_read(shape: str, *, preference: bool) -> tuple[str, ...]:
    """Return the columns without which Axolotl's chat_template types stop (prompt_strategies/chat_template.py and dpo/)."""
    if shape == "chat_template" and not preference:
        return ("messages",)
    if preference and shape.startswith("chat_template"):
        return ("messages", "chosen", "rejected") if shape == "chat_template.default" else ("chosen", "rejected")
    return ()


def _type_for(name: str | None) -> str:
    return {"alpaca": "alpaca", "text": "completion"}.get(name or "", "chat_template")
