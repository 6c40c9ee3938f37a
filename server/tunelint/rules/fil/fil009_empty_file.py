"""FIL009: see the class."""

from collections.abc import Iterator

from tunelint.core.bag import Bag
from tunelint.core.finding import Finding, Severity
from tunelint.rules.base import Context, TallyRule


class EmptyFile(TallyRule):
    r"""The file holds no record.

    ## Why

    An empty training file is the end of a pipeline that failed without saying so.

    ## What to do

    Look at what wrote it.

    ## Examples

    ```jsonl good
    {"text": "1"}
    ```

    ```jsonl bad file

    ```

    Sources: hiyouga/LlamaFactory, "Cannot find valid samples".
    """

    code = "FIL009"
    name = "empty-file"
    severity = Severity.ERROR
    replaces = frozenset({"FIL003"})

    def report(self, bag: Bag, context: Context) -> Iterator[Finding]:
        """Yield one finding for a file without records."""
        facts = context.file
        if not facts.records and not facts.foreign_encoding and not facts.content and not facts.damaged:
            what = "is empty" if not facts.size else "holds no record"
            yield self.finding(f"the file {what}", help="look at what wrote it")
