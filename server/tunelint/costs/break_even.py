"""How many calls until fine-tuning pays back what it cost, against the prompt that it would make shorter."""

import math
from typing import Final

import msgspec

from tunelint.costs.prices import MILLION, CallPrice

__all__ = ["FORMULA", "BreakEven", "Calls", "Comparison", "break_even", "call_cost", "compare"]

FORMULA: Final = "calls = one-off cost / saving per call; the saving is the prompt's price per call less the tuned model's"


class Calls(msgspec.Struct, frozen=True, kw_only=True):
    """What a call is made of, in tokens: the static part of the prompt that tuning removes, the rest, and the answer."""

    prompt_tokens: float
    input_tokens: float
    output_tokens: float
    cache_hit: float = 0.0
    """Share of the calls that find the static part in the cache, 0 to 1."""


class BreakEven(msgspec.Struct, frozen=True):
    """Calls until it pays back, None for never."""

    calls: int | None
    saving_per_call_usd: float


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Break-even without a cache, with every call finding it, and at the share of calls that do.

    `monthly_gain_usd` is what a month saves after hosting and re-training; None where the calls a month are not known.
    """

    uncached: BreakEven
    cached: BreakEven | None
    mixed: BreakEven | None
    monthly_gain_usd: float | None = None


def call_cost(price: CallPrice, *, prompt: float, fresh: float, output: float, cache_hit: float = 0.0) -> float:
    """Return US dollars of a call with `prompt` static and `fresh` other input tokens."""
    cached = price.cached if price.cached is not None else price.input
    static = prompt * ((1 - cache_hit) * price.input + cache_hit * cached)
    return (static + fresh * price.input + output * price.output) / MILLION


def saving(calls: Calls, base: CallPrice, tuned: CallPrice, cache_hit: float) -> float:
    """Return what one call saves: the prompted base model's price less that of the tuned one without the static prompt."""
    prompted = call_cost(
        base, prompt=calls.prompt_tokens, fresh=calls.input_tokens, output=calls.output_tokens, cache_hit=cache_hit
    )
    return prompted - call_cost(tuned, prompt=0, fresh=calls.input_tokens, output=calls.output_tokens)


_SMALLEST: Final = 1e-12
"""US dollars; a smaller saving is a rounding error and none."""


def break_even(one_off_usd: float, saving_per_call_usd: float) -> BreakEven:
    """Return after how many calls the savings have paid what was spent: the number of whole calls before that point."""
    if saving_per_call_usd <= _SMALLEST:
        return BreakEven(None, saving_per_call_usd)
    return BreakEven(math.floor(one_off_usd / saving_per_call_usd + 1e-9), saving_per_call_usd)


def compare(
    calls: Calls,
    base: CallPrice,
    tuned: CallPrice,
    one_off_usd: float,
    *,
    calls_per_month: float | None = None,
    monthly_usd: float = 0.0,
) -> Comparison:
    """Compare the prompted base model with the tuned one; `monthly_usd` is hosting, storage and re-training a month."""
    mixed = saving(calls, base, tuned, calls.cache_hit)
    return Comparison(
        uncached=break_even(one_off_usd, saving(calls, base, tuned, 0.0)),
        cached=break_even(one_off_usd, saving(calls, base, tuned, 1.0)) if base.cached is not None else None,
        mixed=break_even(one_off_usd, mixed),
        monthly_gain_usd=calls_per_month * mixed - monthly_usd if calls_per_month is not None else None,
    )
