"""ADV008: see the class."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from tunelint.core.finding import Finding, Place, Severity
from tunelint.core.plan import PREFERENCE_METHODS
from tunelint.rules.adv._saying import evidence_records, reasons
from tunelint.rules.base import AdviceRule, Context, Link, ProjectRule

if TYPE_CHECKING:
    from tunelint.advice.verdict import Verdict

_SMALL: Final = 10_000
"""Rows from which full tuning is usual (alpaca and its likes have 50,000)."""

_EPOCHS: Final = 3.0
"""Passes that published recipes for instructions make; from the fourth on examples are learnt by heart (TRN003)."""

_RATE: Final = 2e-5
"""The rate at which Llama was tuned in full by Alpaca and Llama 2 (Touvron et al., 2023); higher rates forget more."""

_METHODS: Final = frozenset({"sft", None}) | PREFERENCE_METHODS


class ForgettingRisk(AdviceRule, ProjectRule):
    """One narrow task and nothing else: a model tuned on it forgets other things.

    ## Why

    Nothing in the file argues against tuning. All of it is one task, though, and a model that sees nothing else loses some of what
    it could do before, the more so the more weights are trained and the longer. A config that names the dataset says how much:
    all weights, many passes and a high rate on a few thousand examples overwrite what the model knew.

    In a dataset the finding is information. In a config it says that all weights are tuned on one small dataset either in more than
    3 passes or at a rate above 2e-5; where both hold it is a warning. What lies on a hub is not looked at.

    ## What to do

    Use LoRA, which forgets less than full tuning; mix in some general examples (1 to 5% are enough to matter); stop by the loss
    on held-out records, not by epochs; and test beside the task what the model must still be able to do.

    ## Examples

    ```jsonl good
    {"messages": [{"role": "user", "content": "Name a colour"}, {"role": "assistant", "content": "Blue"}]}
    ```

    ```jsonl bad file times=20
    {"messages": [{"role": "user", "content": "Awful day @ there. Stars from 1 to 5?"}, {"role": "assistant", "content": "1"}]}
    {"messages": [{"role": "user", "content": "So-so day @ there. Stars from 1 to 5?"}, {"role": "assistant", "content": "3"}]}
    {"messages": [{"role": "user", "content": "Great day @ there. Stars from 1 to 5?"}, {"role": "assistant", "content": "5"}]}
    ```

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
    num_epochs: 4
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

    ```yaml bad datasets[0].path also=TRN017
    base_model: meta-llama/Llama-3.1-8B
    micro_batch_size: 2
    num_epochs: 4
    learning_rate: 0.0001
    datasets:
      - path: data/train.jsonl
        type: alpaca
    sequence_len: 256
    val_set_size: 0.05
    ```

    Sources: Biderman et al., LoRA learns less and forgets less, arXiv 2405.09673 (forgetting grows with training and with the rate);
    Luo et al., arXiv 2308.08747; Scialom et al., Fine-tuned language models are continual learners, arXiv 2205.12393 (rehearsal of
    1%).
    """

    code = "ADV008"
    name = "forgetting-risk"
    severity = Severity.INFORMATION

    def report(self, verdict: "Verdict", context: Context) -> Iterator[Finding]:
        """Yield a finding for a narrow task that tuning is right for."""
        if verdict.verdict != "fine-tune" or verdict.task == "json" or verdict.flat_from is not None:
            return
        yield self.finding(
            f"{verdict.records:,} different examples of one narrow task, and nothing to keep a model from forgetting the rest",
            help=reasons(verdict.signals, "use LoRA, mix in 1 to 5% of general examples, and re-test what must not be lost"),
            related=evidence_records(verdict),
            evidence=verdict.numbers(),
        )

    def check(self, link: Link) -> Iterator[Finding]:
        """Yield a finding for a config that tunes all weights on one small dataset, too long or too fast."""
        plan, rows = link.config.plan, link.rows
        if rows is None or rows >= _SMALL or len(link.train) != 1 or plan.effective("tuning") != "full":
            return
        if plan.effective("method") not in _METHODS:
            return
        epochs, rate = plan.effective("epochs"), plan.effective("learning_rate")
        limited = plan.max_steps is not None and plan.max_steps > 0
        many = epochs is not None and epochs > _EPOCHS and not limited
        fast = rate is not None and rate > _RATE
        if not (many or fast):
            return
        how = " ".join([f"in {epochs:g} epochs"] * many + [f"at a rate of {rate:g}"] * fast)
        yield self.finding(
            f"all weights are tuned {how} on nothing but {rows:,} examples: other things are forgotten",
            Place(link.train[0].ref.at),
            severity=Severity.WARNING if many and fast else Severity.INFORMATION,
            help="use LoRA, or mix in 1 to 5% of general examples, and re-test what must not be lost",
            evidence={"rows": rows, "epochs": epochs, "learning_rate": rate},
        )
