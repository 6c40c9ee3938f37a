"""QUA007: see the class."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from tunelint.core.example import Turn, is_trained
from tunelint.core.finding import Finding, Place, Severity
from tunelint.core.record import Record
from tunelint.rules.base import Context, RecordRule, Wake
from tunelint.text.words import words

_LEAST_WORDS: Final = 50
_GRAM: Final = 10
_MOST_GRAMS: Final = 0.2
"""Share of the sequences of ten words that stood in the text before. Gopher's filter drops web pages from 0.1; answers repeat names
of things and lines of code more often, so it is twice as much here."""

_UNSPACED: Final = 3
"""With so many words for each piece between spaces a script gives a word a character; sequences are twice as long then."""

_LEAST_LINES: Final = 8
_LINE_WORDS: Final = 4
"""Words of a line that counts: brackets, rules and headings are repeated rightly."""

_CODE: Final = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_MOST_LINES: Final = 0.3
"""Share of the lines that stood in the text before: the limit of Gopher's filter."""


class RepetitiveText(RecordRule):
    """An answer says the same again and again.

    ## Why

    Generators that lost the thread repeat a sentence until they run out of tokens, and scraped pages repeat menus. The model learns
    to go round in circles, which is the commonest fault of small tuned models.

    An answer of 50 words or more is reported where a fifth of its sequences of ten words stood in it before, or three of ten of
    its lines. Code blocks and JSON are left out; songs and lists may repeat themselves rightly, so the rule is not on by itself. It looks at every answer, which takes some
    ten microseconds a kilobyte.

    ## What to do

    Cut the answer before it begins to repeat itself, or drop the record.

    ## Examples

    ```jsonl good
    {"prompt": "Say something about rain", "completion": "Rain is water that falls from clouds in drops. It forms where moist air rises and cools until the vapour in it condenses, and it falls once the drops are too heavy to be carried. Most of it comes back to the sea sooner or later, by rivers or through the ground, from where it evaporates and the round begins again."}
    ```

    ```jsonl bad completion
    {"prompt": "Say something about rain", "completion": "Rain is water that falls from clouds in drops when the air is moist. Rain is water that falls from clouds in drops when the air is moist. Rain is water that falls from clouds in drops when the air is moist. Rain is water that falls from clouds in drops when the air is moist. Rain is water that falls from clouds."}
    ```

    Sources: Rae et al., Scaling language models (Gopher), 2112.11446, table A1; Holtzman et al., 1904.09751, for what causes it.
    """

    code = "QUA007"
    name = "repetitive-text"
    severity = Severity.INFORMATION
    recommended = False
    wakes = Wake.ALWAYS

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield a finding for each answer that repeats itself."""
        for turn in _learnt(record):
            text = _CODE.sub("\n", turn.text)
            told = words(text)
            if len(told) < _LEAST_WORDS or text.lstrip().startswith(("{", "[", "<")):
                continue
            size = _GRAM if len(told) < _UNSPACED * len(text.split()) else 2 * _GRAM
            grams = [tuple(told[start : start + size]) for start in range(len(told) - size + 1)]
            share = 1 - len(set(grams)) / len(grams)
            lines = [line for part in text.splitlines() if len((line := part.strip()).split()) >= _LINE_WORDS]
            again = 1 - len(set(lines)) / max(len(lines), 1)
            if share > _MOST_GRAMS or (len(lines) >= _LEAST_LINES and again > _MOST_LINES):
                often, times = Counter(map(" ".join, grams)).most_common(1)[0]
                yield self.finding(
                    f"{max(share, again):.0%} of the answer stood in it before; {often[:40]!r} is there {times} times",
                    Place(turn.text_at),
                    help="cut it before it begins to repeat itself, or drop the record",
                    evidence={"grams": round(share, 2), "lines": round(again, 2)},
                )


def _learnt(record: Record) -> list[Turn]:
    example = record.example
    if example is None or example.label is False:
        return []
    return [turn for turn in (*example.turns, *(example.chosen or ())) if is_trained(turn)]
