"""MEM003: see the class."""

from collections.abc import Iterator

from tunelint.core.finding import Finding, Place, Severity
from tunelint.rules.base import Link
from tunelint.rules.mem._run import RunRule
from tunelint.text.numbers import plain, significant


class TrainingTime(RunRule):
    """How long the run takes on the GPU that the settings name.

    ## Why

    Hours are what a rented GPU is paid by, and a run that ends after the reservation is lost. The estimate comes from the FLOPs of the
    model and from what published runs of the library reach; they lie within a factor of two of it.

    ## What to do

    Nothing, if the time is what you expect. `budget-hours` under `[costs]` makes it a warning above that. The rule speaks when the
    settings name the `gpu` under `[hardware]`, and the config or the data that it names say how many steps there are.

    ## Examples

    ```yaml good costs=gpu:A10G
    base_model: TinyLlama/TinyLlama_v1.1
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 1024
    micro_batch_size: 1
    learning_rate: 0.00002
    val_set_size: 0.05
    gradient_checkpointing: true
    bf16: true
    ```

    ```yaml bad max_steps costs=gpu:A10G
    base_model: TinyLlama/TinyLlama_v1.1
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    max_steps: 5000
    sequence_len: 1024
    micro_batch_size: 1
    learning_rate: 0.00002
    val_set_size: 0.05
    gradient_checkpointing: true
    bf16: true
    ```

    ```jsonl beside data/train.jsonl times=2000
    {"messages": [{"role": "user", "content": "What is the square of @?"}, {"role": "assistant", "content": "It is @ times @"}]}
    ```

    ```yaml bad num_epochs costs=gpu:A10G
    base_model: TinyLlama/TinyLlama_v1.1
    datasets:
      - path: data/train.jsonl
        type: chat_template
    num_epochs: 2
    adapter: lora
    lora_r: 16
    lora_alpha: 32
    lora_target_linear: true
    sequence_len: 1024
    micro_batch_size: 1
    learning_rate: 0.0002
    val_set_size: 0.05
    gradient_checkpointing: true
    bf16: true
    ```

    Sources: Korthikanti et al., arXiv 2205.05198; LLaMA-Factory's wiki, torchtune's README, mistral-finetune, litgpt's tables.
    """

    code = "MEM003"
    name = "training-time"
    severity = Severity.INFORMATION

    def check(self, link: Link) -> Iterator[Finding]:
        """Yield one finding with the hours."""
        costs = self.costs(link)
        hours, budget = costs.hours, link.config.use.budget_hours
        if hours is None or costs.total_steps is None or costs.fits == "no":
            return
        above = budget is not None and hours.value > budget
        most = f", above the budget of {plain(budget)}" if budget is not None and above else ""
        price = f", ${costs.usd.low:,.2f} to ${costs.usd.high:,.2f}" if costs.usd is not None else ""
        took, low, high = (significant(one, 2) for one in (hours.value, hours.low, hours.high))
        yield self.finding(
            f"takes about {took} hours ({low} to {high}) on {costs.machine.name}{most}{price}",
            Place(link.config.plan.path("max_steps", "epochs", "micro_batch"), "key"),
            severity=Severity.WARNING if above else self.severity,
            help=f"{costs.total_steps:,} steps; `tunelint cost` shows what the estimate rests on",
            evidence={
                "hours": round(hours.value, 3),
                "low": round(hours.low, 3),
                "high": round(hours.high, 3),
                "steps": costs.total_steps,
            },
        )
