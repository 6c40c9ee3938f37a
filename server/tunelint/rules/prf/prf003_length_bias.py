"""PRF003: see the class."""

import math
from collections.abc import Iterator, Sequence
from typing import Final

from tunelint.core.bag import Bag
from tunelint.core.example import Turn
from tunelint.core.finding import Finding, Handle, Severity
from tunelint.core.record import Record
from tunelint.rules.base import Context, TallyRule

_MEDIUM: Final = 0.3
_LARGE: Final = 0.8
"""Cohen's d: 0.2 is a small, 0.5 a medium, 0.8 a large effect (Cohen, Statistical power analysis, 1988)."""

_MIN_PAIRS: Final = 50
"""With n pairs the standard error of d is about the root of 2/n: 0.2 here."""

_EXACT: Final = 16
_STEPS: Final = 16
"""Lengths up to `_EXACT` characters are counted as they are, longer ones in `_STEPS` classes for each doubling: 4.4% wide."""


class LengthBias(TallyRule):
    """Chosen answers are longer than rejected ones.

    ## Why

    Preference training takes the easiest difference that tells chosen from rejected. When that is the length, the model learns
    to write more, whatever the question: the best known side effect of such training.

    The difference of the mean lengths is given in standard deviations (Cohen's d): information from 0.3, a warning from 0.8. The
    lengths are those of the texts in characters, in classes 4.4% wide, so that parts of a file can be counted apart; d is off by
    0.01 at most. Files of less than 50 pairs are not judged.

    ## What to do

    Add pairs whose better answer is the shorter one, drop pairs that only differ in length, or use a trainer's length
    normalisation (SimPO, `ld_alpha` of TRL).

    ## Examples

    ```jsonl good times=60
    {"prompt": "Name a number but @", "chosen": "Any number but @ will do", "rejected": "I like all numbers but @"}
    ```

    ```jsonl bad file times=60
    {"prompt": "Name a number but @", "chosen": "Let me think about it at length, since any number but @ will do", "rejected": "Not @"}
    ```

    Sources: Singhal et al., A long way to go, 2310.03716; Park et al., Disentangling length from quality, 2403.19159.
    """

    code = "PRF003"
    name = "length-bias"
    severity = Severity.WARNING
    methods = frozenset({"preference"})
    kinds = ("chosen", "rejected")

    def observe_many(self, records: Sequence[Record], context: Context) -> list[tuple[tuple[str, int], Handle]]:
        """Return the classes of both lengths."""
        found: list[tuple[tuple[str, int], Handle]] = []
        for record in records:
            example = record.example
            if example is not None and example.chosen and example.rejected:
                found.append((("chosen", _length_class(example.chosen)), record.handle))
                found.append((("rejected", _length_class(example.rejected)), record.handle))
        return found

    def report(self, bag: Bag, context: Context) -> Iterator[Finding]:
        """Yield one finding where chosen answers are longer by more than a little."""
        lengths: dict[str, list[tuple[float, int]]] = {"chosen": [], "rejected": []}
        for item, count in bag.counts.items():
            assert isinstance(item, tuple)
            lengths[item[0]].append((_middle(item[1]), count))
        pairs = sum(count for _, count in lengths["chosen"])
        if pairs < _MIN_PAIRS or bag.overflown_kinds:
            return
        (chosen, chosen_spread), (rejected, rejected_spread) = _moments(lengths["chosen"]), _moments(lengths["rejected"])
        pooled = math.sqrt((chosen_spread + rejected_spread) / 2)
        effect = (chosen - rejected) / pooled if pooled > 0 else 0.0
        if effect < _MEDIUM:
            return
        yield self.finding(
            f"chosen answers are longer: {chosen:,.0f} characters against {rejected:,.0f} (d = {effect:.1f})",
            severity=Severity.WARNING if effect >= _LARGE else Severity.INFORMATION,
            help="the model may learn length instead of quality: add pairs whose shorter answer is the better one",
            evidence={"d": round(effect, 2), "chosen": round(chosen), "rejected": round(rejected), "pairs": pairs},
        )


def _length_class(turns: list[Turn]) -> int:
    length = sum([len(turn.text) for turn in turns])
    return length if length <= _EXACT else _EXACT + math.floor(_STEPS * math.log2(length / _EXACT)) + 1


def _middle(length_class: int) -> float:
    return length_class if length_class <= _EXACT else _EXACT * 2 ** ((length_class - _EXACT - 0.5) / _STEPS)


def _moments(lengths: list[tuple[float, int]]) -> tuple[float, float]:
    """Return the mean and the variance, summed in an order of their own so that parts of a file come to the same."""
    ordered = sorted(lengths)
    number = sum(count for _, count in ordered)
    mean = math.fsum(length * count for length, count in ordered) / number
    return mean, math.fsum(count * (length - mean) ** 2 for length, count in ordered) / max(number - 1, 1)
