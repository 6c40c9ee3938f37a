"""Keeps a measurement below the money and the requests that it may cost at most, before each request and not after it."""

from tunelint.advice.reply import Usage
from tunelint.core.errors import UserError
from tunelint.costs.prices import MILLION, CallPrice
from tunelint.text.numbers import plain

__all__ = ["Allowance", "CeilingError", "Spending", "cost_of"]


def cost_of(price: CallPrice, usage: Usage) -> float:
    """Return what a call costs in US dollars."""
    cached = min(usage.cached, usage.prompt)
    rate = price.input if price.cached is None else price.cached
    return ((usage.prompt - cached) * price.input + cached * rate + usage.completion * price.output) / MILLION


class CeilingError(UserError):
    """The next request could cost more than is allowed."""


class Spending:
    """What a measurement has cost. Money is reserved for the dearest outcome before a request and settled after it.

    `calls` counts requests that were sent and not refused, `reused` answers that an earlier run paid for. `usd` holds what both
    cost where a price is known; `lost_usd` what answers that never came may have cost at most, once nothing is under way.
    """

    def __init__(self, max_usd: float | None = None, max_calls: int | None = None) -> None:
        self.usd = 0.0
        self.lost_usd = 0.0
        self.calls = 0
        self.reused = 0
        self._max_usd = max_usd
        self._max_calls = max_calls
        self._stopped = False

    def limit(self, max_usd: float | None, max_calls: int | None) -> None:
        """Set the ceilings; None is no ceiling."""
        self._max_usd = max_usd
        self._max_calls = max_calls

    def reuse(self, price: CallPrice | None, usage: Usage) -> None:
        """Count an answer that an earlier run of the same measurement paid for."""
        self.reused += 1
        self.usd += _cost(price, usage)

    def allow(self, price: CallPrice | None, dearest: Usage) -> "Allowance":
        """Return what counts one request that costs at most so many tokens each time it is sent."""
        return Allowance(self, price, dearest)

    def reserve(self, usd: float) -> None:
        """Count a call and keep money for it; raises CeilingError."""
        if self._stopped:
            raise CeilingError("the measurement was stopped")
        if self._max_calls is not None and self.calls >= self._max_calls:
            raise CeilingError(f"{self.calls:,} calls are made, and no more are allowed (--max-calls)")
        if self._max_usd is not None and self.usd + self.lost_usd + usd > self._max_usd:
            raise CeilingError(f"the next call could pass ${plain(self._max_usd)} (--max-usd); ${self.usd:,.4f} are spent")
        self.calls += 1
        self.lost_usd += usd

    def stop(self) -> None:
        """Allow nothing more."""
        self._stopped = True

    def release(self, usd: float) -> None:
        """Take back a call that was refused."""
        self.calls -= 1
        self.lost_usd -= usd

    def settle(self, reserved: float, spent: float) -> None:
        """Put what a call cost in the place of what was kept for it."""
        self.lost_usd -= reserved
        self.usd += spent


class Allowance:
    """Counts the sendings of one request: what was sent and not refused may be billed, answered or not."""

    def __init__(self, spending: Spending, price: CallPrice | None, dearest: Usage) -> None:
        self._spending = spending
        self._price = price
        self._dearest = dearest
        self._usd = _cost(price, dearest)

    def begin(self) -> None:
        """Reserve the money for one sending; raises CeilingError."""
        self._spending.reserve(self._usd)

    def free(self) -> None:
        """Give the money of a refused sending back."""
        self._spending.release(self._usd)

    def settle(self, usage: Usage | None) -> None:
        """Put what the last sending cost in the place of what was reserved; the dearest outcome where nobody says."""
        self._spending.settle(self._usd, _cost(self._price, usage or self._dearest))


def _cost(price: CallPrice | None, usage: Usage) -> float:
    return cost_of(price, usage) if price is not None else 0.0
