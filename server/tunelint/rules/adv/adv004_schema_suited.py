"""ADV004: see the class."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tunelint.core.finding import Finding, Severity
from tunelint.rules.adv._saying import evidence_records, reasons
from tunelint.rules.base import AdviceRule, Context

if TYPE_CHECKING:
    from tunelint.advice.verdict import Verdict


class SchemaSuited(AdviceRule):
    r"""The answers are JSON, whose form structured outputs give without training.

    ## Why

    Providers and local servers can hold a model to a JSON Schema while it writes. What tuning would have to teach is then only
    what goes into the fields, not the form; a tuned model alone still breaks the form now and then.

    ## What to do

    Give the schema with each request (`response_format`, guided decoding) before and after tuning.

    ## Examples

    ```jsonl good
    {"messages": [{"role": "user", "content": "Name a colour"}, {"role": "assistant", "content": "Blue"}]}
    ```

    ```jsonl bad file times=60
    {"messages": [{"role": "user", "content": "Ada@ met Bob@ in town"}, {"role": "assistant", "content": "{\"people\": [\"Ada@\", \"Bob@\"]}"}]}
    ```

    Sources: documentation of structured outputs of OpenAI, Gemini and vLLM.
    """

    code = "ADV004"
    name = "schema-suited"
    severity = Severity.INFORMATION

    def report(self, verdict: "Verdict", context: Context) -> Iterator[Finding]:
        """Yield a finding for JSON answers, where no other rule of the family says it."""
        if verdict.task != "json" or verdict.verdict not in {"fine-tune", "measure"}:
            return
        yield self.finding(
            "answers are JSON: structured outputs give the form without training",
            help=reasons(verdict.signals, "give the schema with each request, and train only for what goes into the fields"),
            related=evidence_records(verdict),
            evidence=verdict.numbers(),
        )
