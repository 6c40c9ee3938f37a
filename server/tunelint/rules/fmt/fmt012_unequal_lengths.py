"""FMT012: see the class."""

from collections.abc import Iterator

from tunelint.core.finding import Finding, Severity
from tunelint.core.record import Record
from tunelint.rules.base import Context, RecordRule, Wake
from tunelint.rules.fmt._faults import place_of_fault
from tunelint.text.spans import format_path


class UnequalLengths(RecordRule):
    """Lists that belong together have different lengths.

    ## Why

    Each step has its label and each token its mask. Where one list is shorter, trainers stop, or pair the wrong ones.

    ## What to do

    Look at what wrote the lists.

    ## Examples

    ```jsonl good
    {"prompt": "What is 2 + 3 + 4?", "completions": ["2 + 3 = 5", "5 + 4 = 9"], "labels": [true, true]}
    ```

    ```jsonl bad labels
    {"prompt": "What is 2 + 3 + 4?", "completions": ["2 + 3 = 5", "5 + 4 = 9"], "labels": [true]}
    ```

    Sources: huggingface/trl, docs/source/dataset_formats.md, stepwise supervision.
    """

    code = "FMT012"
    name = "unequal-lengths"
    severity = Severity.ERROR
    wakes = Wake.FAULTY
    stage = "shape"

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield a finding for each list that is too short or too long."""
        for fault in record.faults:
            if fault.kind == "wrong-length" and fault.found != "0":
                yield self.finding(
                    f"{format_path(fault.path)} has {fault.found} items, not {fault.expected}",
                    place_of_fault(fault),
                    help="lists that belong together must be equally long",
                )
