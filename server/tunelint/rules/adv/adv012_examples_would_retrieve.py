"""ADV012: see the class."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tunelint.core.finding import Finding, Severity
from tunelint.rules.adv._saying import brief, evidence_records, reasons
from tunelint.rules.base import AdviceRule, Context

if TYPE_CHECKING:
    from tunelint.advice.verdict import Verdict


class ExamplesWouldRetrieve(AdviceRule):
    r"""More labels, names or values than one prompt can show: retrieve examples for each request, or tune.

    ## Why

    A prompt of 32 fixed examples leaves out most of what this file knows. With the 50 examples nearest to each request in its
    prompt, a 7B model came within 3 points of its tuned self on three of three sets of intents. Which way is cheaper depends on
    the number of calls.

    ## What to do

    Try a prompt with retrieved examples, and compare the cost of both ways with `tunelint cost`.

    ## Examples

    ```jsonl good
    {"messages": [{"role": "user", "content": "Name a colour"}, {"role": "assistant", "content": "Blue"}]}
    ```

    ```jsonl bad file times=40
    {"messages": [{"role": "user", "content": "a table by the window for guest @"}, {"role": "assistant", "content": "{\"ticket\": \"T-9@0\", \"desk\": \"north\"}"}]}
    {"messages": [{"role": "user", "content": "guest @ would like to pay by card"}, {"role": "assistant", "content": "{\"ticket\": \"P-8@1\", \"desk\": \"south\"}"}]}
    ```

    Sources: Bertsch et al., arXiv 2405.00200 (recomputed from the published runs).
    """

    code = "ADV012"
    name = "examples-would-retrieve"
    severity = Severity.INFORMATION

    def report(self, verdict: "Verdict", context: Context) -> Iterator[Finding]:
        """Yield a finding for data of which one prompt shows too little."""
        if verdict.verdict != "example-retrieval":
            return
        message = brief("too much for one prompt", verdict)
        yield self.finding(
            message,
            help=reasons(
                verdict.signals[:2], "retrieve the examples nearest to each request, or tune: compare the cost", message
            ),
            related=evidence_records(verdict),
            evidence=verdict.numbers(),
        )
