"""TRN004: see the class."""

from collections.abc import Iterator
from typing import Final

from tunelint.core.finding import Finding, Place, Severity
from tunelint.rules.base import Link, ProjectRule
from tunelint.rules.trn._steps import most_steps

_FAIL: Final = 10
_FEW: Final = 100


class TooFewSteps(ProjectRule):
    """The run takes too few steps to learn.

    ## Why

    Each optimizer step moves the weights by about the learning rate. Ten steps, of which some are warm-up, change next to nothing:
    the model comes out as it went in. This happens with few examples in large batches, and with packing.

    ## What to do

    Make the batch smaller (accumulation first), add examples, or add an epoch or two. Aim for 100 steps at least.

    ## Examples

    ```jsonl beside data/train.jsonl times=400
    {"instruction": "Name colour @", "output": "Colour @ is green"}
    ```

    ```yaml good
    base_model: meta-llama/Llama-3.1-8B
    adapter: lora
    lora_r: 16
    lora_alpha: 32
    lora_target_linear: true
    micro_batch_size: 2
    learning_rate: 0.0002
    num_epochs: 2
    datasets:
      - path: data/train.jsonl
        type: alpaca
    sequence_len: 256
    val_set_size: 0.05
    ```

    ```jsonl beside data/train.jsonl times=64
    {"instruction": "Name colour @", "output": "Colour @ is green"}
    ```

    ```yaml bad datasets
    base_model: meta-llama/Llama-3.1-8B
    adapter: lora
    lora_r: 16
    lora_alpha: 32
    lora_target_linear: true
    micro_batch_size: 8
    gradient_accumulation_steps: 4
    learning_rate: 0.0002
    datasets:
      - path: data/train.jsonl
        type: alpaca
    sequence_len: 256
    val_set_size: 0.05
    ```

    ```jsonl beside data/train.jsonl times=400
    {"instruction": "Name colour @", "output": "Colour @ is green"}
    ```

    ```yaml bad datasets
    base_model: meta-llama/Llama-3.1-8B
    adapter: lora
    lora_r: 16
    lora_alpha: 32
    lora_target_linear: true
    micro_batch_size: 8
    gradient_accumulation_steps: 2
    learning_rate: 0.0002
    datasets:
      - path: data/train.jsonl
        type: alpaca
    sequence_len: 256
    val_set_size: 0.05
    ```

    Sources: tinker-cookbook, hyperparams.md (2026-08): 100 steps at least, 1,000 for the best result.
    """

    code = "TRN004"
    name = "too-few-steps"
    severity = Severity.WARNING
    needs_lengths = True

    def check(self, link: Link) -> Iterator[Finding]:
        """Yield what the config and its data show together."""
        plan = link.config.plan
        steps = most_steps(link)
        if steps is None or link.rows is None or steps >= _FEW or (plan.max_steps or 0) > 0 or plan.hosted:
            return
        batch = f"{link.rows:,} examples"
        yield self.finding(
            f"{batch} come to {steps} optimizer step{'s' if steps != 1 else ''} on one device",
            Place(plan.path("datasets"), "key"),
            severity=Severity.ERROR if steps < _FAIL else Severity.WARNING,
            help="aim for 100 steps at least: lower the accumulation or the batch, add examples or an epoch",
            evidence={"steps": steps, "rows": link.rows},
        )
