"""DUP003: see the class."""

from array import array
from collections.abc import Iterator, Sequence
from itertools import compress
from typing import Final

from tunelint.core.block import answers, digests, handles
from tunelint.core.finding import Finding, Place, Severity
from tunelint.core.record import Record
from tunelint.rules._places import answer_text
from tunelint.rules.base import Context, GroupRule, Groups, Rows
from tunelint.rules.dup._pairs import answered, first_at

_CLOSED_SET: Final = 50
_CLOSED_SHARE: Final = 0.05
"""Answers are a closed set, such as labels, with at most so many different ones, and at most this share of the records."""

_CLOSED_ERROR_SHARE: Final = 0.02
"""Share of contradicting labels from which they are an error: it caps what any model can reach on the file by as much."""


class ConflictingAnswers(GroupRule):
    """The same prompt has different answers.

    ## Why

    Where two records give the same prompt different answers, the loss pulls both ways and the model learns the average. For
    labels one of the two is wrong, and the share of such records is a ceiling on the accuracy that can be measured.

    For answers in free words it may be meant, as variety; then ignore the rule. From 2% of contradictions in a closed set of
    answers on it is an error.

    ## What to do

    Decide which answer is right and drop the other, or add to the prompt what tells the cases apart.

    ## Examples

    ```jsonl good
    {"messages": [{"role": "user", "content": "The film was great"}, {"role": "assistant", "content": "positive"}]}
    {"messages": [{"role": "user", "content": "The film was dull"}, {"role": "assistant", "content": "negative"}]}
    ```

    ```jsonl bad 2:messages[1].content
    {"messages": [{"role": "user", "content": "The film was long"}, {"role": "assistant", "content": "positive"}]}
    {"messages": [{"role": "user", "content": "The film was long"}, {"role": "assistant", "content": "negative"}]}
    ```

    Sources: Northcutt et al., Pervasive label errors in test sets, 2103.14749, for how common it is.
    """

    code = "DUP003"
    name = "conflicting-answers"
    severity = Severity.WARNING
    keeps_item = True
    methods = frozenset({"sft"})

    def keys(self, record: Record, context: Context) -> tuple[int, ...]:
        """Return the hash of the prompt."""
        return (record.digests[0],) if answered(record, context) else ()

    def item(self, record: Record, context: Context) -> int:
        """Return the hash of the answer."""
        return record.digests[1]

    def rows(self, records: Sequence[Record], context: Context) -> Rows:
        """Return hashes of prompt and answer of many records."""
        taking = [text is not None for text, _ in answers(records)]
        rows = Rows(handles(records), *digests(records))
        if all(taking):
            return rows
        return Rows(list(compress(rows.handles, taking)), *(array("Q", compress(each, taking)) for each in rows[1:]))

    def anchor(self, record: Record) -> Place:
        """Return the place of the answer."""
        return answer_text(record)

    def report(self, groups: Groups, context: Context) -> Iterator[Finding]:
        """Yield a finding for each record whose answer is not that of the first record with its prompt."""
        found = []
        for group in groups:
            first = group.members[0]
            seen = {first.item}
            for member in group.members[1:]:
                if member.item not in seen:
                    seen.add(member.item)
                    found.append((first.handle, member.handle))
        if not found:
            return
        distinct = groups.distinct_items()
        closed = distinct <= _CLOSED_SET and distinct <= _CLOSED_SHARE * groups.records
        too_many = closed and len(found) > _CLOSED_ERROR_SHARE * groups.records
        for first_handle, handle in found:
            yield self.finding(
                "the same prompt has another answer earlier in the file",
                handle=handle,
                severity=Severity.ERROR if too_many else None,
                help="decide which answer is right, or add to the prompt what tells the two apart",
                related=first_at(first_handle, "the other answer stands here"),
            )
