"""TRN014: see the class."""

from collections.abc import Iterator

from tunelint.core.finding import Finding, Place, Severity
from tunelint.rules.base import ConfigRule
from tunelint.trainers.base import Config


class PadIsEos(ConfigRule):
    """The padding token is the token that ends an answer.

    ## Why

    Padding is left out of the loss. Where the end of an answer is the same token, a trainer that tells padding by the token leaves the
    end out too, and the model never learns to stop: it answers and goes on.

    ## What to do

    Use a padding token that stands for nothing else, such as a reserved token of the vocabulary.

    ## Examples

    ```yaml good
    base_model: meta-llama/Llama-3.1-8B
    special_tokens:
      pad_token: <|finetune_right_pad_id|>
      eos_token: <|eot_id|>
    learning_rate: 0.00002
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    val_set_size: 0.05
    ```

    ```yaml bad special_tokens.pad_token
    base_model: meta-llama/Llama-3.1-8B
    special_tokens:
      pad_token: <|eot_id|>
      eos_token: <|eot_id|>
    learning_rate: 0.00002
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    val_set_size: 0.05
    ```

    Sources: huggingface/trl #1623 and #3091; unslothai/unsloth #416; huggingface/open-r1 #492: endless generation after tuning.
    """

    code = "TRN014"
    name = "pad-is-eos"
    severity = Severity.WARNING

    def check(self, config: Config) -> Iterator[Finding]:
        """Yield what the plan shows."""
        plan = config.plan
        if plan.pad_token and plan.pad_token == plan.eos_token:
            yield self.finding(
                f"the padding token {plan.pad_token!r} also ends an answer"[:120],
                Place(plan.path("pad_token")),
                help="where padding is masked by its token the model never learns to stop: use a token of its own",
            )
