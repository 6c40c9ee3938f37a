"""Optimizer steps of a run."""

import math
from typing import Final

from tunelint.rules.base import Link

__all__ = ["most_steps", "steps_of_epochs"]

_FULL: Final = 0.95
"""How full packs of sequences are: 0.9 to 0.98 is seen."""


def most_steps(link: Link) -> int | None:
    """Return the most optimizer steps that a run takes, those on one device; None where that is not known.

    A limit in the config holds whatever the data is.
    """
    plan = link.config.plan
    limit = plan.max_steps if plan.max_steps is not None and plan.max_steps > 0 else None
    steps = steps_of_epochs(link)
    if steps is None or limit is None:
        return limit if steps is None else steps
    return min(steps, limit)


def steps_of_epochs(link: Link) -> int | None:
    """Return the optimizer steps that the epochs take on one device, whatever limit is set; None where that is not known."""
    plan = link.config.plan
    rows, epochs = link.rows, plan.effective("epochs")
    batch = plan.effective("global_batch")
    if batch is None:
        micro, accumulation = plan.effective("micro_batch"), plan.effective("accumulation")
        batch = micro * accumulation * (plan.devices or 1) if micro and accumulation else None
    if rows is None or not epochs or not batch:
        return None
    rows *= plan.effective("generations") or 1  # a batch is made of completions
    if plan.effective("packing"):
        length = plan.effective("sequence_length")
        counted = [
            (one.summary, sum(one.summary.lengths)) for one in link.train if one.summary is not None and one.summary.counted
        ]
        if not length or len(counted) != len(link.train):
            return None
        tokens = sum(total / summary.counted * summary.records for summary, total in counted)
        rows = math.ceil(tokens / (length * _FULL))
    steps: int = math.ceil(math.ceil(rows / batch) * epochs)
    return steps
