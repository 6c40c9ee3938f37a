"""FMT015: see the class."""

from collections.abc import Hashable, Iterator
from typing import Final

from tunelint.core.bag import Bag
from tunelint.core.finding import Finding, Severity
from tunelint.core.record import Record
from tunelint.rules.base import Context, TallyRule, Wake

_ANSWERS: Final = (
    "label",
    "labels",
    "label_text",
    "entities",
    "ner_tags",
    "spans",
    "sentiment",
    "intent",
    "summary",
    "translation",
    "answer",
    "answers",
    "target",
    "response",
    "output",
    "audio",
)
"""Columns of datasets for classification, tagging, summaries, translation and speech: what is to be told of the text or from it."""

_SHARE: Final = 0.9
"""Share of the records that must have the column before it is taken for the answer, and not for a note on some."""


class UnreadAnswer(TallyRule):
    """The answer stands in a column that no trainer of plain text reads.

    ## Why

    A file with a `text` is read as documents: all of the text is learnt, and every other column is ignored without a word. Of a dataset
    for classification, tagging or transcription the model learns to write the inputs, and never sees what it was to say of them.

    ## What to do

    Write a prompt with the text in it and the answer as its completion. If the text alone is to be learnt, drop the column.

    ## Examples

    ```jsonl good
    {"text": "Warm air takes up water from the surface and rises.", "source": "book", "category": "weather"}
    {"text": "Where it cools, the water condenses.", "source": "book", "category": "weather"}
    ```

    ```jsonl good
    {"text": "The film was great", "labels": {"sentiment": "positive"}}
    ```

    ```jsonl bad file
    {"text": "The film was great", "label": 1}
    {"text": "The film was dull", "label": 0}
    ```

    ```jsonl bad file
    {"text": "I live in Bonn", "entities": [{"start": 10, "end": 14, "label": "CITY"}]}
    ```

    Sources: TRL 1.16, ``sft_trainer.py`` and Axolotl, ``completion`` (only the text column is tokenised).
    """

    code = "FMT015"
    name = "unread-answer"
    severity = Severity.WARNING
    formats = frozenset({"text"})
    wakes = Wake.FAULTY | Wake.RICH
    stage = "shape"

    def observe(self, record: Record, context: Context) -> Hashable:
        """Return the first column that looks like the answer."""
        value = record.value
        return next((key for key in _ANSWERS if key in value), None) if isinstance(value, dict) else None

    def report(self, bag: Bag, context: Context) -> Iterator[Finding]:
        """Yield one finding for the column that nearly all records have."""
        for key, count in bag.counts.items():
            if count >= _SHARE * context.file.records:
                yield self.finding(
                    f"nobody reads {key!r}: of plain text only the text is learnt",
                    help="write a prompt with the text in it, and the answer as its completion",
                )
