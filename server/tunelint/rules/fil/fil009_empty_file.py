"""FIL009: see the class."""

from collections.abc import Hashable, Iterator

from tunelint.core.bag import Bag
from tunelint.core.finding import Finding, Severity
from tunelint.core.record import Record
from tunelint.rules.base import Context, TallyRule, Wake


class EmptyFile(TallyRule):
    r"""The file holds no record, or only empty ones.

    ## Why

    An empty training file is the end of a pipeline that failed without saying so. So is one whose records are all `{}`: it has as
    many examples as lines, and there is nothing in them to train on.

    ## What to do

    Look at what wrote it.

    ## Examples

    ```jsonl good
    {"text": "1"}
    ```

    ```json good name=train.json
    [{"text": "1"}]
    ```

    ```jsonl bad file

    ```

    ```json bad file name=train.json
    {}
    ```

    ```jsonl bad file
    {}
    {}
    ```

    Sources: hiyouga/LlamaFactory, "Cannot find valid samples".
    """

    code = "FIL009"
    name = "empty-file"
    severity = Severity.ERROR
    wakes = Wake.OTHER
    stage = "shape"
    replaces = frozenset({"FIL003", "DUP001"})

    def observe(self, record: Record, context: Context) -> Hashable:
        """Count the records that are empty objects, in a file whose head has nothing else."""
        return "empty" if not context.readable and record.value == {} else None

    def report(self, bag: Bag, context: Context) -> Iterator[Finding]:
        """Yield one finding for a file without records, or without anything in them."""
        facts = context.file
        if facts.foreign_encoding or facts.content or facts.damaged:
            return
        if not facts.records:
            what = "is empty" if not facts.size else "holds no record"
            yield self.finding(f"the file {what}", help="look at what wrote it")
        elif bag.counts.get("empty") == facts.records:
            what = f"all {facts.records:,} records are" if facts.records > 1 else "the only record is"
            yield self.finding(f"{what} empty: {{}}", help="there is nothing in it to train on: look at what wrote it")
