"""TRN003: see the class."""

from collections.abc import Iterator
from typing import Final

from tunelint.core.finding import Finding, Place, Severity
from tunelint.rules.base import Link, ProjectRule
from tunelint.text.numbers import plain

_MOST: Final = 5.0
_MANY: Final = 2_000
_MOST_OF_MANY: Final = 3.0
"""Epochs that are usual by the number of examples: azure-skills says 1 to 2 from 500 to 2,000, and 1 above."""

_FEW: Final = 100
"""Examples seen in all, below which OpenAI's own choice of epochs adds passes."""
_METHODS: Final = frozenset({"sft", "dpo", "kto", "orpo", "simpo", "ipo", "reward", None})


class TooManyEpochs(ProjectRule):
    """The data is seen too many times.

    ## Why

    From the fourth time on a model learns the examples by heart: the loss falls, what it can do falls too, and the bill grows with
    each pass.

    ## What to do

    Train 1 to 3 epochs, fewer the more data there is, and keep the checkpoint that is best on data that was not trained on.

    ## Examples

    ```yaml good
    base_model: meta-llama/Llama-3.1-8B
    num_epochs: 3
    learning_rate: 0.00002
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    val_set_size: 0.05
    ```

    ```yaml good
    base_model: meta-llama/Llama-3.1-8B
    num_epochs: 20
    max_steps: 100
    learning_rate: 0.00002
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    val_set_size: 0.05
    ```

    ```jsonl beside data/train.jsonl times=2400
    {"instruction": "Name colour @", "output": "Colour @ is green"}
    ```

    ```yaml bad num_epochs
    base_model: meta-llama/Llama-3.1-8B
    num_epochs: 4
    datasets:
      - path: data/train.jsonl
        type: alpaca
    sequence_len: 256
    val_set_size: 0.05
    adapter: lora
    lora_r: 16
    lora_alpha: 32
    lora_target_linear: true
    learning_rate: 0.0002
    ```

    ```yaml bad num_epochs
    base_model: meta-llama/Llama-3.1-8B
    num_epochs: 10
    learning_rate: 0.00002
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    val_set_size: 0.05
    ```

    Sources: microsoft/azure-skills, hyperparameters.md; Axolotl and Unsloth, documentation (1 to 3); none of 449 published recipes has more than
    5 epochs.
    """

    code = "TRN003"
    name = "too-many-epochs"
    severity = Severity.WARNING

    def check(self, link: Link) -> Iterator[Finding]:
        """Yield a finding where the examples are seen too often."""
        plan, rows = link.config.plan, link.rows
        epochs = plan.effective("epochs")
        limited = plan.max_steps is not None and plan.max_steps > 0
        if epochs is None or limited or plan.effective("method") not in _METHODS:
            return
        place = Place(plan.path("epochs")) if plan.epochs is not None else Place(plan.path("datasets"), "key")
        if epochs > _MOST and plan.epochs is not None and not (rows is not None and rows * epochs < _FEW):
            yield self.finding(
                f"{plain(epochs)} epochs: the model sees each example {plain(epochs)} times",
                place,
                help="1 to 3 are usual; from the fourth on examples are learnt by heart",
            )
        elif rows is not None and rows > _MANY and epochs > _MOST_OF_MANY:
            yield self.finding(
                f"{plain(epochs)} epochs of {rows:,} examples: 1 or 2 are usual for so many",
                place,
                help="more passes cost money and teach by heart; keep the checkpoint that is best on other data",
            )
