"""ADV001: see the class."""

from collections.abc import Iterator
from typing import Final

from tunelint.core.bag import Bag
from tunelint.core.finding import Finding, Severity
from tunelint.formats import all_targets
from tunelint.rules.base import Context, TallyRule, in_words

_WARNING: Final = 50
"""OpenAI's guide advises to start with 50 well-made examples."""

_INFORMATION: Final = 100
"""OpenAI's guide sees improvements from 50 to 100 on; Vertex advises 100."""


class TooFewExamples(TallyRule):
    """The file has fewer examples than fine-tuning needs.

    ## Why

    Hosted trainers refuse files below their minimum, ten for most. From 50 on, providers have seen tuning help; below, a prompt
    that holds a few of these examples mostly does as well, costs nothing to set up, and can be changed in a minute.

    ## What to do

    Put the best examples into a prompt first and measure it on the others. If that is not enough, collect more: what a prompt
    with examples gets wrong is what new examples should be about.

    ## Examples

    ```jsonl good
    {"text": "1"}
    ```

    ```jsonl bad file target=openai
    {"messages": [{"role": "user", "content": "Name a colour"}, {"role": "assistant", "content": "Blue"}]}
    ```

    Sources: OpenAI, supervised fine-tuning guide ("minimum 10, improvements at 50 to 100, start with 50"); Google, Vertex tuning
    guide (100); limits of each target with their dates in `formats/targets`.
    """

    code = "ADV001"
    name = "too-few-examples"
    severity = Severity.WARNING

    def applies(self, context: Context) -> bool:
        """Plain text is counted in tokens, not in records."""
        return context.method != "pretraining" and context.format is not None

    def report(self, bag: Bag, context: Context) -> Iterator[Finding]:
        """Yield one finding for a short file."""
        records = context.file.records
        if not records or context.file.damaged:
            return
        least = context.limits.min_examples
        refused = least is not None and records < least
        if not refused and records >= _INFORMATION:
            return
        advice = "a prompt that holds a few of these examples may do as well: try it before you pay for a run"
        if refused:
            message = f"{_examples(records)}, and {context.consumer} takes no file below {least}"
            yield self.finding(message, severity=Severity.ERROR, help=advice, evidence={"records": records, "least": least})
            return
        by = self._refusing(records, context) if context.target is None else []
        message = f"{_examples(records)}; " + (
            f"{in_words(by)} refuse{'s' if len(by) == 1 else ''} so few"
            if by
            else f"tuning is seen to help from {_WARNING} to {_INFORMATION} on"
        )
        yield self.finding(
            message,
            severity=Severity.WARNING if records < _WARNING else Severity.INFORMATION,
            help=advice,
            evidence={"records": records},
        )

    def _refusing(self, records: int, context: Context) -> list[str]:
        assert context.format is not None
        targets = [one for one in all_targets().values() if context.format.name in one.dialects and one.hosted]
        return [one.title for one in targets if records < (one.limits_for(context.method or "").min_examples or 0)]


def _examples(records: int) -> str:
    return f"only {records:,} example{'s' if records != 1 else ''}"
