"""DUP005: see the class."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from tunelint.core.finding import Edit, Finding, Fix, Place, Related, Severity
from tunelint.core.record import ABSENT, Record, leaves
from tunelint.core.reference import LEAST_WORDS, Passages, grams_of, passage_hash, passage_words
from tunelint.rules.base import Context, RecordRule, Wake
from tunelint.text.parse import Path

_LEAST_SHARE: Final = 0.5
"""Share of a passage's sequences of eight words that a record must have: half of them, as Tülu 3 was cleaned by."""

_LEAST_GRAMS: Final = 3
"""Sequences that a passage must have for a part of it to count: of shorter ones the whole must be there."""


class BenchmarkContamination(RecordRule):
    """A record holds what the model is to be evaluated on.

    ## Why

    A model that was trained on the questions of a benchmark is measured by its memory. The score is good, the model is not, and
    nobody notices until it meets other questions. Such records come in with data that others have collected or generated.

    The evaluations are given with `--evaluation`, or as `evaluation-files` of the settings, in any format, also one that no
    trainer reads. A record is reported that holds half or more of a passage's sequences of eight words, or one of whose texts
    is a shorter passage of four words or more; case and marks make no difference. Sequences that many passages share, a template,
    are left out.
    Without such files the rule does nothing and costs nothing.

    ## What to do

    Drop the record, or evaluate on something else.

    ## Fix

    The unsafe fix drops the record.

    ## Examples

    ```jsonl good evaluation={"question":"What_is_the_capital_of_the_country_to_the_north_of_Spain?"}
    {"prompt": "What is the capital of the country to the west of Spain?", "completion": "Lisbon"}
    ```

    ```jsonl bad prompt evaluation={"question":"Which_town_lies_where_the_Rhine_leaves_Lake_Constance_on_its_way_to_Basel?"}
    {"prompt": "Think first. Which town lies where the Rhine leaves Lake Constance, on its way to Basel?", "completion": "Stein am Rhein"}
    ```

    ```jsonl fixed
    ```

    Sources: Lambert et al., Tülu 3, 2411.15124 (8-grams, half of the test instance); Brown et al., 2005.14165, appendix C.
    """

    code = "DUP005"
    name = "benchmark-contamination"
    severity = Severity.WARNING
    recommended = False
    fix = "unsafe"
    wakes = Wake.ALWAYS
    stage = "shape"

    def applies(self, context: Context) -> bool:
        """Tell whether there are evaluations."""
        return super().applies(context) and any(one.role == "evaluation" for one in context.references)

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield one finding for the passage of which the record holds most."""
        best: tuple[float, Path, str, int] | None = None
        for path, text in _texts(record):
            words = passage_words(text)
            if len(words) < LEAST_WORDS:
                continue
            grams = grams_of(words)
            for reference in context.references:
                share, number = _most(words, grams, reference.passages)
                if share >= _LEAST_SHARE and (best is None or share > best[0]):
                    best = (share, path, reference.name, reference.passages.lines[number])
        if best is not None:
            share, path, name, line = best
            yield self.finding(
                f"the text holds {share:.0%} of a passage of an evaluation",
                Place(path),
                help="drop the record, or evaluate on something else: the score would measure memory",
                related=(Related("the passage", file=name, line=line),),
                fix=Fix("drop this record, which holds what is evaluated on", "unsafe", (Edit("drop"),)),
                evidence={"share": round(share, 2)},
            )


def _texts(record: Record) -> list[tuple[Path, str]]:
    example = record.example
    if example is not None:
        return [(turn.text_at, turn.text) for turn in example.all_turns if turn.role != "system"]
    return leaves(record.value) if record.value is not ABSENT else []


def _most(words: list[str], grams: set[int], passages: Passages) -> tuple[float, int]:
    """Return the largest share of a passage that a text holds, and the number of that passage."""
    number = passages.whole.get(passage_hash(words))
    if number is not None:
        return 1.0, number
    hits = Counter(number for gram in grams for number in passages.grams.get(gram, ()))
    best = (0.0, 0)
    for number, count in hits.items():
        size = passages.sizes[number]
        if size >= _LEAST_GRAMS or count == size:
            best = max(best, (count / size, -number))
    return best[0], -best[1]
