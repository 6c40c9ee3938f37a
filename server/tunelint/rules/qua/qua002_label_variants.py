"""QUA002: see the class."""

from collections.abc import Iterator, Sequence

from tunelint.core.bag import Bag
from tunelint.core.finding import Finding, Handle, Place, Severity
from tunelint.core.record import Record
from tunelint.rules._places import answer_text
from tunelint.rules.base import Context, TallyRule
from tunelint.rules.qua._labels import LABELS, families_of, labels_of, observed, slips


class LabelVariants(TallyRule):
    """Labels differ only by case, white space or spelling.

    ## Why

    `positive`, `Positive ` and `postive` are three labels to a model and to whoever scores it. The variants split the evidence,
    and the tuned model reproduces them at about the share they have in the file.

    The rule looks at files whose answers are a small closed set of short texts. A spelling counts as a slip when it is rare and
    one letter away from a frequent label; labels that differ in digits are never taken for slips.

    ## What to do

    Use one spelling for each label.

    ## Examples

    ```jsonl good
    {"prompt": "great film", "completion": "positive"}
    {"prompt": "dull film", "completion": "negative"}
    ```

    ```jsonl bad 21:messages[1].content 42:messages[1].content times=20
    {"messages": [{"role": "user", "content": "Great film, @ stars"}, {"role": "assistant", "content": "positive"}]}
    {"messages": [{"role": "user", "content": "What a film"}, {"role": "assistant", "content": "Positive"}]}
    {"messages": [{"role": "user", "content": "Dull film, @ yawns"}, {"role": "assistant", "content": "negative"}]}
    {"messages": [{"role": "user", "content": "So dull"}, {"role": "assistant", "content": "negtive"}]}
    ```
    """

    code = "QUA002"
    name = "label-variants"
    severity = Severity.WARNING
    limit = LABELS
    methods = frozenset({"sft"})

    def observe_many(self, records: Sequence[Record], context: Context) -> list[tuple[str, Handle]]:
        """Return the answer of each record."""
        return observed(records)

    def report(self, bag: Bag, context: Context) -> Iterator[Finding]:
        """Yield a finding for each spelling that is a variant of a more frequent one, on its first record."""
        counts = labels_of(bag)
        families = families_of(counts)
        for usual, *others in families.values():
            for label in others:
                yield self._variant(bag, label, usual, counts, "case, white space or punctuation")
        sizes = {key: sum(counts[label] for label in labels) for key, labels in families.items()}
        for key, usual_key in slips(sizes):
            yield self._variant(bag, families[key][0], families[usual_key][0], counts, "spelling")

    def _variant(self, bag: Bag, label: str, usual: str, counts: dict[str, int], what: str) -> Finding:
        times = f"{counts[label]:,} time{'s' if counts[label] != 1 else ''}"
        return self.finding(
            f"label {label!r} ({times}) differs from {usual!r} ({counts[usual]:,} times) only in {what}",
            handle=bag.first(label)[0],
            help="use one spelling for each label",
            evidence={"label": label, "usual": usual, "count": counts[label], "usual_count": counts[usual]},
        )

    def anchor(self, record: Record) -> Place:
        """Return the place of the label."""
        return answer_text(record)
