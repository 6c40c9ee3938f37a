"""A number with the interval that it is known to, which survives arithmetic."""

import msgspec

__all__ = ["Estimate", "exactly", "within"]


class Estimate(msgspec.Struct, frozen=True):
    """A value and the interval that it lies in; where nothing is uncertain all three are equal."""

    value: float
    low: float
    high: float

    def __add__(self, other: "Estimate | float") -> "Estimate":
        """Add; intervals add up, as if all errors went the same way."""
        if not isinstance(other, Estimate):
            other = exactly(other)
        return Estimate(self.value + other.value, self.low + other.low, self.high + other.high)

    def __mul__(self, factor: "Estimate | float") -> "Estimate":
        """Multiply by a number or an estimate, neither of them negative."""
        if not isinstance(factor, Estimate):
            factor = exactly(factor)
        return Estimate(self.value * factor.value, self.low * factor.low, self.high * factor.high)

    __rmul__ = __mul__
    __radd__ = __add__

    def rounded(self, digits: int) -> "Estimate":
        """Return the estimate with so many digits behind the point."""
        return Estimate(round(self.value, digits), round(self.low, digits), round(self.high, digits))


def exactly(value: float) -> Estimate:
    """Return an estimate of no uncertainty."""
    return Estimate(value, value, value)


def within(value: float, share: float) -> Estimate:
    """Return an estimate that may be off by a share, such as 0.1 for 10%."""
    return Estimate(value, value * (1 - share), value * (1 + share))
