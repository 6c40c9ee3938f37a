"""QUA001: see the class."""

from collections.abc import Iterator, Sequence
from typing import Final

from tunelint.core.bag import Bag
from tunelint.core.finding import Finding, Handle, Place, Related, Severity
from tunelint.core.record import Record
from tunelint.rules._places import answer_text
from tunelint.rules.base import Context, TallyRule
from tunelint.rules.qua._labels import LABELS, families_of, labels_of, observed, slips

_MIN_RECORDS: Final = 50
"""In fewer records a rare label is chance."""

_MOST: Final = 0.8
"""Share of the records that one label may have: a model that always says it is right as often."""

_LEAST: Final = 0.1
"""Share of an equal part of the records that the rarest label must have."""

_SHOWN: Final = 30
_FEW_LABELS: Final = 20
"""With more labels the rarest one is naturally rare: counts of many kinds of thing fall off like 1 / rank (Zipf)."""


class ClassImbalance(TallyRule):
    """One label has nearly all records, or another one hardly any.

    ## Why

    A model learns how often each label is said before it learns when. With nine records of ten under one label it can be right
    nine times of ten without reading, and a label that it saw three times it will never say. Accuracy hides both.

    The rule looks at files whose answers are a small closed set of short texts: one label above 80% of the records or, among up
    to 20 labels, one below a tenth of an equal share. Numbers on a scale are no labels in this sense, and spellings that are
    slips of another label count for that one.

    ## What to do

    Add records of the rare labels, or take fewer of the frequent one, and measure each label apart (macro F1). If the shares are
    those of the real input and being right there is all that counts, ignore the rule.

    ## Examples

    ```jsonl good times=30
    {"prompt": "@ stars, great", "completion": "positive"}
    {"prompt": "@ yawns, dull", "completion": "negative"}
    ```

    ```jsonl bad file times=60
    {"prompt": "@ stars, great", "completion": "positive"}
    {"prompt": "dull", "completion": "negative"}
    {"prompt": "so dull", "completion": "negative"}
    ```

    Sources: Japkowicz and Stephen, The class imbalance problem, 2002; Zhao et al., Calibrate before use, 2102.09690, for what
    unequal examples do in a prompt.
    """

    code = "QUA001"
    name = "class-imbalance"
    severity = Severity.WARNING
    limit = LABELS
    methods = frozenset({"sft"})

    def observe_many(self, records: Sequence[Record], context: Context) -> list[tuple[str, Handle]]:
        """Return the answer of each record."""
        return observed(records)

    def report(self, bag: Bag, context: Context) -> Iterator[Finding]:
        """Yield one finding: for the label that has too many records, else for those that have too few."""
        counts = labels_of(bag)
        families = families_of(counts)
        sizes = {key: sum(counts[label] for label in labels) for key, labels in families.items()}
        for slip, meant in list(slips(sizes)):
            sizes[meant] += sizes.pop(slip)
        total = sum(sizes.values())
        if len(sizes) < 2 or total < _MIN_RECORDS or _is_scale(sizes):
            return
        by_size = sorted(sizes, key=lambda key: (-sizes[key], key))
        first, last = by_size[0], by_size[-1]
        if sizes[first] > _MOST * total:
            key, rest = first, f"{len(sizes) - 1} other{'s have' if len(sizes) > 2 else ' has'} the rest"
            message = f"label {families[key][0][:_SHOWN]!r} has {sizes[key] / total:.0%} of the records, {rest}"
        elif len(sizes) <= _FEW_LABELS and sizes[last] < _LEAST * total / len(sizes):
            key, equal = last, total // len(sizes)
            rare = sum(size < _LEAST * total / len(sizes) for size in sizes.values()) - 1
            more = f"; {rare} more label{'s are' if rare > 1 else ' is'} rare" if rare else ""
            message = f"label {families[key][0][:_SHOWN]!r} has {sizes[key]:,} of {total:,} records, where an equal share is {equal:,}{more}"
        else:
            return
        label = families[key][0]
        yield self.finding(
            message,
            help="add records of the rare labels or take fewer of the frequent one, and measure each label apart (macro F1)",
            related=(Related("the first record with this label", bag.first(label)[0]),),
            evidence={"label": label, "count": sizes[key], "labels": len(sizes), "records": total},
        )

    def anchor(self, record: Record) -> Place:
        """Return the place of the label."""
        return answer_text(record)


def _is_scale(sizes: dict[str, int]) -> bool:
    """Tell whether the labels are numbers: points on a scale, which are rarer towards its ends."""
    return len(sizes) > 2 and all(key.replace(".", "", 1).lstrip("-+").isdigit() for key in sizes)
