"""Numbers as a person reads them: with commas, and never in powers of ten but for the smallest."""

import math
from typing import Final

__all__ = ["plain", "significant"]

_LEAST: Final = 1e-4
"""Below this a number of many zeros says less than a power of ten, as rates are written: 2e-05."""

_DECIMALS: Final = 6


def plain(value: float) -> str:
    """Return a number that was given or counted, with no digit left out that it has: 2,147,483,647, or 0.05."""
    if not math.isfinite(value) or 0 < abs(value) < _LEAST:
        return f"{value:g}"
    return _trimmed(f"{value:,.{_DECIMALS}f}")


def significant(value: float, digits: int) -> str:
    """Return a number that was measured or estimated with so many digits that say something: 1,500 for 1,498.2 and 2 digits."""
    if not math.isfinite(value) or abs(value) < _LEAST:
        return f"{value:.{digits}g}"
    decimals = digits - 1 - math.floor(math.log10(abs(value)))
    return _trimmed(f"{round(value, decimals):,.{max(decimals, 0)}f}")


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
