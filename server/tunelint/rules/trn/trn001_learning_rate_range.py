"""TRN001: see the class."""

from collections.abc import Iterator
from typing import Final

from tunelint.core.finding import Finding, Place, Severity
from tunelint.rules.base import ConfigRule
from tunelint.trainers.base import Config

_LORA: Final = (1e-5, 1e-3)
_FULL: Final = (1e-6, 2e-4)
"""Rates of supervised tuning; P5 to P95 of published recipes is 2e-5 to 3e-4 for LoRA, and 2e-4 is P95 for full tuning."""

_PREFERENCE_LORA: Final = 5e-5
_PREFERENCE_FULL: Final = 5e-6
"""Ten times what alignment-handbook uses for DPO: 5e-6 with QLoRA, 5e-7 full."""


class LearningRateRange(ConfigRule):
    """The learning rate is far from what works.

    ## Why

    A rate that is ten times too high destroys the model in the first hundred steps, and one that is ten times too low pays for a run
    that changes nothing. Neither looks like an error while it runs.

    ## What to do

    For LoRA start at 1e-4 to 2e-4, for full tuning at 1e-5 to 2e-5, for preference training at 5e-7 (full) to 5e-6 (LoRA). Pretraining
    and reinforcement are not judged, nor are optimizers that are no Adam, whose rates mean something else.

    ## Examples

    ```yaml good
    base_model: meta-llama/Llama-3.1-8B
    adapter: lora
    lora_r: 16
    lora_alpha: 32
    lora_target_linear: true
    learning_rate: 0.0002
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    val_set_size: 0.05
    ```

    ```yaml good name=dpo.yaml
    model_name_or_path: Qwen/Qwen3-0.6B
    dataset_name: trl-lib/Capybara
    output_dir: out
    per_device_train_batch_size: 2
    max_length: 2048
    eval_strategy: steps
    learning_rate: 5.0e-7
    beta: 0.1
    precompute_ref_log_probs: true
    ```

    ```yaml bad learning_rate
    base_model: meta-llama/Llama-3.1-8B
    adapter: lora
    lora_r: 16
    lora_alpha: 32
    lora_target_linear: true
    learning_rate: 0.02
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    val_set_size: 0.05
    ```

    ```yaml bad learning_rate
    base_model: meta-llama/Llama-3.1-8B
    learning_rate: 0.0005
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    val_set_size: 0.05
    ```

    ```yaml bad learning_rate name=dpo.yaml
    model_name_or_path: Qwen/Qwen3-0.6B
    dataset_name: trl-lib/Capybara
    output_dir: out
    per_device_train_batch_size: 2
    max_length: 2048
    eval_strategy: steps
    learning_rate: 2.0e-5
    beta: 0.1
    precompute_ref_log_probs: true
    ```

    Sources: Axolotl, docs/agents (LoRA 1e-4 to 3e-4, full 1e-5 to 5e-5); Dettmers et al., QLoRA, 2305.14314; alignment-handbook for DPO; of 561
    published recipes 3.1% (LoRA) and 3.8% (full) lie outside.
    """

    code = "TRN001"
    name = "learning-rate-range"
    severity = Severity.WARNING

    def check(self, config: Config) -> Iterator[Finding]:
        """Yield what the plan shows."""
        plan = config.plan
        rate, adapter = plan.learning_rate, plan.adapter
        optimizer = str(plan.effective("optimizer") or "adam").casefold()
        if rate is None or adapter is None or plan.effective("tuning") == "freeze" or "adam" not in optimizer:
            return
        method = plan.effective("method")
        kind = "LoRA" if adapter else "full tuning"
        if plan.preference:
            most = _PREFERENCE_LORA if adapter else _PREFERENCE_FULL
            if rate > most:
                yield self.finding(
                    f"a learning rate of {rate:g} is high for {method} with {kind}",
                    Place(plan.path("learning_rate")),
                    severity=Severity.HINT,
                    help=f"preference training wants far less than supervised tuning: stay below {most:g}",
                )
            return
        least, most = _LORA if adapter else _FULL
        if method not in {"sft", None} or least <= rate <= most or (method is None and rate < least):
            return
        side = "high" if rate > most else "low"
        yield self.finding(
            f"a learning rate of {rate:g} is very {side} for {kind}",
            Place(plan.path("learning_rate")),
            help=f"what works lies between {least:g} and {most:g}; start at {'1e-4 to 2e-4' if adapter else '1e-5 to 2e-5'}",
        )
