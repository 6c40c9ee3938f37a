"""DUP007: see the class."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from tunelint.core.block import answers, digests
from tunelint.core.example import is_trained
from tunelint.core.finding import Finding, Handle, Place, Related, Severity
from tunelint.core.record import Record
from tunelint.rules._places import answer_text
from tunelint.rules.base import Context, GroupRule, Groups, Rows
from tunelint.rules.dup._pairs import answered

_LABEL_CHARACTERS: Final = 60
_MIN_RECORDS: Final = 100
_LEAST_EACH: Final = 5
"""Records of a label: with fewer of them the five folds of the linear model do not all know it."""

_LABELLED: Final = 0.9
"""Share of the records of a file that have a label of `_LEAST_EACH` records or more, where answers are labels."""

_SAMPLE: Final = 4_000
"""Records that are looked at. Of a larger file they are those whose prompts have the smallest hashes: a sample that does not depend
on order. The time grows with the square of their number."""

_HELD: Final = 4 * _SAMPLE
_HASHES: Final = 1 << 64
_COLUMNS: Final = 2_048
_LEAST_ACCURACY: Final = 0.75
"""Accuracy of the linear model on what it does not know, below which its doubts are mostly its own mistakes: with 5% of the labels
swapped, fewer than half of the doubts were right on the two of ten public data sets that are below it."""

_SHOWN_NEIGHBOURS: Final = 2


class LabelNoise(GroupRule):
    """A label is not what the nearest other requests say.

    ## Why

    Wrong labels cost more than they seem to: the model learns them, and those of the evaluation cap what any model can score.
    Public data sets have 3 to 6% of them, more where labels were made in a hurry.

    Files are looked at whose answers are a closed set of labels, with 100 records or more. A label is doubted where two learners
    that were not shown the record agree on another one: its ten nearest neighbours by the words of the request, and a linear
    model made from the other records. Where that model is right less often than three times of four, the words say too little
    about the label and nothing is reported. Of more than 4,000 records, 4,000 are looked at.

    With 5% of the labels of 1,500 requests to customer service swapped, 96 of 100 doubts were right and four of five swapped
    labels were found (27 labels); with 150 labels for as many requests it was two of three and one of two. A doubt is a reason to
    look, no proof. It takes a second or two for 4,000 records; files without labels pay nothing.

    ## What to do

    Look at the record beside its neighbours and correct the label, or leave it where it is right: unusual examples are the ones
    worth having.

    ## Examples

    ```jsonl good times=60
    {"prompt": "where is my parcel number @", "completion": "delivery"}
    {"prompt": "please refund my order of shoes @", "completion": "refund"}
    ```

    ```jsonl bad 61:completion times=60
    {"prompt": "where is my parcel number @", "completion": "delivery"}
    {"prompt": "where is my parcel number seven", "completion": "refund"}
    {"prompt": "please refund my order of shoes @", "completion": "refund"}
    ```

    Sources: Northcutt et al., Confident learning, 1911.00068, and Pervasive label errors in test sets, 2103.14749.
    """

    code = "DUP007"
    name = "label-noise"
    severity = Severity.INFORMATION
    keeps_item = True
    slow = True
    methods = frozenset({"sft"})

    def keys(self, record: Record, context: Context) -> tuple[int, ...]:
        """Return the hash of the label; an answer that is long is none."""
        if not answered(record, context):
            return ()
        answer = record.answer
        return (record.digests[1],) if answer and len(answer) <= _LABEL_CHARACTERS else ()

    def item(self, record: Record, context: Context) -> int:
        """Return the hash of the prompt."""
        return record.digests[0]

    def rows(self, records: Sequence[Record], context: Context) -> Rows:
        """Return hashes of label and prompt of many records; in most files none takes part."""
        labels = [
            (index, handle) for index, (text, handle) in enumerate(answers(records)) if text and len(text) <= _LABEL_CHARACTERS
        ]
        if not labels:
            return Rows((), array("Q"), array("Q"))
        hashes = digests(records)
        return Rows(
            [handle for _, handle in labels],
            array("Q", [hashes.answers[index] for index, _ in labels]),
            array("Q", [hashes.prompts[index] for index, _ in labels]),
        )

    def anchor(self, record: Record) -> Place:
        """Return the place of the label."""
        return answer_text(record)

    def report(self, groups: Groups, context: Context) -> Iterator[Finding]:
        """Yield a finding for each label that is doubted."""
        if groups.records < max(_MIN_RECORDS, _LABELLED * context.file.records):
            return
        sizes: list[int] = []
        sample = _sample(_labelled(groups, sizes))
        if len(sizes) < 2 or sum(sizes) < _LABELLED * groups.records:
            return
        if len(sample) >= _MIN_RECORDS and len({label for _, label in sample}) > 1:
            yield from self._doubted(sample, context)

    def _doubted(self, sample: Sequence[tuple[Handle, int]], context: Context) -> Iterator[Finding]:
        import numpy as np  # 75 ms that files without labels do not need

        from tunelint.advice.vectors import Vectors
        from tunelint.rules.dup._doubts import doubts_of

        assert context.fetch is not None
        records = context.fetch([handle for handle, _ in sample])
        labels = np.unique([label for _, label in sample], return_inverse=True)[1]
        matrix = Vectors([_request(records[handle]) for handle, _ in sample], _COLUMNS).matrix
        doubts = doubts_of(matrix, labels, context.pulse)
        if doubts.accuracy < _LEAST_ACCURACY:
            return
        for doubt in doubts.found:
            handle = sample[doubt.row][0]
            neighbours = [sample[row][0] for row in doubt.neighbours]
            label, expected = records[handle].answer or "", records[neighbours[0]].answer or ""
            yield self.finding(
                f"{len(neighbours)} of the 10 nearest requests have the label {expected[:30]!r}, not {label[:30]!r}",
                handle=handle,
                help="compare the record with its neighbours and correct the label; leave it where it is right",
                related=[Related(f"a request like it, with {expected[:30]!r}", one) for one in neighbours[:_SHOWN_NEIGHBOURS]],
                evidence={"label": label, "neighbours": expected, "share": round(doubt.share, 2)},
            )


def _labelled(groups: Groups, sizes: list[int]) -> Iterator[tuple[int, Handle, int]]:
    """Yield hash of the prompt, handle and label of the records of labels that are not rare; note how many records each has."""
    for group in groups:
        if len(group.members) >= _LEAST_EACH:
            label = len(sizes)
            sizes.append(len(group.members))
            for member in group.members:
                yield member.item, member.handle, label


def _sample(labelled: Iterable[tuple[int, Handle, int]]) -> list[tuple[Handle, int]]:
    """Return records with the numbers of their labels, each prompt once, in the order of the hashes of their prompts.

    Prompts with several labels are left out: that they contradict each other is another rule's finding. Of twice as many prompts as
    are wanted those with the smallest hashes are looked at, so that what is held does not grow with the file.
    """
    firsts: dict[int, tuple[Handle, int]] = {}
    torn: set[int] = set()
    bound = _HASHES
    for prompt, handle, label in labelled:
        if prompt >= bound:
            continue
        if firsts.setdefault(prompt, (handle, label))[1] != label:
            torn.add(prompt)
        if len(firsts) > _HELD:
            firsts = {one: firsts[one] for one in sorted(firsts)[: 2 * _SAMPLE]}
            bound = next(reversed(firsts)) + 1
    smallest = sorted(firsts)[: 2 * _SAMPLE]
    return [firsts[prompt] for prompt in smallest if prompt not in torn][:_SAMPLE]


def _request(record: Record) -> str:
    """Return what is asked, beside the system prompt."""
    example = record.example
    assert example is not None
    turns = example.turns[:-1] if is_trained(example.turns[-1]) else example.turns
    return "\n".join(turn.text for turn in turns if turn.role != "system")
