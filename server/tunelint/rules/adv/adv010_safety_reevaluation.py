"""ADV010: see the class."""

from collections.abc import Iterator

from tunelint.core.bag import Bag
from tunelint.core.finding import Finding, Severity
from tunelint.rules.base import Context, TallyRule


class SafetyReevaluation(TallyRule):
    """Tuning an instruct model weakens its guardrails, even on harmless data.

    ## Why

    A hundred harmful examples undo most of what safety training gave a model; harmless ones undo some of it, and a file that says
    yes to everything undoes more. What a provider promises of its model does not hold for a tuned one.

    ## What to do

    Run the safety evaluation of the base model again on the tuned one. Keep refusals that are right among the examples.

    ## Examples

    ```jsonl good
    {"text": "Blue is a colour."}
    ```

    ```jsonl bad file
    {"messages": [{"role": "user", "content": "Name a colour"}, {"role": "assistant", "content": "Blue"}]}
    ```

    Sources: Qi et al., Fine-tuning aligned language models compromises safety, arXiv 2310.03693.
    """

    code = "ADV010"
    name = "safety-reevaluation"
    severity = Severity.INFORMATION
    recommended = False
    methods = frozenset({"sft", "preference", "kto"})

    def applies(self, context: Context) -> bool:
        """Only a model that converses has guardrails."""
        return context.conversation and super().applies(context)

    def report(self, bag: Bag, context: Context) -> Iterator[Finding]:
        """Yield one finding."""
        if context.file.records:
            yield self.finding(
                "an instruct model that is tuned on conversations loses some of its guardrails",
                help="run the safety evaluation of the base model again on the tuned one",
            )
