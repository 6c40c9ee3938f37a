"""ADV009: see the class."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tunelint.core.finding import Finding, Severity
from tunelint.rules.adv._saying import evidence_records, reasons
from tunelint.rules.base import AdviceRule, Context

if TYPE_CHECKING:
    from tunelint.advice.verdict import Verdict


class LearningCurveFlat(AdviceRule):
    """More examples of this kind add nothing to what simple learners make of the file.

    ## Why

    Held-out answers were guessed from growing parts of the file, by the nearest example and, for labels, a linear model. From some
    count on more examples made no difference. A language model that is tuned needs fewer, not more: what is still missing is
    another kind of example.

    ## What to do

    Train on fewer epochs or fewer records, and put the labelling hours into cases that the file does not have: what a model gets
    wrong, rare classes, hard requests.

    ## Examples

    ```jsonl good
    {"messages": [{"role": "user", "content": "Name a colour"}, {"role": "assistant", "content": "Blue"}]}
    ```

    ```jsonl bad file times=170
    {"messages": [{"role": "user", "content": "Awful day @ there. Stars from 1 to 5?"}, {"role": "assistant", "content": "1"}]}
    {"messages": [{"role": "user", "content": "So-so day @ there. Stars from 1 to 5?"}, {"role": "assistant", "content": "3"}]}
    {"messages": [{"role": "user", "content": "Great day @ there. Stars from 1 to 5?"}, {"role": "assistant", "content": "5"}]}
    ```

    Sources: Bertsch et al., arXiv 2405.00200 (the nearest example's score follows that of a language model, r = 0.90 over 59
    published points).
    """

    code = "ADV009"
    name = "learning-curve-flat"
    severity = Severity.INFORMATION

    def report(self, verdict: "Verdict", context: Context) -> Iterator[Finding]:
        """Yield a finding where the curve is flat and no other rule of the family speaks."""
        if verdict.flat_from is None or verdict.task == "json":
            return
        yield self.finding(
            f"from about {verdict.flat_from:,} examples on, more of this kind add nothing to what simple learners score",
            help=reasons(verdict.signals, "look for other kinds of examples rather than for more of these"),
            related=evidence_records(verdict),
            evidence={**verdict.numbers(), "flat_from": verdict.flat_from},
        )
