"""TRN010: see the class."""

from collections.abc import Iterator

from tunelint.core.finding import Finding, Severity
from tunelint.rules.base import ConfigRule
from tunelint.trainers.base import Config


class EvaluationInconsistent(ConfigRule):
    """The evaluation cannot run as it is set.

    ## Why

    A cadence without data, an early stop without checkpoints to go back to, a best model without the evaluations that would tell
    it: the tool refuses, or never evaluates.

    ## What to do

    Add what is missing, or remove the setting.

    ## Examples

    ```yaml good
    base_model: meta-llama/Llama-3.1-8B
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    learning_rate: 0.00002
    val_set_size: 0.05
    eval_steps: 50
    save_steps: 100
    early_stopping_patience: 3
    ```

    ```yaml bad eval_steps
    base_model: meta-llama/Llama-3.1-8B
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    learning_rate: 0.00002
    val_set_size: 0
    eval_steps: 50
    ```

    ```yaml bad load_best_model_at_end name=sft.yaml
    model_name_or_path: Qwen/Qwen3-0.6B
    dataset_name: trl-lib/Capybara
    output_dir: out
    learning_rate: 2.0e-5
    per_device_train_batch_size: 2
    max_length: 2048
    load_best_model_at_end: true
    eval_strategy: epoch
    save_strategy: steps
    ```

    Sources: transformers 5.23, `TrainingArguments.__post_init__`; Axolotl 0.19.0; LLaMA-Factory 0.9.5; Together 3.1.1.
    """

    code = "TRN010"
    name = "evaluation-inconsistent"
    severity = Severity.ERROR

    def check(self, config: Config) -> Iterator[Finding]:
        """Yield what the tool refuses, or should."""
        return self.conflicts(config)
