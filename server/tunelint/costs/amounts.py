"""How amounts are written, wherever a person reads them."""

from collections.abc import Mapping
from typing import Final

from tunelint.costs.report import Fits, Usd

__all__ = ["VERDICTS", "duration", "money", "span"]

VERDICTS: Final[Mapping[Fits, str]] = {"yes": "fits", "tight": "just fits", "no": "does not fit", "unknown": "may fit"}
"""What is said of a peak and the memory of a GPU."""

_MINUTES: Final = 60
_WHOLE_TIMES_FROM: Final = 10

_CENTS_FROM: Final = 1
_TENTHS_FROM: Final = 0.1
_WHOLE_FROM: Final = 1_000


def money(value: float) -> str:
    """Return US dollars with as many digits as say something."""
    if value >= _WHOLE_FROM:
        return f"${value:,.0f}"
    if value >= _CENTS_FROM or not value:
        return f"${value:,.2f}"
    if value >= _TENTHS_FROM:
        return f"${value:.2f}"
    return f"${value:.2g}" if value >= 1e-4 else f"${value:.6f}".rstrip("0")


def duration(hours: float, low: float, high: float) -> tuple[str, str, str, str]:
    """Return a duration with its interval, and the unit that suits it: hours, or minutes below one of them."""
    unit, times = ("hours", 1) if hours >= 1 else ("minutes", _MINUTES)
    scaled = [one * times for one in (hours, low, high)]
    value, least, most = (f"{one:,.0f}" if one >= _WHOLE_TIMES_FROM else f"{one:.2g}" for one in scaled)
    return value, least, most, unit


def span(amount: Usd | None) -> str:
    """Return US dollars with their interval, where that is wider than what is written."""
    if amount is None:
        return "not known"
    if money(amount.low) == money(amount.high):
        return money(amount.usd)
    return f"{money(amount.usd)} ({money(amount.low)} to {money(amount.high)})"
