"""TRN005: see the class."""

from collections.abc import Iterator
from typing import Final

from tunelint.core.finding import Finding, Place, Severity
from tunelint.rules.base import Link, ProjectRule
from tunelint.rules.trn._steps import most_steps
from tunelint.text.numbers import plain

_LARGE: Final = 0.2


class WarmupExceedsSteps(ProjectRule):
    """The warm-up is as long as the run.

    ## Why

    During the warm-up the learning rate climbs to what was set. A run that ends before it was never trained at that rate. A fixed
    `warmup_steps: 100`, as in every sixth published recipe, is more than a small dataset has steps.

    ## What to do

    Set `warmup_ratio` to 0.03 to 0.1, or the steps to that share of the run.

    ## Examples

    ```yaml good
    base_model: meta-llama/Llama-3.1-8B
    adapter: lora
    lora_r: 16
    lora_alpha: 32
    lora_target_linear: true
    learning_rate: 0.0002
    max_steps: 500
    warmup_steps: 20
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    val_set_size: 0.05
    ```

    ```yaml bad warmup_steps
    base_model: meta-llama/Llama-3.1-8B
    adapter: lora
    lora_r: 16
    lora_alpha: 32
    lora_target_linear: true
    learning_rate: 0.0002
    max_steps: 50
    warmup_steps: 100
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    val_set_size: 0.05
    ```

    ```yaml bad warmup_steps
    base_model: meta-llama/Llama-3.1-8B
    adapter: lora
    lora_r: 16
    lora_alpha: 32
    lora_target_linear: true
    learning_rate: 0.0002
    max_steps: 500
    warmup_steps: 200
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    val_set_size: 0.05
    ```

    ```jsonl beside data/train.jsonl times=400
    {"instruction": "Name colour @", "output": "Colour @ is green"}
    ```

    ```yaml bad warmup_steps
    base_model: meta-llama/Llama-3.1-8B
    adapter: lora
    lora_r: 16
    lora_alpha: 32
    lora_target_linear: true
    micro_batch_size: 2
    learning_rate: 0.0002
    warmup_steps: 300
    datasets:
      - path: data/train.jsonl
        type: alpaca
    sequence_len: 256
    val_set_size: 0.05
    ```

    Sources: 97 of 561 published recipes have a fixed 100; Axolotl, docs (5 to 10% of the steps).
    """

    code = "TRN005"
    name = "warmup-exceeds-steps"
    severity = Severity.WARNING
    needs_lengths = True

    def check(self, link: Link) -> Iterator[Finding]:
        """Yield what the config and its data show together."""
        plan = link.config.plan
        steps, warmup = most_steps(link), plan.warmup_steps
        if steps is None or warmup is None or warmup < 1:
            return
        place = Place(plan.path("warmup_steps"))
        if warmup >= steps:
            yield self.finding(
                f"{plain(warmup)} steps of warm-up, and the run has {steps:,} at most",
                place,
                help="the rate that was set is never reached: set the warm-up to 3 to 10% of the steps",
                evidence={"steps": steps},
            )
        elif warmup > _LARGE * steps:
            yield self.finding(
                f"{plain(warmup)} steps of warm-up are {warmup / steps:.0%} of the run's {steps:,}",
                place,
                severity=Severity.INFORMATION,
                help="3 to 10% of the steps are usual",
                evidence={"steps": steps},
            )
