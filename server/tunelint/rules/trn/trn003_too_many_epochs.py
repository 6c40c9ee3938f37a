"""TRN003: see the class."""

from collections.abc import Iterator
from typing import Final

from tunelint.core.finding import Finding, Place, Severity
from tunelint.rules.base import ConfigRule
from tunelint.trainers.base import Config

_MOST: Final = 5.0
_METHODS: Final = frozenset({"sft", "dpo", "kto", "orpo", "simpo", "ipo", "reward", None})


class TooManyEpochs(ConfigRule):
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

    def check(self, config: Config) -> Iterator[Finding]:
        """Yield what the plan shows."""
        plan = config.plan
        epochs = plan.epochs
        limited = plan.max_steps is not None and plan.max_steps > 0
        if epochs is not None and epochs > _MOST and not limited and plan.effective("method") in _METHODS:
            yield self.finding(
                f"{epochs:g} epochs: the model sees each example {epochs:g} times",
                Place(plan.path("epochs")),
                help="1 to 3 are usual; from the fourth on examples are learnt by heart",
            )
