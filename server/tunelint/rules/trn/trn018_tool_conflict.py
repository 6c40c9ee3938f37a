"""TRN018: see the class."""

from collections.abc import Iterator

from tunelint.core.finding import Finding, Severity
from tunelint.rules.base import ConfigRule
from tunelint.trainers.base import Config


class ToolConflict(ConfigRule):
    """Two keys exclude each other, or one wants another, by the tool's own rules.

    ## Why

    The tool checks this too, but on the machine that was rented for it, and some of it only when the model is loaded. The checks that
    another rule is about (batch sizes, precision, quantisation, packing, evaluation) are said by that rule.

    ## What to do

    What the message says. The checks are those of the version that is named in the tool's module in `trainers/`.

    [What the tools check themselves](../checks.md) is listed check by check, with the rule that says it, or the reason why none does.

    ## Examples

    ```yaml good
    base_model: meta-llama/Llama-3.1-8B
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    learning_rate: 0.00002
    warmup_ratio: 0.05
    val_set_size: 0.05
    ```

    ```yaml bad warmup_ratio
    base_model: meta-llama/Llama-3.1-8B
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    learning_rate: 0.00002
    warmup_steps: 10
    warmup_ratio: 0.05
    val_set_size: 0.05
    ```

    ```yaml bad use_dora
    model_name_or_path: Qwen/Qwen3-0.6B
    stage: sft
    finetuning_type: full
    template: qwen3
    dataset: identity
    output_dir: saves
    learning_rate: 1.0e-5
    val_size: 0.05
    bf16: true
    use_dora: true
    ```

    ```yaml bad warmup_steps name=sft.yaml
    model_name_or_path: Qwen/Qwen3-0.6B
    dataset_name: trl-lib/Capybara
    output_dir: out
    learning_rate: 2.0e-5
    per_device_train_batch_size: 2
    max_length: 2048
    eval_strategy: steps
    lr_scheduler_type: constant
    warmup_steps: 20
    ```

    Sources: transformers 5.24 (`get_scheduler`), Axolotl 0.19.0, LLaMA-Factory 0.9.5, TRL 1.16, torchtune 0.6.1, DeepSpeed 0.19.8,
    read in their source.
    """

    code = "TRN018"
    name = "tool-conflict"
    severity = Severity.ERROR

    def check(self, config: Config) -> Iterator[Finding]:
        """Yield the tool's own checks that no other rule says."""
        return self.conflicts(config)
