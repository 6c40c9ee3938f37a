"""CHT017: see the class."""

from collections.abc import Hashable, Iterator, Sequence
from typing import Any, Final

from tunelint.core.bag import Bag
from tunelint.core.finding import Finding, Handle, Place, Severity
from tunelint.core.record import Record
from tunelint.rules.base import Context, TallyRule

_MASKED: Final = -100
_MIN_RECORDS: Final = 10
_LEAST_BEFORE: Final = 3
"""Different tokens that stand before the last one, at least: behind an end of turn there may be a line end, which is rightly masked."""


class MaskedEnd(TallyRule):
    """The token that ends every text is masked in the labels.

    ## Why

    A model learns to stop from the token that ends a text. Where its label is -100 in all records, as it becomes when the padding token
    is that token too and padding is masked, the tuned model never stops. Trainers take labels that are there as they are.

    ## What to do

    Give the token its own id as label, and mask the padding by where it stands and not by its id.

    ## Examples

    ```jsonl good times=12
    {"input_ids": [1, 15@, 7@, 2, 0, 0], "attention_mask": [1, 1, 1, 1, 0, 0], "labels": [-100, -100, 7@, 2, -100, -100]}
    ```

    ```jsonl good times=12
    {"input_ids": [1, 15@, 7@, 2, 198], "attention_mask": [1, 1, 1, 1, 1], "labels": [-100, -100, 7@, 2, -100]}
    ```

    ```jsonl bad 1:labels times=12
    {"input_ids": [1, 15@, 7@, 2], "attention_mask": [1, 1, 1, 1], "labels": [-100, -100, 7@, -100]}
    ```

    Sources: axolotl-ai-cloud/axolotl pull request 1894 (the end is not added, and its label is the file's); huggingface/trl pull
    request 3091 (padding with the end of text masks both).
    """

    code = "CHT017"
    name = "masked-end"
    severity = Severity.WARNING
    formats = frozenset({"tokenized"})
    kinds = ("last", "before")
    limit = 20

    def observe_many(self, records: Sequence[Record], context: Context) -> list[tuple[Hashable, Handle]]:
        """Return how each record ends: its last token that is no padding, whether it is masked, and the token before it."""
        found: list[tuple[Hashable, Handle]] = []
        for record in records:
            end = _end(record.value)
            if end is not None:
                found += [(("last", *end[:2]), record.handle), (("before", end[2]), record.handle)]
        return found

    def report(self, bag: Bag, context: Context) -> Iterator[Finding]:
        """Yield one finding where all records end with one token, and none learns it."""
        lasts = [item for item in bag.counts if isinstance(item, tuple) and item[0] == "last"]
        before = sum(isinstance(item, tuple) and item[0] == "before" for item in bag.counts)
        if len(lasts) != 1 or "last" in bag.overflown_kinds or (before < _LEAST_BEFORE and "before" not in bag.overflown_kinds):
            return
        (_, token, masked), count = lasts[0], bag.counts[lasts[0]]
        if masked and count >= _MIN_RECORDS:
            yield self.finding(
                f"all {count:,} records end with the token {token}, and its label is masked in each",
                Place(("labels",)),
                handle=bag.first(lasts[0])[0],
                help="give it its id as label: a model that never learns the end of a text does not stop",
            )


def _end(value: Any) -> tuple[int, bool, int] | None:
    """Return the last token that is no padding, whether it is masked, and the token before it, which is learnt."""
    if not isinstance(value, dict):
        return None
    tokens, labels, seen = value.get("input_ids"), value.get("labels"), value.get("attention_mask")
    if not isinstance(tokens, list) or not isinstance(labels, list) or len(labels) != len(tokens):
        return None
    last = len(tokens) - 1
    if isinstance(seen, list) and len(seen) == len(tokens):
        last = next((index for index in range(last, -1, -1) if seen[index]), -1)
    if last < 1 or labels[last - 1] == _MASKED:
        return None
    return tokens[last], labels[last] == _MASKED, tokens[last - 1]
