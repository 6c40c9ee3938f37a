"""MEM002: see the class."""

from collections.abc import Iterator
from typing import Final

import msgspec

from tunelint.core.finding import Finding, Place, Severity
from tunelint.rules.base import Link
from tunelint.rules.mem._run import RunRule, gigabytes

_HALF: Final = 0.5


class MemoryUnused(RunRule):
    """Activations are computed again although the GPU could keep them.

    ## Why

    Gradient checkpointing saves memory by computing every layer twice, which takes a fifth to a quarter of the time. Where less than
    half of the GPU is used, and the run would still fit without it, that time buys nothing.

    ## What to do

    Turn checkpointing off, or use the room for a larger micro-batch.

    ## Examples

    ```yaml good costs=gpu:A10G
    base_model: TinyLlama/TinyLlama_v1.1
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    adapter: lora
    lora_r: 16
    lora_alpha: 32
    lora_target_linear: true
    sequence_len: 4096
    micro_batch_size: 4
    gradient_checkpointing: true
    learning_rate: 0.0002
    val_set_size: 0.05
    bf16: true
    ```

    ```yaml bad gradient_checkpointing costs=gpu:A100-80GB
    base_model: TinyLlama/TinyLlama_v1.1
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    adapter: lora
    lora_r: 16
    lora_alpha: 32
    lora_target_linear: true
    sequence_len: 2048
    micro_batch_size: 2
    gradient_checkpointing: true
    learning_rate: 0.0002
    val_set_size: 0.05
    bf16: true
    ```

    Sources: torchtune's README (9,174 tokens a second without, 7,210 with checkpointing).
    """

    code = "MEM002"
    name = "memory-unused"
    severity = Severity.INFORMATION
    recommended = False

    def check(self, link: Link) -> Iterator[Finding]:
        """Yield one finding where checkpointing buys nothing."""
        from tunelint.costs.memory import estimate_memory

        costs = self.costs(link)
        run, memory, has = costs.planned.run, costs.memory, costs.machine.memory_gb
        if run is None or memory is None or has is None or not run.checkpointing:
            return
        without = estimate_memory(msgspec.structs.replace(run, checkpointing=False, offload_activations=False))
        if memory.peak.high > _HALF * has * 1e9 or without.peak.high > has * 1e9:
            return
        yield self.finding(
            f"needs {gigabytes(memory.peak.value)} of {has:g} GB with checkpointing, and "
            f"{gigabytes(without.peak.value)} GB without",
            Place(link.config.plan.path("checkpointing", "micro_batch", "model"), "key"),
            help="checkpointing computes every layer twice: turn it off, or use the room for a larger micro-batch",
            evidence={"peak_gb": round(memory.peak.value / 1e9, 2), "without_gb": round(without.peak.value / 1e9, 2)},
        )
