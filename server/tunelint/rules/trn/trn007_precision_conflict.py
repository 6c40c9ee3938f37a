"""TRN007: see the class."""

import re
from collections.abc import Iterator
from typing import Final

from tunelint.core.finding import Finding, Place, Severity
from tunelint.rules.base import ConfigRule
from tunelint.trainers.base import Config

_WITHOUT_BF16: Final = re.compile(r"(?i)\b(?:T4|V100|P100|P40|P4|K80|M60|RTX ?20[678]0|GTX|TITAN (?:RTX|V)|Quadro RTX)\b")
"""GPUs before Ampere, in the names of their maker and of clouds."""


class PrecisionConflict(ConfigRule):
    """Two precisions are on at once.

    ## Why

    `fp16` and `bf16` exclude each other, as do 4 and 8 bits: every library refuses both at once.

    ## What to do

    Keep `bf16` on Ampere (A100, RTX 30) and newer, `fp16` on older GPUs such as T4 and V100.

    ## Examples

    ```yaml good name=sft.yaml
    model_name_or_path: Qwen/Qwen3-0.6B
    dataset_name: trl-lib/Capybara
    output_dir: out
    learning_rate: 2.0e-5
    per_device_train_batch_size: 2
    max_length: 2048
    eval_strategy: steps
    bf16: true
    fp16: false
    ```

    ```yaml bad fp16 name=sft.yaml
    model_name_or_path: Qwen/Qwen3-0.6B
    dataset_name: trl-lib/Capybara
    output_dir: out
    learning_rate: 2.0e-5
    per_device_train_batch_size: 2
    max_length: 2048
    eval_strategy: steps
    bf16: true
    fp16: true
    ```

    ```yaml bad load_in_8bit
    base_model: meta-llama/Llama-3.1-8B
    load_in_4bit: true
    load_in_8bit: true
    adapter: lora
    lora_r: 16
    lora_alpha: 32
    lora_target_linear: true
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    learning_rate: 0.0002
    val_set_size: 0.05
    ```

    Sources: transformers 5.23, `TrainingArguments.__post_init__`; DeepSpeed 0.19.8; TRL 1.16, ModelConfig.
    """

    code = "TRN007"
    name = "precision-conflict"
    severity = Severity.ERROR

    def check(self, config: Config) -> Iterator[Finding]:
        """Yield the precisions that exclude each other."""
        plan = config.plan
        said = False
        for finding in self.conflicts(config):
            said = True
            yield finding
        if not said and plan.bf16 and plan.fp16:
            yield self.finding(
                "fp16 and bf16 are both on",
                Place(plan.path("fp16"), "key"),
                help=f"{config.trainer.title} refuses both: keep bf16 on A100 and newer, fp16 on older GPUs",
            )
        gpu = config.use.hardware.gpu or ""
        if not said and not plan.fp16 and plan.precision == "bf16" and _WITHOUT_BF16.search(gpu):
            yield self.finding(
                f"bf16 is on, and the GPU of the settings, {gpu}, has none"[:120],
                Place(plan.path("bf16", "precision"), "key"),
                help="bf16 came with Ampere (A100, RTX 30): set fp16 instead",
            )
