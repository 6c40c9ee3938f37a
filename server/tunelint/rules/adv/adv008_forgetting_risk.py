"""ADV008: see the class."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tunelint.core.finding import Finding, Severity
from tunelint.rules.adv._saying import evidence_records, reasons
from tunelint.rules.base import AdviceRule, Context

if TYPE_CHECKING:
    from tunelint.advice.verdict import Verdict


class ForgettingRisk(AdviceRule):
    """The file is one narrow task: worth tuning for, and a model tuned on nothing else forgets other things.

    ## Why

    Nothing in the file argues against tuning. All of it is one task, though, and a model that sees nothing else loses some of what
    it could do before, the more so the more weights are trained and the longer.

    ## What to do

    Use LoRA, which forgets less than full tuning; mix in some general examples (1 to 5 % are enough to matter); stop by the loss
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

    Sources: Biderman et al., LoRA learns less and forgets less, arXiv 2405.09673; Scialom et al., Fine-tuned language models are
    continual learners, arXiv 2205.12393 (rehearsal of 1 %).
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
            help=reasons(verdict.signals, "use LoRA, mix in 1 to 5 % of general examples, and re-test what must not be lost"),
            related=evidence_records(verdict),
            evidence=verdict.numbers(),
        )
