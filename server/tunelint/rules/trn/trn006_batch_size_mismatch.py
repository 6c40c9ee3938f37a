"""TRN006: see the class."""

from collections.abc import Iterator

from tunelint.core.finding import Finding, Severity
from tunelint.rules.base import ConfigRule
from tunelint.trainers.base import Config


class BatchSizeMismatch(ConfigRule):
    """The sizes of the batch do not fit each other.

    ## Why

    A global batch is the micro batch times the accumulation steps times the devices. Where a config says several of them, the tool
    refuses what does not come out even; GRPO wants whole groups of completions in each batch.

    ## What to do

    Change one of the numbers, or leave one out so that the tool computes it.

    ## Examples

    ```json good name=ds_config.json
    {"train_batch_size": 64, "train_micro_batch_size_per_gpu": 4, "gradient_accumulation_steps": 2, "zero_optimization": {"stage": 2}}
    ```

    ```json bad train_batch_size name=ds_config.json
    {"train_batch_size": 60, "train_micro_batch_size_per_gpu": 8, "gradient_accumulation_steps": 2, "zero_optimization": {"stage": 2}}
    ```

    ```yaml bad batch_size
    base_model: meta-llama/Llama-3.1-8B
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    gradient_accumulation_steps: 4
    batch_size: 8
    learning_rate: 0.00002
    val_set_size: 0.05
    ```

    ```yaml good name=grpo.yaml
    model_name_or_path: Qwen/Qwen3-0.6B
    dataset_name: trl-lib/DeepMath-103K
    output_dir: out
    reward_funcs: [accuracy_reward]
    num_generations: 8
    per_device_train_batch_size: 2
    gradient_accumulation_steps: 4
    learning_rate: 1.0e-6
    eval_strategy: steps
    ```

    ```yaml bad num_generations name=grpo.yaml
    model_name_or_path: Qwen/Qwen3-0.6B
    dataset_name: trl-lib/DeepMath-103K
    output_dir: out
    reward_funcs: [accuracy_reward]
    num_generations: 8
    per_device_train_batch_size: 7
    learning_rate: 1.0e-6
    eval_strategy: steps
    ```

    ```yaml bad eval_strategy name=grpo.yaml
    model_name_or_path: Qwen/Qwen3-0.6B
    dataset_name: trl-lib/DeepMath-103K
    output_dir: out
    reward_funcs: [accuracy_reward]
    num_generations: 12
    per_device_train_batch_size: 12
    learning_rate: 1.0e-6
    eval_strategy: steps
    ```

    Sources: DeepSpeed 0.19.8 (asserted); Axolotl 0.19.0; LitGPT 0.5.13; TRL 1.16, grpo_config.py and
    rloo_config.py.
    """

    code = "TRN006"
    name = "batch-size-mismatch"
    severity = Severity.ERROR

    def check(self, config: Config) -> Iterator[Finding]:
        """Yield what the tool refuses, or should."""
        return self.conflicts(config)
