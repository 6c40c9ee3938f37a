"""Keeps a measurement below the money and the requests that it may cost at most, before each request and not after it."""

from tunelint.advice.reply import Usage
from tunelint.core.errors import UserError
from tunelint.costs.prices import MILLION, CallPrice

__all__ = ["Allowance", "CeilingError", "Spending", "cost_of"]


def cost_of(price: CallPrice, usage: Usage) -> float:
    """Return what a call costs in US dollars."""
    cached = min(usage.cached, usage.prompt)
    rate = price.input if price.cached is None else price.cached
    return ((usage.prompt - cached) * price.input + cached * rate + usage.completion * price.output) / MILLION


class CeilingError(UserError):
    """The next request could cost more than is allowed."""


class Spending:
    """What a measurement has cost. Money is reserved for the dearest outcome before a request and settled after it."""

    def __init__(self, price: CallPrice | None = None, max_usd: float | None = None, max_calls: int | None = None) -> None:
        self.price = price
        self.usd = 0.0
        self.calls = 0
        self.reused = 0
        self._reserved = 0.0
        self._max_usd = max_usd
        self._max_calls = max_calls

    @property
    def lost_usd(self) -> float:
        """What answers that never came may have cost at most, once nothing is under way."""
        return self._reserved

    def reuse(self, usage: Usage) -> None:
        """Count an answer that an earlier run of the same measurement paid for."""
        self.reused += 1
        self.usd += self._cost(usage)

    def allow(self, dearest: Usage) -> "Allowance":
        """Return what counts one request that costs at most so many tokens each time it is sent."""
        return Allowance(self, dearest)

    def _cost(self, usage: Usage) -> float:
        return cost_of(self.price, usage) if self.price is not None else 0.0

    def _begin(self, usd: float) -> None:
        if self._max_calls is not None and self.calls >= self._max_calls:
            raise CeilingError(f"{self.calls:,} calls are made, and no more are allowed (--max-calls)")
        if self._max_usd is not None and self.usd + self._reserved + usd > self._max_usd:
            raise CeilingError(f"the next call could pass ${self._max_usd:g} (--max-usd); ${self.usd:.4f} are spent")
        self.calls += 1
        self._reserved += usd

    def _free(self, usd: float) -> None:
        self.calls -= 1
        self._reserved -= usd

    def _settle(self, reserved: float, usage: Usage) -> None:
        self._reserved -= reserved
        self.usd += self._cost(usage)


class Allowance:
    """Counts the sendings of one request: what was sent and not refused may be billed, answered or not."""

    def __init__(self, spending: Spending, dearest: Usage) -> None:
        self._spending = spending
        self._dearest = dearest
        self._usd = spending._cost(dearest)

    def begin(self) -> None:
        """Reserve the money for one sending; raises CeilingError."""
        self._spending._begin(self._usd)

    def free(self) -> None:
        """Give the money of a refused sending back."""
        self._spending._free(self._usd)

    def settle(self, usage: Usage | None) -> None:
        """Put what the last sending cost in the place of what was reserved; the dearest outcome where nobody says."""
        self._spending._settle(self._usd, usage or self._dearest)
