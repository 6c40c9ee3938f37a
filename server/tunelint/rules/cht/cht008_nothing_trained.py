"""CHT008: see the class."""

from collections.abc import Iterator

from tunelint.core.example import is_trained
from tunelint.core.finding import Edit, Finding, Fix, Place, Severity
from tunelint.core.record import Record
from tunelint.rules.base import Context, RecordRule, Wake


class NothingTrained(RecordRule):
    """Every answer of a record is left out of the loss.

    ## Why

    A record all of whose answers have weight 0, `train: false`, or masked labels is fed and paid for, and nothing is learnt from
    it. Where all records are like that, the loss is 0 and the run "succeeds".

    ## What to do

    Give the answers that should be learnt weight 1, or drop the record.

    ## Fix

    The unsafe fix drops the record.

    ## Examples

    ```jsonl good
    {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hi!", "weight": 0}, {"role": "user", "content": "Bye"}, {"role": "assistant", "content": "Bye!", "weight": 1}]}
    ```

    ```jsonl bad messages[1]
    {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hi!", "weight": 0}]}
    ```

    ```jsonl fixed
    ```

    ```jsonl bad labels
    {"input_ids": [1, 15, 7, 2], "attention_mask": [1, 1, 1, 1], "labels": [-100, -100, -100, -100]}
    ```

    Sources: unslothai/unsloth-zoo (all labels are -100); axolotl (drops samples with no trainable token).
    """

    code = "CHT008"
    name = "nothing-trained"
    severity = Severity.ERROR
    fix = "unsafe"
    wakes = Wake.RICH | Wake.FAULTY
    unless = frozenset({"CHT002"})
    methods = frozenset({"sft", "kto", "preference", "pretraining"})

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield a finding for a record without anything to learn."""
        example = record.example
        assert example is not None
        fix = Fix("drop the record", "unsafe", (Edit("drop"),))
        if example.token_ids is not None:
            if example.token_ids[0] and not example.token_ids[1]:
                yield self.finding("every label is masked", Place(("labels",)), help="look at what built the labels", fix=fix)
            return
        said = [turn for turn in example.all_turns if turn.trained is not None]
        if said and not any(is_trained(turn) for turn in example.all_turns):
            yield self.finding(
                "every answer is left out of the loss",
                Place(said[-1].at),
                help="give the answers that should be learnt weight 1, or drop the record",
                fix=fix,
            )
