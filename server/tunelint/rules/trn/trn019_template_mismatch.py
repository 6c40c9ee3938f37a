"""TRN019: see the class."""

import re
from collections.abc import Iterator
from typing import Final

from tunelint.core.finding import Finding, Place, Severity
from tunelint.rules.base import ConfigRule
from tunelint.trainers.base import Config

_MODELS: Final = (
    ("llama2", re.compile(r"llama-?2")),
    ("llama3", re.compile(r"llama-?3|meta-llama-3")),
    ("llama4", re.compile(r"llama-?4")),
    ("mistral", re.compile(r"mistral|mixtral|ministral")),
    ("qwen", re.compile(r"qwen|qwq")),
    ("gemma", re.compile(r"gemma")),
    ("phi", re.compile(r"(?:^|[/-])phi-?[1-9]")),
    ("deepseek", re.compile(r"deepseek")),
    ("glm", re.compile(r"glm")),
)
_TEMPLATES: Final = (
    ("llama2", re.compile(r"llama2(?:_.*)?")),
    ("llama3", re.compile(r"llama3(?:_.*)?")),
    ("llama4", re.compile(r"llama4(?:_.*)?")),
    ("mistral", re.compile(r"(?:mistral|ministral)(?:_.*)?")),
    ("qwen", re.compile(r"qwen.*")),
    ("gemma", re.compile(r"gemma.*")),
    ("phi", re.compile(r"phi_?[0-9].*|phi")),
    ("deepseek", re.compile(r"deepseek.*")),
    ("glm", re.compile(r"(?:chat)?glm.*")),
)
"""Families by the names of repositories, and by the names of templates."""

_UNTRAINED: Final = re.compile(r"(?:^|[/\\])(?:meta-)?llama-?3(?:\.1)?-(?:8|70|405)b(?:-bnb-4bit)?/?$")
"""Base models whose rows for `<|start_header_id|>`, `<|end_header_id|>` and `<|eot_id|>` were never trained: Llama 3 and 3.1.

unslothai/unsloth #915 (its maintainer, 2024-08-14); meta-pytorch/torchtune #2429 (2025-02-24) measured 0.05 for `<|eot_id|>` after a
tuning that should have made it certain.
"""

_EMBEDDINGS: Final = ("embed", "lm_head", "all")


class TemplateMismatch(ConfigRule):
    """The template belongs to another family of models, or to the tuned model of which this is the base.

    ## Why

    A chat template writes the markers that a model was trained with. With those of another family the model sees plain text that it
    does not know, learns them as if they were words, and at inference, where its own template is used, forgets what it learnt.

    The base models of Llama 3 and 3.1 have the markers of their template in the vocabulary, with embeddings that were never trained. An
    adapter leaves them so: the tuned model hardly ever writes the end of its turn. Base models of other families are not judged: theirs
    were trained, or it is not known that they were not, and tuning a base model with a template is how chat models are made.

    ## What to do

    Start from the instruct model, or train `embed_tokens` and `lm_head` beside the adapter. Else use the template of the model's own family, or the one that comes with its tokenizer. Templates that belong to nobody, such as
    `chatml`, `alpaca` or `default`, are not judged, nor are models whose name says no family or two.

    ## Examples

    ```yaml good
    model_name_or_path: Qwen/Qwen3-0.6B
    stage: sft
    finetuning_type: lora
    template: qwen3
    dataset: identity
    output_dir: saves
    val_size: 0.05
    bf16: true
    learning_rate: 1.0e-4
    ```

    ```yaml bad template
    model_name_or_path: Qwen/Qwen3-0.6B
    stage: sft
    finetuning_type: lora
    template: llama3
    dataset: identity
    output_dir: saves
    val_size: 0.05
    bf16: true
    learning_rate: 1.0e-4
    ```

    ```yaml bad chat_template
    base_model: meta-llama/Llama-3.1-8B
    chat_template: gemma
    learning_rate: 0.00002
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    val_set_size: 0.05
    ```

    ```yaml bad chat_template
    base_model: meta-llama/Llama-3.1-8B
    chat_template: llama3
    adapter: lora
    lora_r: 16
    lora_alpha: 32
    lora_target_linear: true
    learning_rate: 0.0002
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    val_set_size: 0.05
    ```

    Sources: unslothai/unsloth #915 and meta-pytorch/torchtune #2429, on Llama 3's base models; LLaMA-Factory, data/template.py, and Axolotl, utils/chat_templates: names of templates; huggingface/trl #2059.
    """

    code = "TRN019"
    name = "template-mismatch"
    severity = Severity.WARNING

    def check(self, config: Config) -> Iterator[Finding]:
        """Yield what the plan shows, and the templates that the tool does not have."""
        yield from (self.said(one) for one in config.conflicts if one.code == self.code)
        plan = config.plan
        model, template = (plan.model or "").casefold(), (plan.template or "").casefold()
        families = [family for family, pattern in _MODELS if pattern.search(model)]
        owner = next((family for family, pattern in _TEMPLATES if pattern.fullmatch(template)), None)
        if len(families) == 1 and owner is not None and owner != families[0]:
            yield self.finding(
                f"the template {plan.template} is for {owner} models, and this one is of {families[0]}"[:120],
                Place(plan.path("template")),
                help="the model does not know its markers: use the template of its own family, or that of its tokenizer",
            )
        elif (
            owner == "llama3"
            and plan.adapter is True
            and plan.datasets
            and _UNTRAINED.search(model)
            and not _learns_tokens(config)
        ):
            yield self.finding(
                f"the markers of {plan.template} were never trained in this base model, and the adapter leaves them so"[:120],
                Place(plan.path("template")),
                help="start from the instruct model, or train embed_tokens and lm_head beside the adapter",
            )


def _learns_tokens(config: Config) -> bool:
    """Tell whether the embeddings are trained, or mended before."""
    plan = config.plan
    saved = plan.modules_to_save or ()
    return (
        bool(plan.trained_tokens)
        or config.said("fix_untrained_tokens")
        or any(word in one for one in saved for word in _EMBEDDINGS)
    )
