"""MEM001: see the class."""

from collections.abc import Iterator

from tunelint.core.finding import Finding, Place, Severity
from tunelint.rules.base import Link
from tunelint.rules.mem._run import RunRule, gigabytes


class OutOfMemory(RunRule):
    """The run needs more memory than the GPU has.

    ## Why

    A run that does not fit ends with an out-of-memory error, often not at its start but at the first long batch, hours into a paid
    machine. The estimate counts weights, adapters, gradients, optimizer states, activations and logits of the worst moment of a step
    as the library of the config makes them; half of the published runs lie within 4% of it, nine of ten within 14%. It is an error
    where the lower end of the estimate is above the GPU, a warning where the estimate itself is.

    ## What to do

    Make the change that the help names: the one that costs least time. A smaller micro-batch with more accumulation trains the same.
    The rule speaks when the settings say which GPU there is: `gpu` or `memory-gb` under `[hardware]`.

    ## Examples

    ```yaml good
    base_model: NousResearch/Meta-Llama-3.1-8B
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 8192
    micro_batch_size: 16
    learning_rate: 0.00002
    val_set_size: 0.05
    ```

    ```yaml good costs=gpu:A100-80GB
    base_model: NousResearch/Meta-Llama-3.1-8B
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

    ```yaml bad micro_batch_size costs=gpu:A10G
    base_model: NousResearch/Meta-Llama-3.1-8B
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    adapter: lora
    lora_r: 16
    lora_alpha: 32
    lora_target_linear: true
    sequence_len: 4096
    micro_batch_size: 8
    gradient_checkpointing: true
    learning_rate: 0.0002
    val_set_size: 0.05
    bf16: true
    ```

    Sources: Korthikanti et al., arXiv 2205.05198; QLoRA, arXiv 2305.14314; published runs of litgpt, torchtune, LLaMA-Factory and
    others, compared by `python -m tests.benchmarks.memory`.
    """

    code = "MEM001"
    name = "out-of-memory"
    severity = Severity.ERROR

    def check(self, link: Link) -> Iterator[Finding]:
        """Yield one finding for a run that does not fit."""
        costs = self.costs(link)
        memory, has = costs.memory, costs.machine.memory_gb
        if memory is None or has is None or costs.fits != "no":
            return
        peak, parts, fix = memory.peak, memory.parts, costs.fix
        surely = peak.low > has * 1e9
        largest = sorted(
            (
                (parts.weights, "weights"),
                (parts.optimizer + parts.gradients, "optimizer and gradients"),
                (parts.activations, "activations"),
                (parts.logits, "logits"),
                (parts.gather, "gathered layers"),
                (parts.frozen, "models that do not learn"),
                (parts.generation, "sampled completions"),
            ),
            reverse=True,
        )[:2]
        makes = " and ".join(f"{gigabytes(size)} of {name}" for size, name in largest)
        if fix is not None:
            mend = f"`{fix.key}: {str(fix.value).lower()}` would fit with {fix.peak_gb:.0f} GB"
        else:
            mend = "no single change makes it fit: take a larger GPU, several of them, or a smaller model"
        yield self.finding(
            f"needs about {gigabytes(peak.value)} GB ({gigabytes(peak.low)} to {gigabytes(peak.high)}) on one GPU, "
            f"and {costs.machine.name or 'the GPU'} has {has:g} GB",
            Place(self.place(link.config), "key"),
            severity=Severity.ERROR if surely else Severity.WARNING,
            help=f"{makes}; {mend}",
            evidence={
                "peak_gb": round(peak.value / 1e9, 2),
                "low_gb": round(peak.low / 1e9, 2),
                "high_gb": round(peak.high / 1e9, 2),
                "gpu_gb": has,
            },
        )
