"""The ways to get the task done, each with what it costs at once, for a thousand calls, a month and a year."""

from collections.abc import Iterator
from typing import Final

import msgspec

from tunelint.costs.break_even import Calls, break_even, call_cost
from tunelint.costs.estimate import Estimate, exactly
from tunelint.costs.prices import CallPrice

__all__ = ["EVALUATION_CALLS", "MONTHS", "Situation", "Way", "sensitivity", "ways_of"]

MONTHS: Final = 12
"""The time over which the ways are compared."""

EVALUATION_CALLS: Final = 200
"""Held-out calls that an evaluation makes: 200 to 500 examples tell a difference of a few points.

Source: Fine-tuning chapter of the Manning book excerpt read for this tool (200 to 500 evaluation examples).
"""

_HOURS_A_MONTH: Final = 730.0


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """One way; None where a price is not known. Money is in US dollars, prices are as of `as_of`."""

    way: str
    one_off_usd: Estimate | None
    per_1k_calls_usd: Estimate | None
    per_month_usd: Estimate | None
    as_of: str

    @property
    def year_usd(self) -> Estimate | None:
        """What it costs over twelve months, everything counted."""
        if self.one_off_usd is None or self.per_month_usd is None:
            return None
        return self.one_off_usd + self.per_month_usd * float(MONTHS)


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the ways are computed from. What is None is not known."""

    calls: Calls | None
    """None where not even the prompt's tokens are known."""
    calls_per_month: float | None
    base: CallPrice | None
    tuned: CallPrice | None
    training_usd: Estimate | None
    """One hosted training run."""
    labelling_usd: Estimate
    """Writing the examples that are still wanted; nothing where no rate is known."""
    hosting_usd_month: float | None
    retrainings: Estimate
    """How many times the model has to be tuned again within the year."""
    own_training_usd: Estimate | None = None
    """One training run on own or rented GPUs."""
    gpu_usd_hour: Estimate | None = None
    """Serving the tuned model on one GPU around the clock costs this an hour."""
    as_of: str = ""
    provider: str = ""


def _call(price: CallPrice, calls: Calls, *, prompted: bool, cache_hit: float) -> Estimate:
    prompt = calls.prompt_tokens if prompted else 0.0
    return exactly(call_cost(price, prompt=prompt, fresh=calls.input_tokens, output=calls.output_tokens, cache_hit=cache_hit))


def ways_of(situation: Situation) -> Iterator[Way]:
    """Yield the ways whose prices are known, the prompt first."""
    if situation.base is not None and situation.calls is not None:
        yield _prompted(situation, situation.base, situation.calls, "few-shot prompt", 0.0)
        if situation.base.cached is not None:
            yield _prompted(situation, situation.base, situation.calls, "few-shot prompt, cached", 1.0)
    if situation.training_usd is not None:
        yield _tuned(situation, situation.training_usd)
    if situation.own_training_usd is not None:
        yield _own(situation, situation.own_training_usd)


def _prompted(situation: Situation, price: CallPrice, calls: Calls, name: str, cache_hit: float) -> Way:
    call = _call(price, calls, prompted=True, cache_hit=cache_hit)
    return Way(
        way=name,
        one_off_usd=call * float(EVALUATION_CALLS),
        per_1k_calls_usd=call * 1000.0,
        per_month_usd=call * situation.calls_per_month if situation.calls_per_month is not None else None,
        as_of=situation.as_of,
    )


def _tuned(situation: Situation, training: Estimate) -> Way:
    call = _call(situation.tuned, situation.calls, prompted=False, cache_hit=0.0) if situation.tuned and situation.calls else None
    runs = training + (call * float(EVALUATION_CALLS) if call is not None else 0.0)
    one_off = runs + situation.labelling_usd
    month = None
    if call is not None and situation.calls_per_month is not None:
        again = runs * situation.retrainings * (1 / MONTHS)
        month = call * situation.calls_per_month + again + (situation.hosting_usd_month or 0.0)
    return Way(
        way=f"fine-tuning, hosted by {situation.provider}" if situation.provider else "fine-tuning, hosted",
        one_off_usd=one_off,
        per_1k_calls_usd=call * 1000.0 if call is not None else None,
        per_month_usd=month,
        as_of=situation.as_of,
    )


def _own(situation: Situation, training: Estimate) -> Way:
    one_off = training + situation.labelling_usd
    month = None
    if situation.hosting_usd_month is not None:
        month = exactly(situation.hosting_usd_month)
    elif situation.gpu_usd_hour is not None:
        month = situation.gpu_usd_hour * _HOURS_A_MONTH
    thousand = None
    if month is not None and situation.calls_per_month:
        thousand = month * (1000 / situation.calls_per_month)
    return Way(
        way="fine-tuning, own or rented GPU",
        one_off_usd=one_off,
        per_1k_calls_usd=thousand,
        per_month_usd=month,
        as_of=situation.as_of,
    )


_STEP: Final = 0.25
"""By how much an input is moved to see what the verdict rests on."""


def sensitivity(calls: Calls, base: CallPrice, tuned: CallPrice, one_off_usd: float) -> str:
    """Say which input moves the break-even most when it is a quarter smaller or larger, and how far."""

    def pays_back(changed: Calls, cost: float) -> int | None:
        prompted = call_cost(
            base,
            prompt=changed.prompt_tokens,
            fresh=changed.input_tokens,
            output=changed.output_tokens,
            cache_hit=changed.cache_hit,
        )
        without = call_cost(tuned, prompt=0, fresh=changed.input_tokens, output=changed.output_tokens)
        return break_even(cost, prompted - without).calls

    tried: list[tuple[str, int | None, int | None]] = []
    for field, words in (
        ("prompt_tokens", "static prompt"),
        ("input_tokens", "rest of the input"),
        ("output_tokens", "answer"),
        ("cache_hit", "cache hits"),
    ):
        now = getattr(calls, field)
        if now:
            less, more = now * (1 - _STEP), now * (1 + _STEP)
            if field == "cache_hit":
                more = min(more, 1.0)
            moved = [pays_back(msgspec.structs.replace(calls, **{field: value}), one_off_usd) for value in (less, more)]
            tried.append((words, moved[0], moved[1]))
    tried.append(("one-off cost", pays_back(calls, one_off_usd * (1 - _STEP)), pays_back(calls, one_off_usd * (1 + _STEP))))
    if all(less is None and more is None for _, less, more in tried):
        return f"never pays back, nor does it with any one of these numbers {_STEP:.0%} smaller or larger"
    words, less_calls, more_calls = max(tried, key=lambda one: _spread(one[1], one[2]))
    return (
        f"most sensitive to the {words}: {_STEP:.0%} less or more moves the break-even to "
        f"{_words(less_calls)} or {_words(more_calls)}"
    )


def _spread(first: int | None, second: int | None) -> float:
    """Return how far two break-evens lie apart; one that is never reached lies farther than any number."""
    if first is None or second is None:
        return 0.0 if first == second else float("inf")
    return abs(first - second)


def _words(calls: int | None) -> str:
    return "never" if calls is None else f"{calls:,} calls"
