"""QUA002: see the class."""

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

from tunelint.core.bag import Bag
from tunelint.core.finding import Finding, Handle, Place, Severity
from tunelint.core.record import Record
from tunelint.rules._places import answer_text
from tunelint.rules.base import Context, TallyRule
from tunelint.text.distance import within

_LABEL_CHARACTERS: Final = 60
_LABELS: Final = 500
_MIN_RECORDS: Final = 20
_RECORDS_A_LABEL: Final = 4
"""Answers are labels when they are short and each stands for four records or more on average."""

_MISSPELT_SHARE: Final = 0.1
"""A spelling is a slip of another one when it has at most this share of the other's records."""

_MISSPELT_LENGTH: Final = 5
"""Shorter labels that differ in a letter are mostly different labels (``cat``, ``car``)."""


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
    limit = _LABELS
    methods = frozenset({"sft"})

    def observe_many(self, records: Sequence[Record], context: Context) -> list[tuple[str, Handle]]:
        """Return the answer of each record; a long one stands for itself by its beginning and ends the search soon."""
        return [(answer[: _LABEL_CHARACTERS + 1], record.handle) for record in records if (answer := record.answer) is not None]

    def report(self, bag: Bag, context: Context) -> Iterator[Finding]:
        """Yield a finding for each spelling that is a variant of a more frequent one, on its first record."""
        counts = {item: count for item, count in bag.counts.items() if isinstance(item, str)}
        total = sum(counts.values())
        if bag.overflown or total < _MIN_RECORDS or any(len(item) > _LABEL_CHARACTERS for item in counts):
            return
        families: dict[str, list[str]] = {}
        for label in sorted(counts, key=lambda one: (-counts[one], one)):
            families.setdefault(_folded(label), []).append(label)
        if len(families) * _RECORDS_A_LABEL > total:
            return
        for usual, *others in families.values():
            for label in others:
                yield self._variant(bag, label, usual, counts, "case, white space or punctuation")
        sizes = {key: sum(counts[label] for label in labels) for key, labels in families.items()}
        for key, labels in families.items():
            near = [other for other in families if sizes[key] <= _MISSPELT_SHARE * sizes[other] and _is_slip(key, other)]
            if near:
                usual = families[max(near, key=lambda other: sizes[other])][0]
                yield self._variant(bag, labels[0], usual, counts, "spelling")

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


def _folded(label: str) -> str:
    """Return a label without what people vary by accident: case, white space, a full stop or quotes around it."""
    text = unicodedata.normalize("NFKC", label).casefold()
    return " ".join(text.replace("_", " ").replace("-", " ").split()).strip(" .\"'") or text


def _is_slip(rare: str, frequent: str) -> bool:
    if min(len(rare), len(frequent)) < _MISSPELT_LENGTH or any(character.isdigit() for character in rare + frequent):
        return False
    return within(rare, frequent, 1)
