"""TRN013: see the class."""

from collections.abc import Iterator
from typing import Final

from tunelint.core.finding import Finding, Place, Severity
from tunelint.rules.base import ConfigRule
from tunelint.trainers.base import Config

_EMBEDDINGS: Final = ("embed", "wte", "lm_head", "tok_embeddings", "all")
_CHATML: Final = frozenset({"<|im_start|>", "<|im_end|>"})
_WITHOUT_CHATML: Final = ("llama-2", "llama-3", "llama2", "llama3", "mistral-7b", "gemma")
"""Model families whose vocabulary lacks ChatML's tokens, in the names of their repositories."""

_WITH_CHATML: Final = ("hermes", "chatml", "dolphin", "orca")
"""Descendants of those families whose vocabulary was extended by them."""


class AddedTokensNotTrained(ConfigRule):
    """New tokens are added that the adapter cannot learn.

    ## Why

    A new token gets a random row in the embeddings. An adapter leaves the embeddings as they are, so the row stays random: the model
    meets noise where the token stands, and cannot write it.

    ## What to do

    Train the embeddings and the output layer beside the adapter (`lora_modules_to_save: [embed_tokens, lm_head]`, `additional_target`
    in LLaMA-Factory), or only the new rows (`trainable_token_indices`); or use tokens that the vocabulary has.

    ## Examples

    ```yaml good
    base_model: meta-llama/Llama-3.1-8B
    adapter: lora
    lora_r: 16
    lora_alpha: 32
    lora_target_linear: true
    tokens: ["<|tool|>"]
    lora_modules_to_save: [embed_tokens, lm_head]
    learning_rate: 0.0002
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    val_set_size: 0.05
    ```

    ```yaml good
    base_model: meta-llama/Llama-3.1-8B
    tokens: ["<|tool|>"]
    learning_rate: 0.00002
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    val_set_size: 0.05
    ```

    ```yaml bad tokens
    base_model: meta-llama/Llama-3.1-8B
    adapter: lora
    lora_r: 16
    lora_alpha: 32
    lora_target_linear: true
    tokens: ["<|tool|>"]
    learning_rate: 0.0002
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    val_set_size: 0.05
    ```

    ```yaml bad special_tokens.eos_token
    base_model: meta-llama/Llama-3.1-8B
    adapter: lora
    lora_r: 16
    lora_alpha: 32
    lora_target_linear: true
    special_tokens:
      eos_token: <|im_end|>
    learning_rate: 0.0002
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    val_set_size: 0.05
    ```

    Sources: Axolotl, description of `lora_modules_to_save`; LLaMA-Factory 0.9.5 and TRL 1.16 warn of it.
    """

    code = "TRN013"
    name = "added-tokens-not-trained"
    severity = Severity.WARNING

    def check(self, config: Config) -> Iterator[Finding]:
        """Yield what the plan shows."""
        plan = config.plan
        if plan.adapter is not True or plan.trained_tokens:
            return
        saved = plan.modules_to_save or ()
        if any(word in name for name in saved for word in _EMBEDDINGS):
            return
        if plan.added_tokens:
            count = len(plan.added_tokens)
            yield self.finding(
                f"{count} new token{'s' if count > 1 else ''}, and the embeddings are not trained",
                Place(plan.path("added_tokens"), "key"),
                help="an adapter cannot learn them: train embed_tokens and lm_head beside it, or use tokens of the vocabulary",
            )
            return
        model = (plan.model or "").casefold()
        foreign = any(name in model for name in _WITHOUT_CHATML) and not any(name in model for name in _WITH_CHATML)
        for field in ("eos_token", "pad_token"):
            token = getattr(plan, field)
            if foreign and token in _CHATML:
                yield self.finding(
                    f"{token!r} is new to this model, and the embeddings are not trained",
                    Place(plan.path(field)),
                    help="an adapter cannot learn it: train embed_tokens and lm_head beside it, or use the model's own tokens",
                )
                return
