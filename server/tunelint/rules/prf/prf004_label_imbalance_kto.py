"""PRF004: see the class."""

from collections.abc import Hashable, Iterator
from typing import Final

from tunelint.core.bag import Bag
from tunelint.core.finding import Finding, Severity
from tunelint.core.record import Record
from tunelint.rules.base import Context, TallyRule

_MIN_RECORDS: Final = 10
_MOST: Final = 10
"""How many times as many records one label may have as the other."""


class LabelImbalanceKto(TallyRule):
    """Nearly all thumbs of unpaired preference data point one way.

    ## Why

    KTO learns from answers that are wanted and from answers that are not. With one kind missing there is nothing to tell apart, and
    the loss falls without the model getting better; beyond ten to one the rare kind is hardly seen in a batch.

    ## What to do

    Add answers of the other kind, or set the trainer's weights (`desirable_weight`, `undesirable_weight` in TRL) so that both kinds
    weigh about the same: between 1:1 and 4:3.

    ## Examples

    ```jsonl good
    {"prompt": "Is it raining?", "completion": "No.", "label": true}
    {"prompt": "Is it snowing?", "completion": "Who knows.", "label": false}
    ```

    ```jsonl bad file times=12
    {"prompt": "Is it raining in @?", "completion": "No, not in @.", "label": true}
    ```

    Sources: Ethayarajh et al., KTO, 2402.01306; TRL, KTO trainer ("ratio of 1:1 to 4:3"); LLaMA-Factory warns of one kind only.
    """

    code = "PRF004"
    name = "label-imbalance-kto"
    severity = Severity.WARNING
    methods = frozenset({"kto"})
    limit = 2

    def observe(self, record: Record, context: Context) -> Hashable:
        """Return the thumb."""
        example = record.example
        return None if example is None or example.label is None else int(example.label)

    def report(self, bag: Bag, context: Context) -> Iterator[Finding]:
        """Yield one finding when a kind is missing or rare."""
        wanted, unwanted = bag.counts.get(1, 0), bag.counts.get(0, 0)
        if wanted + unwanted < _MIN_RECORDS:
            return
        few, many = sorted((wanted, unwanted))
        word = "true" if wanted == many else "false"
        if not few:
            yield self.finding(
                f"all {many:,} labels are {word}",
                severity=Severity.ERROR,
                help="add answers of the other kind: with one kind only there is nothing to tell apart",
            )
        elif many > _MOST * few:
            yield self.finding(
                f"{many:,} labels are {word} and {few:,} are not",
                help="add answers of the rare kind, or set the trainer's weights so that both kinds weigh about the same",
                evidence={"true": wanted, "false": unwanted},
            )
