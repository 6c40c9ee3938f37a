"""What only the user knows: how the model will be called, what an hour of labelling costs, which GPUs there are."""

from typing import Final

import msgspec

from tunelint.costs.estimate import Estimate, exactly
from tunelint.costs.prices import Price

__all__ = ["MINUTES_PER_EXAMPLE", "Hardware", "Use", "labelling_hours"]

MINUTES_PER_EXAMPLE: Final = Estimate(3, 1, 10)
"""Minutes to write or check one example where the user does not say; from a label that is clicked to an answer that is written.

An assumption, shown as one with every number that rests on it.
"""


class Hardware(msgspec.Struct, frozen=True, kw_only=True):
    """The GPUs of a run: a name of the table or at least the memory of one, in GB of 10^9 bytes."""

    gpu: str | None = None
    memory_gb: float | None = None
    gpus: int | None = None
    usd_hour: float | None = None
    """US dollars an hour for one GPU; None for what the table says."""


class Use(msgspec.Struct, frozen=True, kw_only=True):
    """How the model is used and what people's time costs; None wherever nobody said."""

    calls_per_month: float | None = None
    prompt_tokens: float | None = None
    """Tokens of the static prompt, instructions and examples, that tuning would make superfluous."""
    input_tokens: float | None = None
    output_tokens: float | None = None
    cache_hit: float | None = None
    hosting_usd_month: float | None = None
    training_usd: float | None = None
    epochs: float | None = None
    budget_usd: float | None = None
    budget_hours: float | None = None
    labelling_usd_hour: float | None = None
    minutes_per_example: float | None = None
    wanted_examples: int | None = None
    """How many examples there shall be in the end; what is missing of them has still to be written."""
    prices: tuple[Price, ...] = ()
    hardware: Hardware = Hardware()


def labelling_hours(examples: int, use: Use) -> Estimate:
    """Return the hours that so many examples take to write or check."""
    minutes = exactly(use.minutes_per_example) if use.minutes_per_example is not None else MINUTES_PER_EXAMPLE
    return minutes * (examples / 60)
