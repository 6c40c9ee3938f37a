"""ADV007: see the class."""

import re
from collections.abc import Iterator
from typing import Final

from tunelint.core.bag import Bag
from tunelint.core.finding import Finding, Severity
from tunelint.rules.base import Context, TallyRule

_LEAST: Final = 100
"""Below so many records another rule says that they are few."""

_ENOUGH: Final = 200
_SHARE: Final = 5
_HALF_WIDTH: Final = 0.98
"""Half the width of a 95% interval of a share of one half, for one record; it falls with the root of their number."""

_HELD_OUT: Final = ("validation", "valid", "val", "dev", "eval", "evaluation", "test", "holdout", "heldout")
"""What held-out parts are called."""

_PART: Final = re.compile(rf"(?:^|[^a-z])(?:{'|'.join(_HELD_OUT)})(?:$|[^a-z])", re.IGNORECASE)
_TRAIN: Final = re.compile(r"train(?:ing)?", re.IGNORECASE)


class NoHoldout(TallyRule):
    """Nothing is held out: no validation or test file lies beside the file, and settings name none.

    ## Why

    Without records that training never saw nobody can tell whether the tuned model is better than a prompt, when to stop, or
    whether the next version is worse. A score on the training data says none of it.

    ## What to do

    Put 200 records (they tell a difference of about 7 points), of a small file a fifth, into a file of their own, or name the one
    that there is under `validation-files`. If your trainer splits by itself (`val_set_size`, `val_size`), ignore this rule.

    ## Examples

    ```jsonl good times=100 media=val.jsonl
    {"messages": [{"role": "user", "content": "Name colour @"}, {"role": "assistant", "content": "Colour @ is blue"}]}
    ```

    ```jsonl bad file times=100 media=other.txt also=DUP002
    {"messages": [{"role": "user", "content": "Name colour @"}, {"role": "assistant", "content": "Colour @ is blue"}]}
    ```

    Sources: OpenAI, fine-tuning guide (hold out a test set); the half-width of a 95% interval of a share at 200 records is 7 points.
    """

    code = "ADV007"
    name = "no-holdout"
    severity = Severity.WARNING
    methods = frozenset({"sft", "preference", "kto"})

    def applies(self, context: Context) -> bool:
        """Only a file whose neighbours can be looked for, and that is no held-out part itself, is asked about."""
        return super().applies(context) and context.exists is not None and _PART.search(_stem(context.file.name)) is None

    def report(self, bag: Bag, context: Context) -> Iterator[Finding]:
        """Yield one finding for a file with nothing held out."""
        if context.file.records < _LEAST or any(one.role == "validation" for one in context.references):
            return
        assert context.exists is not None
        if any(map(context.exists, _neighbours(context.file.name))):
            return
        yield self.finding(
            "no validation or test file lies beside this one, and settings name none",
            help=f"{_advice(context.file.records)}: without them neither a prompt nor a tuned model can be judged",
        )


def _advice(records: int) -> str:
    """Return how many records to hold out: what tells a small difference, but never more than a fifth of the file."""
    share = max(1, records // _SHARE)
    if share >= _ENOUGH:
        return f"hold out {_ENOUGH} records"
    points = round(100 * _HALF_WIDTH / share**0.5)
    return f"hold out {share} of the {records:,} records, which tell differences from about {points} points on; more are better"


def _base(name: str) -> str:
    return name.replace("\\", "/").rsplit("/", 1)[-1]


def _stem(name: str) -> str:
    return _base(name).partition(".")[0]


def _neighbours(name: str) -> Iterator[str]:
    """Yield what a held-out file beside a file of that name may be called."""
    stem, dot, suffix = _base(name).partition(".")
    for part in _HELD_OUT:
        yield f"{part}{dot}{suffix}"
        if _TRAIN.search(stem):
            yield f"{_TRAIN.sub(part, stem)}{dot}{suffix}"
        for joint in ("_", "-", "."):
            yield f"{stem}{joint}{part}{dot}{suffix}"
            yield f"{part}{joint}{stem}{dot}{suffix}"
