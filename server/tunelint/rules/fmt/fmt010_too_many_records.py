"""FMT010: see the class."""

from collections.abc import Iterator

from tunelint.core.bag import Bag
from tunelint.core.finding import Finding, Severity
from tunelint.rules.base import Context, TallyRule


class TooManyRecords(TallyRule):
    """The file has more records than the target takes.

    ## Why

    The upload or the job is refused.

    ## What to do

    Leave out duplicates and near duplicates first; a sample of the rest mostly trains as well.

    ## Examples

    ```jsonl good
    {"text": "1"}
    ```

    ```jsonl bad file target=bedrock/claude times=10001 also=DUP006
    {"system": "Be brief.", "messages": [{"role": "user", "content": "Name @"}, {"role": "assistant", "content": "Name @ it is"}]}
    ```

    Sources: limits of each target with their dates in `formats/targets`.
    """

    code = "FMT010"
    name = "too-many-records"
    severity = Severity.ERROR

    def report(self, bag: Bag, context: Context) -> Iterator[Finding]:
        """Yield one finding for a file above the limit."""
        most, records = context.limits.max_examples, context.file.records
        if most is not None and records > most:
            yield self.finding(
                f"{records:,} records, and {context.consumer} takes {most:,} at most",
                help="leave out duplicates, or train on a sample",
                evidence={"records": records, "limit": most},
            )
