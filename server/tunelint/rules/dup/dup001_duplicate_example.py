"""DUP001: see the class."""

from array import array
from collections.abc import Iterator, Sequence

from tunelint.core.block import PlainBlock, handles, identities
from tunelint.core.finding import Edit, Finding, Fix, Severity
from tunelint.core.record import Record
from tunelint.rules.base import Context, GroupRule, Groups, Rows
from tunelint.rules.dup._pairs import first_at, takes_part


class DuplicateExample(GroupRule):
    """The same example stands in the file more than once.

    ## Why

    A copy is paid for like any example and teaches nothing new; it makes the model memorise what is repeated, and where copies
    fall on both sides of a split they make the evaluation look better than it is.

    Examples are compared after JSON is decoded: order of keys, escapes and white space around a text make no difference, and
    neither do columns that no training reads, such as an id. Each later copy is reported with the first one as related place.

    ## What to do

    Keep one of them. If the repetition is meant to give an example more weight, use more epochs or the trainer's weights, and
    ignore this rule for the file.

    ## Fix

    The unsafe fix drops every copy but the first.

    ## Examples

    ```jsonl good
    {"messages": [{"role": "user", "content": "1 + 1?"}, {"role": "assistant", "content": "2"}]}
    {"messages": [{"role": "user", "content": "1 + 2?"}, {"role": "assistant", "content": "3"}]}
    ```

    ```jsonl bad 3:
    {"messages": [{"role": "user", "content": "1 + 1?"}, {"role": "assistant", "content": "2"}]}
    {"messages": [{"role": "user", "content": "1 + 2?"}, {"role": "assistant", "content": "3"}]}
    {"messages": [{"content": "1 + 1?", "role": "user"}, {"role": "assistant", "content": "2"}]}
    ```

    ```jsonl fixed
    {"messages": [{"role": "user", "content": "1 + 1?"}, {"role": "assistant", "content": "2"}]}
    {"messages": [{"role": "user", "content": "1 + 2?"}, {"role": "assistant", "content": "3"}]}
    ```

    Sources: Lee et al., Deduplicating training data makes language models better, 2107.06499; huggingface/datasets issue 4261.
    """

    code = "DUP001"
    name = "duplicate-example"
    severity = Severity.WARNING
    fix = "unsafe"
    stage = "shape"

    def keys(self, record: Record, context: Context) -> tuple[int, ...]:
        """Return the one key that equal examples share."""
        return (record.identity,) if takes_part(record) else ()

    def rows(self, records: Sequence[Record], context: Context) -> Rows:
        """Return the keys of many records; nearly all take part."""
        taking = records if isinstance(records, PlainBlock) else [record for record in records if takes_part(record)]
        return Rows(handles(taking), identities(taking), array("Q", bytes(8 * len(taking))))

    def report(self, groups: Groups, context: Context) -> Iterator[Finding]:
        """Yield a finding for each copy but the first."""
        for group in groups:
            first, *copies = group.members
            for copy in copies:
                yield self.finding(
                    "the same example stands here again",
                    handle=copy.handle,
                    help="drop the copy: it is paid for and teaches nothing new",
                    related=first_at(first.handle, "first stands here"),
                    fix=Fix("drop this copy of the example", "unsafe", (Edit("drop"),)),
                )
