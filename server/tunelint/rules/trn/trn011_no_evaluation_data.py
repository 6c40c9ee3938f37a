"""TRN011: see the class."""

from collections.abc import Iterator
from typing import Final

from tunelint.core.finding import Finding, Place, Severity
from tunelint.rules.base import Link, ProjectRule

_TOOLS: Final = frozenset(
    {"axolotl", "llama-factory", "trl", "openai", "azure", "together", "vertex", "fireworks", "bedrock", "ms-swift"}
)
"""Tools whose configs say what is evaluated on."""

_ENOUGH: Final = 500
"""Examples from which on 5% are enough to see a difference of some points."""

_METHODS: Final = frozenset({"sft", "dpo", "kto", "orpo", "simpo", "ipo", "reward", None})


class NoEvaluationData(ProjectRule):
    """Nothing is kept for evaluation.

    ## Why

    The loss on the training data falls whatever happens. Without data that is not trained on nobody can say when the run should have
    stopped, or whether it was worth its money.

    ## What to do

    Keep 5% of the data, or 100 to 500 examples, for evaluation.

    ## Examples

    ```yaml good
    base_model: meta-llama/Llama-3.1-8B
    learning_rate: 0.00002
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    val_set_size: 0.05
    ```

    ```yaml bad datasets
    base_model: meta-llama/Llama-3.1-8B
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    learning_rate: 0.00002
    ```

    ```yaml bad val_set_size
    base_model: meta-llama/Llama-3.1-8B
    learning_rate: 0.00002
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    val_set_size: 0
    ```

    Sources: OpenAI, fine-tuning best practices ("evals first"); half of the published Axolotl examples keep nothing, hence information.
    """

    code = "TRN011"
    name = "no-evaluation-data"
    severity = Severity.INFORMATION
    trainers = _TOOLS

    def check(self, link: Link) -> Iterator[Finding]:
        """Yield a finding where nothing is kept, a warning where there is enough to keep some."""
        config, plan = link.config, link.config.plan
        if plan.effective("method") not in _METHODS or plan.evaluation_datasets or config.tree.faults:
            return
        if plan.evaluation_share or {"evaluation_strategy", "evaluation_steps"} & plan.at.keys():
            return
        if any(one.code == "TRN010" for one in config.conflicts):
            return  # the evaluation is set, and cannot run
        if plan.datasets or plan.hosted:
            rows = link.rows
            enough = rows is not None and rows >= _ENOUGH
            yield self.finding(
                "nothing is kept for evaluation" + (f" of {rows:,} examples" if enough else ""),
                Place(plan.path("evaluation_share", "datasets", "model"), "key"),
                severity=Severity.WARNING if enough else Severity.INFORMATION,
                help="keep 5% of the data, or 100 to 500 examples: else nobody can say when to stop, or whether it was worth it",
            )
