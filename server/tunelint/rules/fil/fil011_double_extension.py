"""FIL011: see the class."""

from collections.abc import Iterator

from tunelint.core.bag import Bag
from tunelint.core.finding import Finding, Severity
from tunelint.rules.base import Context, TallyRule

_DATA = (".jsonl", ".ndjson", ".json", ".csv", ".parquet")
_ADDED = (".txt", ".doc", ".docx", ".html")


class DoubleExtension(TallyRule):
    """The file name has a second extension behind that of the data.

    ## Why

    Editors on Windows add `.txt` to a name and hide it. Services go by the end of the name and refuse `.jsonl.txt`.

    ## What to do

    Rename the file.

    ## Examples

    ```jsonl good
    {"text": "1"}
    ```

    ```jsonl bad file name=train.jsonl.txt
    {"text": "1"}
    ```

    Sources: MicrosoftLearning/mslearn-ai-studio issue 53.
    """

    code = "FIL011"
    name = "double-extension"
    severity = Severity.WARNING
    recommended = False

    def report(self, bag: Bag, context: Context) -> Iterator[Finding]:
        """Yield one finding for the name."""
        name = context.file.name.lower()
        for added in _ADDED:
            if name.endswith(added) and name.removesuffix(added).endswith(_DATA):
                yield self.finding(f"the name ends in {added!r} behind the extension of the data", help="rename the file")
