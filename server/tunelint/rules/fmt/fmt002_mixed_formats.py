"""FMT002: see the class."""

from collections.abc import Hashable, Iterator

from tunelint.core.bag import Bag
from tunelint.core.finding import Finding, Severity
from tunelint.core.record import Record
from tunelint.formats import all_formats
from tunelint.formats.detect import other_format
from tunelint.rules.base import Context, TallyRule, Wake


class MixedFormats(TallyRule):
    """Records are of more than one format.

    ## Why

    A trainer reads one format a file. Records of another one are refused with the whole file, skipped, or filled with nothing.

    ## What to do

    Convert them, or put them into a file of their own.

    ## Examples

    ```jsonl good
    {"messages": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "No."}]}
    {"messages": [{"role": "user", "content": "Is it snowing?"}, {"role": "assistant", "content": "No."}], "tools": []}
    ```

    ```jsonl bad 3:
    {"messages": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "No."}]}
    {"messages": [{"role": "user", "content": "Is it snowing?"}, {"role": "assistant", "content": "No."}]}
    {"prompt": "Is it hailing?", "completion": "No."}
    ```

    Sources: together, utils/files.py (all lines of one format); hiyouga/LlamaFactory issue 9618.
    """

    code = "FMT002"
    name = "mixed-formats"
    severity = Severity.ERROR
    wakes = Wake.FAULTY
    stage = "shape"
    limit = 50

    def observe(self, record: Record, context: Context) -> Hashable:
        """Return the format that a record of another shape has."""
        if record.row is not None or context.format is None or not isinstance(record.value, dict):
            return None
        other = other_format(record.value, context.format)
        return other.name if other is not None else None

    def report(self, bag: Bag, context: Context) -> Iterator[Finding]:
        """Yield a finding for each record of another format; how many there are counts for all."""
        assert context.format is not None or not bag.counts
        for name in sorted(bag.counts, key=str):
            assert context.format is not None
            other = all_formats()[str(name)]
            for handle, count in bag.places(name):
                yield self.finding(
                    f"the record is {other.title}, and the file is {context.format.title}",
                    handle=handle,
                    help="convert it, or put it into a file of its own: a trainer reads one format a file",
                    count=count,
                )
