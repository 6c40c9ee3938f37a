"""TRN015: see the class."""

from collections.abc import Iterator

from tunelint.core.finding import Finding, Place, Severity
from tunelint.rules.base import ConfigRule
from tunelint.trainers.base import Config


class TrainsOnPrompt(ConfigRule):
    """The loss is taken on the prompt too.

    ## Why

    The model then learns to write the questions as well as the answers. With long prompts that are nearly the same in all examples
    most of what is paid for is spent on learning one text by heart.

    ## What to do

    Train on the answers only, unless prompts are few words or the data is text to be continued.

    ## Examples

    ```yaml good
    base_model: meta-llama/Llama-3.1-8B
    train_on_inputs: false
    learning_rate: 0.00002
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    val_set_size: 0.05
    ```

    ```yaml bad train_on_inputs
    base_model: meta-llama/Llama-3.1-8B
    train_on_inputs: true
    learning_rate: 0.00002
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    val_set_size: 0.05
    ```

    ```yaml bad training
    model: unsloth/Llama-3.2-1B-Instruct
    data:
      dataset: org/name
      format_type: chatml
    training:
      training_type: lora
      max_seq_length: 2048
      learning_rate: 0.0002
    lora:
      lora_r: 16
      lora_alpha: 16
    ```

    Sources: the tools' documentation of the switches; Unsloth's default is to train on both.
    """

    code = "TRN015"
    name = "trains-on-prompt"
    severity = Severity.INFORMATION

    def check(self, config: Config) -> Iterator[Finding]:
        """Yield what the plan shows."""
        plan = config.plan
        if not plan.effective("trains_on_prompt") or plan.effective("method") not in {"sft", None}:
            return
        said = plan.trains_on_prompt is not None
        place = (
            Place(plan.path("trains_on_prompt"), "key") if said else Place(("training",) if config.has("training") else (), "key")
        )
        yield self.finding(
            "the loss is taken on the prompt too" + ("" if said else f", as is {config.trainer.title}'s default"),
            place,
            help="the model learns to write questions as well: train on the answers only, unless that is wanted",
        )
