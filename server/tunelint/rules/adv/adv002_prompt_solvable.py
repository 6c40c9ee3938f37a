"""ADV002: see the class."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tunelint.core.finding import Finding, Severity
from tunelint.rules.adv._saying import brief, evidence_records, measured_words, reasons
from tunelint.rules.base import AdviceRule, Context

if TYPE_CHECKING:
    from tunelint.advice.verdict import Verdict


class PromptSolvable(AdviceRule):
    """A prompt with a few of these examples should do as well as a tuned model.

    ## Why

    A prompt costs nothing to set up, can be changed in a minute and outlives the base model. On 12 of 15 published tasks with a
    closed set of labels a prompted model came within 5 points of the best tuned one. The finding is a warning where the file's own
    numbers say so, and information where only such a base rate does; `tunelint advise` shows all of them.

    ## What to do

    Put a few examples into a prompt and measure it on the others before you pay for a run. Tune when the prompt was measured and
    is not good enough, too slow, or too dear at your number of calls. Once `tunelint measure` has asked a model, the finding says
    what the best prompt scored, until a record changes.

    ## What it cannot know

    How good is good enough for you; whether future requests look like these, and whether the answers here are right; latency,
    privacy and volume, which are reasons of their own. Where no number of the file decides, a base rate of published tasks does: of
    models of early 2024 with short prompts, so what tuning adds to a good prompt today is at most that.

    ## Examples

    ```jsonl good
    {"messages": [{"role": "user", "content": "Name a colour"}, {"role": "assistant", "content": "Blue"}]}
    ```

    ```jsonl bad file times=60
    {"messages": [{"role": "user", "content": "label number @"}, {"role": "assistant", "content": "LABEL NUMBER @"}]}
    ```

    Sources: LoRA Land, arXiv 2405.00732, table 12; Bertsch et al., arXiv 2405.00200; thresholds beside each reason in
    `advice/scorecard.py`.
    """

    code = "ADV002"
    name = "prompt-solvable"
    severity = Severity.WARNING

    def report(self, verdict: "Verdict", context: Context) -> Iterator[Finding]:
        """Yield a finding for data that a prompt can do."""
        if verdict.verdict != "prompt" or "system-prompt" in verdict.hints:
            return
        message = brief("a prompt with a few examples should do", verdict)
        severity = Severity.WARNING if verdict.strength == "strong" else Severity.INFORMATION
        advice = "try the prompt and measure it before you pay for a run"
        evidence = verdict.numbers()
        if context.measured is not None and context.measured.best is not None:
            message, decided = measured_words(context.measured)
            severity = Severity.INFORMATION if decided else severity
            advice = "`tunelint advise` shows the whole measurement"
            evidence |= {"measured": context.measured.best.score.value}
        yield self.finding(
            message,
            severity=severity,
            help=reasons(verdict.signals, advice),
            related=evidence_records(verdict),
            evidence=evidence,
        )
