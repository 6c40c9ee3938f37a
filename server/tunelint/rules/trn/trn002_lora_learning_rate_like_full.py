"""TRN002: see the class."""

from collections.abc import Iterator
from typing import Final

from tunelint.core.finding import Finding, Place, Severity
from tunelint.rules.base import ConfigRule
from tunelint.trainers.base import Config

_LEAST: Final = 5e-5
"""Below it lie the defaults that are meant for full tuning (TRL 2e-5, Together 1e-5); LLaMA-Factory's 5e-5 is at the edge."""

_FAR: Final = 1e-5
"""Lower rates are TRN001's."""


class LoraLearningRateLikeFull(ConfigRule):
    """LoRA is trained at a rate that is meant for full tuning.

    ## Why

    LoRA's best rate is about ten times that of full tuning. At 2e-5, the default of TRL, an adapter has learnt little when the run
    ends, and the data gets the blame.

    ## What to do

    Set the learning rate to 1e-4 to 2e-4.

    ## Examples

    ```yaml good name=sft.yaml
    model_name_or_path: Qwen/Qwen3-0.6B
    dataset_name: trl-lib/Capybara
    output_dir: out
    per_device_train_batch_size: 2
    max_length: 2048
    eval_strategy: steps
    use_peft: true
    learning_rate: 2.0e-4
    ```

    ```yaml good
    model_name_or_path: Qwen/Qwen3-0.6B
    stage: sft
    finetuning_type: lora
    template: qwen3
    dataset: identity
    output_dir: saves
    val_size: 0.05
    bf16: true
    lora_rank: 8
    ```

    ```yaml bad learning_rate name=sft.yaml
    model_name_or_path: Qwen/Qwen3-0.6B
    dataset_name: trl-lib/Capybara
    output_dir: out
    per_device_train_batch_size: 2
    max_length: 2048
    eval_strategy: steps
    use_peft: true
    learning_rate: 2.0e-5
    ```

    ```yaml bad use_peft name=sft.yaml
    model_name_or_path: Qwen/Qwen3-0.6B
    dataset_name: trl-lib/Capybara
    output_dir: out
    per_device_train_batch_size: 2
    max_length: 2048
    eval_strategy: steps
    use_peft: true
    ```

    Sources: Thinking Machines, LoRA Without Regret (2025), and tinker-cookbook, which multiplies by 10; TRL's documentation of LoRA.
    """

    code = "TRN002"
    name = "lora-learning-rate-like-full"
    severity = Severity.WARNING

    def check(self, config: Config) -> Iterator[Finding]:
        """Yield what the plan shows."""
        plan = config.plan
        rate = plan.effective("learning_rate")
        method = plan.effective("method")
        if plan.effective("tuning") != "lora" or rate is None or not _FAR <= rate < _LEAST or method not in {"sft", None}:
            return
        if method is None and plan.learning_rate is not None and rate <= _FAR:
            return  # may be preference training, for which it is right
        said = plan.learning_rate is not None
        origin = "" if said else f", {config.trainer.title}'s default,"
        yield self.finding(
            f"a learning rate of {rate:g}{origin} is low for LoRA",
            Place(plan.path("learning_rate")) if said else Place(plan.path("tuning", "model"), "key"),
            help="LoRA wants about ten times the rate of full tuning: set it to 1e-4 to 2e-4",
        )
