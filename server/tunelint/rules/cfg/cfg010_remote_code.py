"""CFG010: see the class."""

from collections.abc import Iterator

from tunelint.core.finding import Finding, Place, Severity
from tunelint.rules.base import ConfigRule
from tunelint.trainers.base import Config


class RemoteCode(ConfigRule):
    """The model's repository may run code of its own on the machine.

    ## Why

    `trust_remote_code: true` runs Python that comes with the model, with all rights of the run: it can read the data and the keys of
    the machine. Most models are in the library by now and do not need it.

    ## What to do

    Remove it where the model loads without. Else name a revision, so that the code cannot change behind your back.

    ## Examples

    ```yaml good
    base_model: meta-llama/Llama-3.1-8B
    trust_remote_code: false
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    learning_rate: 0.00002
    val_set_size: 0.05
    ```

    ```yaml bad trust_remote_code
    base_model: org/model
    trust_remote_code: true
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    learning_rate: 0.00002
    val_set_size: 0.05
    ```

    Sources: transformers, documentation of `trust_remote_code`; Axolotl warns of it.
    """

    code = "CFG010"
    name = "remote-code"
    severity = Severity.INFORMATION

    def check(self, config: Config) -> Iterator[Finding]:
        """Yield a finding where remote code is on and no revision is named."""
        plan = config.plan
        if plan.remote_code and not config.said("model_revision", "revision_of_model", "revision"):
            yield self.finding(
                "code from the model's repository runs on the machine",
                Place(plan.path("remote_code"), "key"),
                help="remove it if the model loads without, or name a revision so that the code cannot change",
            )
