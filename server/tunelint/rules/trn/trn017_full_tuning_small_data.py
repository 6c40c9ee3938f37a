"""TRN017: see the class."""

from collections.abc import Iterator
from typing import Final

from tunelint.core.finding import Finding, Place, Severity
from tunelint.rules.base import Link, ProjectRule

_LITTLE: Final = 1_000
_MODEST: Final = 10_000
_METHODS: Final = frozenset({"sft", "dpo", "kto", "orpo", "simpo", "ipo", None})


class FullTuningSmallData(ProjectRule):
    """All weights are tuned on little data.

    ## Why

    With few examples full tuning overwrites what the model knew: it forgets other tasks, and learns the examples by heart. LoRA learns
    as much from so little and forgets less, in a fraction of the memory.

    ## What to do

    Train an adapter. Full tuning pays from about 10,000 examples on, or for continued pretraining.

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

    ```yaml bad base_model
    base_model: meta-llama/Llama-3.1-8B
    micro_batch_size: 2
    learning_rate: 0.00002
    datasets:
      - path: data/train.jsonl
        type: alpaca
    sequence_len: 256
    val_set_size: 0.05
    ```

    Sources: Biderman et al., LoRA Learns Less and Forgets Less, 2405.09673; Luo et al., 2308.08747, on forgetting.
    """

    code = "TRN017"
    name = "full-tuning-small-data"
    severity = Severity.WARNING

    def check(self, link: Link) -> Iterator[Finding]:
        """Yield what the config and its data show together."""
        plan, rows = link.config.plan, link.rows
        if rows is None or rows >= _MODEST or plan.effective("tuning") != "full" or plan.effective("method") not in _METHODS:
            return
        yield self.finding(
            f"all weights are tuned on {rows:,} examples",
            Place(plan.path("tuning", "model"), "key"),
            severity=Severity.WARNING if rows < _LITTLE else Severity.INFORMATION,
            help="LoRA learns as much from so little, forgets less, and takes a fraction of the memory",
            evidence={"rows": rows},
        )
