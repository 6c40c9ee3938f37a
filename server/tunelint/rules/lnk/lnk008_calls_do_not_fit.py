"""LNK008: see the class."""

from collections.abc import Iterator
from typing import Final

from tunelint.core.finding import Finding, Place, Severity
from tunelint.rules._dialects import arguments_in, dialect_of
from tunelint.rules.base import Link, LinkedDataset, ProjectRule
from tunelint.rules.lnk._records import first_records

_READ: Final = {"object": "an object", "string": "JSON text"}


class CallsDoNotFit(ProjectRule):
    r"""The arguments of the dataset's tool calls are not as the config's tool reads them.

    ## Why

    OpenAI writes the arguments of a call as JSON text. Chat templates want an object: TRL stops in the template, and LLaMA-Factory
    encodes the text once more, so that the model learns to write `"{\"city\": \"Bonn\"}"` for `{"city": "Bonn"}`, which no program
    takes. Nothing is reported.

    ## What to do

    Decode the arguments: `call["function"]["arguments"] = json.loads(call["function"]["arguments"])`. For LLaMA-Factory the calls can
    also be written as ShareGPT's `function_call`.

    ## Examples

    ```jsonl beside train.jsonl times=400
    {"messages": [{"role": "user", "content": "Order @?"}, {"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "look_up", "arguments": {"order": "@"}}}]}, {"role": "tool", "content": "Sent"}, {"role": "assistant", "content": "Order @ was sent."}]}
    ```

    ```json beside dataset_info.json
    {"orders": {"file_name": "train.jsonl", "formatting": "openai", "columns": {"messages": "messages"}, "tags": {"role_tag": "role", "content_tag": "content", "user_tag": "user", "assistant_tag": "assistant", "observation_tag": "tool", "system_tag": "system"}}}
    ```

    ```yaml good name=sft.yaml
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

    ```jsonl beside train.jsonl times=400
    {"messages": [{"role": "user", "content": "Order @?"}, {"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "look_up", "arguments": "{\"order\": \"@\"}"}}]}, {"role": "tool", "content": "Sent"}, {"role": "assistant", "content": "Order @ was sent."}]}
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

    Sources: LLaMA-Factory 0.9.5, ``data/converter.py`` (OpenAIDatasetConverter) and ``data/formatter.py`` (FunctionFormatter); TRL,
    ``dataset_formats.md``; QwenLM/Qwen3 issue 1894.
    """

    code = "LNK008"
    name = "calls-do-not-fit"
    severity = Severity.ERROR

    def check(self, link: Link) -> Iterator[Finding]:
        """Yield a finding for each dataset whose arguments are all of the other kind."""
        for one in link.train:
            wanted = _wanted(link, one)
            if wanted is None or one.summary is None:
                continue
            kinds = {"object" if isinstance(said, dict) else "string" for said in arguments_in(one.summary.samples)}
            if kinds and wanted not in kinds:
                other = "JSON text" if wanted == "object" else "objects"
                yield self.finding(
                    f"the arguments of calls are {other}, and {link.config.trainer.title} reads {_READ[wanted]}",
                    Place(one.ref.at),
                    help="decode them: a text is encoded once more, or ends the run" if wanted == "object" else "encode them",
                    related=first_records(one.summary, "a record of it"),
                )


def _wanted(link: Link, one: LinkedDataset) -> str | None:
    """Return how the tool reads arguments; None where it takes both, or does not read messages of this form."""
    if one.summary is None or one.summary.format != "openai-chat":
        return None
    if link.config.trainer.name == "llama-factory" and one.entry.get("formatting") != "openai":
        return None
    dialect = dialect_of(link, one.summary)
    return dialect.arguments if dialect is not None and dialect.arguments != "either" else None
