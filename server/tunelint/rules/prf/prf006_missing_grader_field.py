"""PRF006: see the class."""

from collections.abc import Hashable, Iterator
from typing import Any, Final

from tunelint.core.bag import Bag
from tunelint.core.finding import Finding, Severity
from tunelint.core.record import Record
from tunelint.rules.base import Context, TallyRule, in_words

_FORMATS: Final = frozenset({"openai-reinforcement"})
"""Where fields stand beside the conversation for a grader. Prompts for TRL are graded by functions that may need none."""

_MIN_RECORDS: Final = 10
"""Hosted trainers take no fewer: a shorter file of prompts is no training data."""


class MissingGraderField(TallyRule):
    """Records lack what the grader reads.

    ## Why

    In reinforcement fine-tuning a grader compares the model's answer with something that the record holds. Where that is missing,
    the run is refused or, worse, every answer gets the same grade and nothing is learnt.

    With a grader given (`--grader`), each field that its templates name as `item.…`, or its code as `item["…"]`, has to be in every
    record. Without one, a file of ten records or more in which none has any field beside the conversation is reported.

    ## What to do

    Add the reference answer, or whatever the grader compares with, as a field of the record, under the name that the grader's
    template uses.

    ## Examples

    ```jsonl good
    {"messages": [{"role": "user", "content": "What is 17 + 25?"}], "answer": "42"}
    {"messages": [{"role": "user", "content": "What is 3 + 4?"}], "answer": "7"}
    ```

    ```jsonl bad file times=12
    {"messages": [{"role": "user", "content": "What is 17 + @?"}]}
    ```

    ```jsonl bad 2: grader=answer
    {"messages": [{"role": "user", "content": "What is 17 + 25?"}], "answer": "42"}
    {"messages": [{"role": "user", "content": "What is 3 + 4?"}], "solution": "7"}
    ```

    Sources: OpenAI's guide to reinforcement fine-tuning and its graders (``{{ item.x }}``); Microsoft Foundry's validator.
    """

    code = "PRF006"
    name = "missing-grader-field"
    severity = Severity.ERROR
    formats = _FORMATS
    methods = frozenset({"reinforcement"})

    def observe(self, record: Record, context: Context) -> Hashable:
        """Return the names of the fields that the grader misses; without a grader, none where there is no field at all."""
        example = record.example
        if example is None:
            return None
        if context.grader_fields is None:
            return None if example.fields else ()
        return tuple(sorted(name for name in context.grader_fields if not _has(record.value, name))) or None

    def report(self, bag: Bag, context: Context) -> Iterator[Finding]:
        """Yield one finding for the file, or one for each set of missing fields on the first record that misses it."""
        records = context.file.records
        if context.grader_fields is None:
            if records >= _MIN_RECORDS and bag.counts.get((), 0) == records and self._graded_by_record(context):
                yield self.finding(
                    f"none of the {records:,} records has a field that a grader could read",
                    help="add the reference answer beside the messages, by which answers are graded; for supervised training each "
                    "conversation lacks its answer",
                )
            return
        for item, count in bag.counts.items():
            assert isinstance(item, tuple)
            names = in_words([repr(str(name)[:30]) for name in item])
            first = bag.first(item)
            yield self.finding(
                f"the grader reads {names}, missing in {count:,} of {records:,} records",
                handle=first[0] if count < records else None,
                help="add the field to the records, or correct the grader's template",
                count=count if count < records else 1,
            )

    def _graded_by_record(self, context: Context) -> bool:
        """Tell whether the target grades by fields of the record; trainers that run functions may need none."""
        return context.target is None or context.target.hosted


def _has(value: Any, name: str) -> bool:
    """Tell whether a record has a field, whose name may lead into objects."""
    if isinstance(value, dict) and name in value:
        return True
    for step in name.split("."):
        if not isinstance(value, dict) or step not in value:
            return False
        value = value[step]
    return True
