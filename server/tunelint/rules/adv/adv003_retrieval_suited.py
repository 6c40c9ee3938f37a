"""ADV003: see the class."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tunelint.core.finding import Finding, Severity
from tunelint.rules.adv._saying import brief, evidence_records, reasons
from tunelint.rules.base import AdviceRule, Context

if TYPE_CHECKING:
    from tunelint.advice.verdict import Verdict


class RetrievalSuited(AdviceRule):
    """The answers are facts that stand neither in their requests nor anywhere else in the file.

    ## Why

    A fact is learnt slowly from one example, and a model tuned on facts that it does not know makes up more of them. Facts change,
    a tuned model does not. Retrieval keeps them true and current, and can show where they are from.

    ## What to do

    Put the source of the answers into a search index, and what it finds into the prompt. Tune, if at all, on requests that hold
    the passage that answers them.

    ## Examples

    ```jsonl good
    {"messages": [{"role": "user", "content": "Name a colour"}, {"role": "assistant", "content": "Blue"}]}
    ```

    ```jsonl bad file times=60
    {"messages": [{"role": "user", "content": "When was bridge @ opened?"}, {"role": "assistant", "content": "18@4"}]}
    ```

    Sources: Ovadia et al., arXiv 2312.05934 (retrieval beats tuning for known and new facts); Gekhman et al., arXiv 2405.05904 (new
    facts are learnt slowly and raise hallucination); Kandpal et al., arXiv 2211.08411 (rare facts).
    """

    code = "ADV003"
    name = "retrieval-suited"
    severity = Severity.WARNING

    def report(self, verdict: "Verdict", context: Context) -> Iterator[Finding]:
        """Yield a finding for answers that are facts from elsewhere."""
        if verdict.verdict != "knowledge-retrieval":
            return
        yield self.finding(
            brief("answers are facts to be retrieved", verdict),
            severity=Severity.WARNING if verdict.strength == "strong" else Severity.INFORMATION,
            help=reasons(verdict.signals, "retrieve the passages and put them into the prompt: they stay true when they change"),
            related=evidence_records(verdict),
            evidence=verdict.numbers(),
        )
