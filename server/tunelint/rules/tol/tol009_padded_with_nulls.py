"""TOL009: see the class."""

from collections.abc import Hashable, Iterator
from typing import Any, Final

from tunelint.core.bag import Bag
from tunelint.core.finding import Finding, Handle, Place, Severity
from tunelint.core.record import Record
from tunelint.rules._dialects import arguments_in, dialect_of
from tunelint.rules._places import value_at
from tunelint.rules.base import Context, Link, ProjectRule, TallyRule, Wake
from tunelint.rules.tol._calls import calls_of

_WORDS: Final = {
    "arguments": (
        "calls have different arguments, and each is learnt with those of all others as null",
        "write the conversation as ShareGPT, whose function_call holds the calls as JSON text",
    ),
    "tools": (
        "tools have different parameters, and each is shown with those of all others as null",
        "write the tools as JSON text in a string",
    ),
}


class PaddedWithNulls(TallyRule, ProjectRule):
    r"""Tools or arguments of different keys are filled up with nulls when the file is read.

    ## Why

    A table of Arrow has one type for a column, so objects that stand in it get the keys of each other. LLaMA-Factory 0.9.5 asks for a
    version of Hugging Face `datasets` that does so, and puts what it read into the texts: `{"city": "Bonn", "amount": null}`. The model
    learns to call tools with arguments that they do not have. Nothing is reported.

    ## What to do

    Write what differs as JSON text: tools in a string, calls in ShareGPT's `function_call`.

    ## Examples

    ```jsonl good target=llama-factory
    {"messages": [{"role": "user", "content": "Weather in Bonn?"}, {"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "weather", "arguments": {"city": "Bonn"}}}]}], "tools": "[{\"name\": \"weather\", \"parameters\": {\"type\": \"object\", \"properties\": {\"city\": {\"type\": \"string\"}}}}]"}
    {"messages": [{"role": "user", "content": "Weather in Ulm?"}, {"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "weather", "arguments": {"city": "Ulm"}}}]}], "tools": "[{\"name\": \"weather\", \"parameters\": {\"type\": \"object\", \"properties\": {\"city\": {\"type\": \"string\"}}}}]"}
    ```

    ```jsonl good target=axolotl
    {"messages": [{"role": "user", "content": "Weather in Bonn?"}, {"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "weather", "arguments": {"city": "Bonn"}}}]}]}
    {"messages": [{"role": "user", "content": "Refund 7"}, {"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "refund", "arguments": {"order": 7}}}]}]}
    ```

    ```jsonl bad file target=llama-factory
    {"messages": [{"role": "user", "content": "Weather in Bonn?"}, {"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "weather", "arguments": {"city": "Bonn"}}}]}]}
    {"messages": [{"role": "user", "content": "Refund 7"}, {"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "refund", "arguments": {"order": 7}}}]}]}
    ```

    ```jsonl beside train.jsonl times=400
    {"messages": [{"role": "user", "content": "Refund order @"}, {"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "look_up", "arguments": {"order": "@"}}}]}, {"role": "tool", "content": "Sent"}, {"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "refund", "arguments": {"amount": @}}}]}, {"role": "tool", "content": "Done"}, {"role": "assistant", "content": "@ euros come back."}]}
    ```

    ```json beside dataset_info.json
    {"orders": {"file_name": "train.jsonl", "formatting": "openai", "columns": {"messages": "messages"}, "tags": {"role_tag": "role", "content_tag": "content", "user_tag": "user", "assistant_tag": "assistant", "observation_tag": "tool", "system_tag": "system"}}}
    ```

    ```yaml bad dataset name=sft.yaml
    model_name_or_path: Qwen/Qwen3-0.6B
    stage: sft
    finetuning_type: lora
    dataset_dir: .
    dataset: orders
    template: qwen3
    cutoff_len: 512
    learning_rate: 1.0e-4
    output_dir: out
    val_size: 0.1
    eval_strategy: steps
    ```

    Sources: datasets 4.0, run on such files; LLaMA-Factory 0.9.5, its requirements and ``data/converter.py``; modelscope/ms-swift issue
    10110, huggingface/trl issue 5307.
    """

    code = "TOL009"
    name = "padded-with-nulls"
    severity = Severity.WARNING
    wakes = Wake.TOOLS
    kinds = tuple(_WORDS)
    limit = 200

    def applies(self, context: Context) -> bool:
        """Only of some targets it is known with what they read a file."""
        return context.dialect is not None and context.dialect.padded

    def observe_many(self, records: Any, context: Context) -> list[tuple[Hashable, Handle]]:
        """Return the sets of keys that calls and tools have."""
        return [(item, record.handle) for record in records for item in sorted(_keys(record))]

    def report(self, bag: Bag, context: Context) -> Iterator[Finding]:
        """Yield one finding for arguments and one for tools, where these have more than one set of keys."""
        for kind, (message, help_line) in _WORDS.items():
            sets = {item for item in bag.counts if isinstance(item, tuple) and item[0] == kind}
            if len(sets) > 1 or kind in bag.overflown_kinds:
                yield self.finding(message, help=help_line)

    def check(self, link: Link) -> Iterator[Finding]:
        """Yield a finding for each dataset whose calls have different arguments, where a config's tool pads them."""
        for one in link.train:
            dialect = dialect_of(link, one.summary) if one.summary is not None else None
            if one.summary is None or dialect is None or not dialect.padded or one.entry.get("formatting") != "openai":
                continue
            sets = {frozenset(said) for said in arguments_in(one.summary.samples) if isinstance(said, dict)}
            if len(sets) > 1:
                message, help_line = _WORDS["arguments"]
                yield self.finding(message, Place(one.ref.at), help=help_line)


def _keys(record: Record) -> set[tuple[str, ...]]:
    example = record.example
    if example is None:
        return set()
    found = {("arguments", *sorted(call.arguments)) for _, call in calls_of(example) if isinstance(call.arguments, dict)}
    tools = value_at(record, ("tools",))
    for tool in example.tools or () if isinstance(tools, list) else ():
        properties = tool.parameters.get("properties") if isinstance(tool.parameters, dict) else None
        found.add(("tools", *sorted(properties if isinstance(properties, dict) else ())))
    return found
