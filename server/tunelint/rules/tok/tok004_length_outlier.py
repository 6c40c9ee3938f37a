"""TOK004: see the class."""

import functools
import math
from collections.abc import Hashable, Iterator, Sequence
from typing import Final

from tunelint.core.bag import Bag
from tunelint.core.block import sequences
from tunelint.core.finding import Finding, Handle, Severity
from tunelint.core.record import Record
from tunelint.rules.base import Context, Options, TallyRule

_STEPS: Final = 16
"""Lengths are counted in steps of a sixteenth of a doubling, 4.4%."""

_LENGTHS: Final = 16_384
"""So many lengths are kept with the step that they are in; few files have more different ones."""

_MIN_RECORDS: Final = 50
_SCALE: Final = 0.6745
"""Makes the median absolute deviation comparable to a standard deviation (Iglewicz and Hoaglin, 1993)."""

_LEAST_SPREAD: Final = 8.0
"""Steps (half a doubling) below which the spread of even files is not taken: else twice the usual length would be an outlier."""


class LengthOutlierOptions(Options, frozen=True, forbid_unknown_fields=True):
    """When a length is far from the rest."""

    score: float = 6.0
    """Robust z-score of the logarithm of the length; Iglewicz and Hoaglin use 3.5 for plain lengths."""


class LengthOutlier(TallyRule):
    """An example is far longer than the rest of the file.

    ## Why

    An example of a hundred times the usual length is often a mistake: two files run together, a log pasted in, an answer that a
    model never ended. In a batch it makes everything else be padded to its length.

    ## What to do

    Look at it. If it belongs there, ignore the rule.

    ## Examples

    ```jsonl good
    {"text": "Short."}
    {"text": "Also short."}
    ```

    ```jsonl bad 61: times=60
    {"messages": [{"role": "user", "content": "Name colour @"}, {"role": "assistant", "content": "Blue"}]}
    {"messages": [{"role": "user", "content": "Name colours"}, {"role": "assistant", "content": "red, orange, yellow, green, blue, indigo, violet, black, white, grey, brown, pink, purple, red, orange, yellow, green, blue, indigo, violet, black, white, grey, brown, pink, purple, red, orange, yellow, green, blue, indigo, violet, black, white, grey, brown, pink, purple, red, orange, yellow, green, blue, indigo, violet, black, white, grey, brown, pink, purple, red, orange, yellow, green, blue, indigo, violet, black, white, grey, brown, pink, purple, red, orange, yellow, green, blue, indigo, violet, black, white, grey, brown, pink, purple, red, orange, yellow, green, blue, indigo, violet, black, white, grey, brown, pink, purple, red, orange, yellow, green, blue, indigo, violet, black, white, grey, brown, pink, purple, red, orange, yellow, green, blue, indigo, violet, black, white, grey, brown, pink, purple, red, orange, yellow, green, blue, indigo, violet, black, white, grey, brown, pink, purple, red, orange, yellow, green, blue, indigo, violet, black, white, grey, brown, pink, purple, red, orange, yellow, green, blue, indigo, violet, black, white, grey, brown, pink, purple, red, orange, yellow, green, blue, indigo, violet, black, white, grey, brown, pink, purple, red, orange, yellow, green, blue, indigo, violet, black, white, grey, brown, pink, purple, and so on"}]}
    ```

    Sources: Iglewicz and Hoaglin, How to detect and handle outliers, 1993.
    """

    code = "TOK004"
    name = "length-outlier"
    severity = Severity.HINT
    recommended = False
    needs_tokens = True
    settings = LengthOutlierOptions

    def observe_many(self, records: Sequence[Record], context: Context) -> list[tuple[Hashable, Handle]]:
        """Return the lengths on a logarithmic scale."""
        return [(_step(length), handle) for length, handle in sequences(records) if length is not None]

    def report(self, bag: Bag, context: Context) -> Iterator[Finding]:
        """Yield a finding for each record whose length is far above the median."""
        steps = sorted((step, count) for step, count in bag.counts.items() if isinstance(step, int))
        total = sum(count for _, count in steps)
        if total < _MIN_RECORDS:
            return
        middle = _median(steps, total)
        spread = max(_median(sorted((abs(step - middle), count) for step, count in steps), total), _LEAST_SPREAD)
        usual = round(2 ** (middle / _STEPS))
        for step, _ in steps:
            if _SCALE * (step - middle) / spread > self.options.score:
                for handle in bag.first(step):
                    yield self.finding(
                        f"about {round(2 ** (step / _STEPS)):,} tokens where {usual:,} are usual",
                        handle=handle,
                        help="look whether two examples ran together or an answer never ended",
                    )


@functools.lru_cache(_LENGTHS)
def _step(length: int) -> int:
    return round(_STEPS * math.log2(max(length, 1)))


def _median(steps: list[tuple[int, int]], total: int) -> int:
    seen = 0
    for step, count in steps:
        seen += count
        if seen * 2 >= total:
            return step
    return 0
