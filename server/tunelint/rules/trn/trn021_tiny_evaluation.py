"""TRN021: see the class."""

import math
from collections.abc import Iterator
from typing import Final

from tunelint.core.finding import Finding, Place, Severity
from tunelint.rules.base import Link, ProjectRule

_FEW: Final = 10
"""Fewer examples than this tell no change of the loss from chance, whatever the task."""

_SMALL: Final = 0.02
"""Shares from here on are usual: few examples are then all that a small dataset has to give."""

_TOOLS: Final = frozenset({"axolotl", "llama-factory"})
"""Tools that hand a share to `train_test_split`, which rounds up."""


class TinyEvaluation(ProjectRule):
    """The share that is kept for evaluation is a handful of examples.

    ## Why

    The loss on one or two examples goes up and down with their luck. A checkpoint that is chosen by it, or a run that is stopped by it,
    is chosen by chance.

    ## What to do

    Keep some fifty examples or more; of a small dataset 5 to 10%.

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
    datasets:
      - path: data/train.jsonl
        type: alpaca
    sequence_len: 256
    val_set_size: 0.05
    ```

    ```jsonl beside data/train.jsonl times=400
    {"instruction": "Name colour @", "output": "Colour @ is green"}
    ```

    ```yaml bad val_set_size
    base_model: meta-llama/Llama-3.1-8B
    adapter: lora
    lora_r: 16
    lora_alpha: 32
    lora_target_linear: true
    micro_batch_size: 2
    learning_rate: 0.0002
    datasets:
      - path: data/train.jsonl
        type: alpaca
    sequence_len: 256
    val_set_size: 0.001
    ```

    Sources: Axolotl 0.19 and LLaMA-Factory 0.9.5 split with `train_test_split` of the datasets library, which rounds up; issues 3813 and 5593
    of LLaMA-Factory keep one example.
    """

    code = "TRN021"
    name = "tiny-evaluation"
    severity = Severity.INFORMATION

    def check(self, link: Link) -> Iterator[Finding]:
        """Yield what the config and its data show together."""
        plan, share, rows = link.config.plan, link.config.plan.evaluation_share, link.rows
        if link.config.trainer.name not in _TOOLS or rows is None or not share or not 1e-6 < share < _SMALL or link.evaluation:
            return
        kept = math.ceil(rows / (1 - share) * share)
        if not rows or kept >= _FEW:
            return
        yield self.finding(
            f"{kept} example{'s' if kept != 1 else ''} of about {rows:,} {'are' if kept != 1 else 'is'} kept for evaluation",
            Place(plan.path("evaluation_share")),
            help="the loss on so few is chance: keep fifty or more, 5 to 10% of a small dataset",
            evidence={"kept": kept, "rows": rows},
        )
