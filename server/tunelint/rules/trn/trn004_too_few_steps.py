"""TRN004: see the class."""

from collections.abc import Iterator
from typing import Final

from tunelint.core.finding import Finding, Place, Severity
from tunelint.rules.base import Link, ProjectRule
from tunelint.rules.trn._steps import most_steps, steps_of_epochs
from tunelint.text.numbers import plain

_FAIL: Final = 10
_FEW: Final = 100
_LIMITED: Final = frozenset({"axolotl", "llama-factory", "trl", "unsloth", "ms-swift"})
"""Tools whose limit is one for the whole run and comes before the epochs, as in the trainer of transformers."""


class TooFewSteps(ProjectRule):
    """The run takes too few steps to learn.

    ## Why

    Each optimizer step moves the weights by about the learning rate. Ten steps, of which some are warm-up, change next to nothing:
    the model comes out as it went in. This happens with few examples in large batches, and with packing; and where a limit of steps is
    left over from a trial, which holds whatever the epochs say.

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

    ```jsonl beside data/train.jsonl times=400
    {"instruction": "Name colour @", "output": "Colour @ is green"}
    ```

    ```yaml bad max_steps
    base_model: meta-llama/Llama-3.1-8B
    adapter: lora
    lora_r: 16
    lora_alpha: 32
    lora_target_linear: true
    micro_batch_size: 2
    learning_rate: 0.0002
    num_epochs: 3
    max_steps: 20
    datasets:
      - path: data/train.jsonl
        type: alpaca
    sequence_len: 256
    val_set_size: 0.05
    ```

    Sources: transformers 5.24, trainer.py (the limit overrides the epochs); tinker-cookbook, hyperparams.md (2026-08): 100 steps at least, 1,000 for the best result.
    """

    code = "TRN004"
    name = "too-few-steps"
    severity = Severity.WARNING
    needs_lengths = True

    def check(self, link: Link) -> Iterator[Finding]:
        """Yield what the config and its data show together."""
        plan = link.config.plan
        yield from self._limited(link)
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

    def _limited(self, link: Link) -> Iterator[Finding]:
        """Yield a limit of steps that ends the run before the epochs that are set beside it."""
        plan, steps = link.config.plan, steps_of_epochs(link)
        limit = plan.max_steps
        if not steps or not limit or not 0 < limit < steps or plan.epochs is None or link.config.trainer.name not in _LIMITED:
            return
        key = plan.path("max_steps")
        yield self.finding(
            f"{key[-1]} ends the run after {limit:,} of the {steps:,} steps of {plain(plan.epochs)} epoch{'s' if plan.epochs != 1 else ''} on one device"[
                :120
            ],
            Place(key),
            severity=Severity.INFORMATION,
            help="a limit holds whatever the epochs say: remove the one that is not meant",
            evidence={"steps": steps, "limit": limit},
        )
