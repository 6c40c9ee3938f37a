"""ADV005: see the class."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tunelint.core.finding import Finding, Severity
from tunelint.rules.adv._saying import brief, evidence_records, reasons
from tunelint.rules.base import AdviceRule, Context

if TYPE_CHECKING:
    from tunelint.advice.verdict import Verdict


class OneLinePersona(AdviceRule):
    """What the examples teach is a name and a manner, which one system prompt carries.

    ## Why

    A hundred ways to say "I am Aria, made by Acme" teach what one sentence says, and wear away what the model knew besides. The
    sentence can be changed when the name does.

    ## What to do

    Write it into the system prompt. Tune for a manner only when that was measured and slips in long conversations.

    ## Examples

    ```jsonl good
    {"messages": [{"role": "user", "content": "Name a colour"}, {"role": "assistant", "content": "Blue"}]}
    ```

    ```jsonl bad file times=60
    {"messages": [{"role": "user", "content": "Who are you, in version @?"}, {"role": "assistant", "content": "My name is Aria, version @ of an assistant that is made to help you"}]}
    ```

    Sources: Zhou et al., LIMA, arXiv 2305.11206 (a style is superficial, knowledge is not in it).
    """

    code = "ADV005"
    name = "one-line-persona"
    severity = Severity.INFORMATION

    def report(self, verdict: "Verdict", context: Context) -> Iterator[Finding]:
        """Yield a finding for answers that are about a name."""
        if verdict.verdict != "prompt" or "system-prompt" not in verdict.hints:
            return
        yield self.finding(
            brief("one line of a system prompt should do", verdict),
            help=reasons(verdict.signals, "write the name and the manner into the system prompt"),
            related=evidence_records(verdict),
            evidence=verdict.numbers(),
        )
