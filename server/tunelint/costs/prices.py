"""What hosted training and calls cost: a dated table, over which the user's own prices win."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from tunelint.costs.estimate import Estimate
from tunelint.costs.tables import read_table

__all__ = ["MILLION", "CallPrice", "Price", "PriceBook", "hosted_prices"]

_HOURS_A_MONTH: Final = 730

_OF_BEDROCK: Final = re.compile(r"^arn:aws[\w-]*:bedrock:.*/|-v\d+:\d+(?::\w+)?$")
"""What stands around a model's name in a job of Bedrock: ``arn:aws:bedrock:us-east-1::foundation-model/`` and ``-v1:0:256k``."""

MILLION: Final = 1_000_000
"""Prices are for a million tokens."""


class CallPrice(msgspec.Struct, frozen=True):
    """What a model's calls cost, in US dollars for a million tokens; `cached` is None where no cache is known."""

    input: float
    output: float
    cached: float | None = None


class Price(msgspec.Struct, frozen=True, kw_only=True):
    """What one provider takes for one model, or for all models of a size in billions of parameters.

    `training` is the range of US dollars for a million trained tokens; `base` and `tuned` are the prices of calls before and
    after. All of it as of `as_of`, from `source`.
    """

    provider: str
    as_of: str
    source: str
    model: str = ""
    min_billions: float = 0
    max_billions: float = 0
    training: tuple[float, float] | None = None
    base: CallPrice | None = None
    tuned: CallPrice | None = None
    hosting_usd_hour: float | None = None
    """US dollars for every hour that a tuned model is deployed, called or not."""

    keeping_usd_month: float | None = None
    """US dollars for every month that a tuned model is kept, where no hours of hosting are paid for."""

    @property
    def hosting_usd_month(self) -> float | None:
        """US dollars of a month of hosting around the clock, or of keeping the model."""
        if self.keeping_usd_month is not None:
            return self.keeping_usd_month
        return self.hosting_usd_hour * _HOURS_A_MONTH if self.hosting_usd_hour is not None else None

    def training_usd(self, tokens: float) -> Estimate | None:
        """Return US dollars for so many trained tokens."""
        if self.training is None:
            return None
        low, high = self.training
        return Estimate((low + high) / 2, low, high) * (tokens / MILLION)

    @property
    def name(self) -> str:
        """What the price is for, in words."""
        if self.model:
            return self.model
        return f"models of {self.min_billions:g} to {self.max_billions:g} billion parameters"


class _Hosted(msgspec.Struct, frozen=True):
    note: str
    prices: tuple[Price, ...]


def hosted_prices() -> tuple[Price, ...]:
    """Return the table of the package."""
    return read_table("hosted", _Hosted).prices


class PriceBook:
    """Finds prices; the user's own come first, then refreshed ones, then the package's."""

    def __init__(self, own: Iterable[Price] = (), refreshed: Mapping[str, Price] | None = None) -> None:
        self._own = tuple(own)
        self._refreshed = refreshed or {}

    def find(self, provider: str, model: str, billions: float | None = None) -> Price | None:
        """Return the price of a model, matched by the longest name that it begins with; else that of its size class.

        A date behind the name is ignored, but ``gpt-4.1-mini`` never stands for ``gpt-4.1``.
        """
        own = _by_name(self._own, provider, model)
        known = _by_name(hosted_prices(), provider, model) or _by_size(hosted_prices(), provider, billions)
        refreshed = self._refreshed.get(f"{provider}/{_undated(model)}")
        return _merge(own, _merge(refreshed, known))

    def all(self) -> list[Price]:
        """Return every price, the user's own first."""
        return [*self._own, *self._refreshed.values(), *hosted_prices()]


def _merge(first: Price | None, second: Price | None) -> Price | None:
    """Return `first`, with what it does not say taken from `second`."""
    if first is None or second is None:
        return first or second
    gaps = {
        field: getattr(second, field)
        for field in ("training", "base", "tuned", "hosting_usd_hour", "keeping_usd_month")
        if getattr(first, field) is None
    }
    taken = {field: value for field, value in gaps.items() if value is not None}
    if not taken:
        return first
    dates = sorted({first.as_of, second.as_of} - {""})
    source = f"{first.source}; {', '.join(taken)}: {second.source}"
    return msgspec.structs.replace(first, as_of=dates[0] if dates else "", source=source, **taken)


def _undated(model: str) -> str:
    """Return a model's name without the date or Bedrock's version behind it: ``gpt-4.1-2025-04-14`` is ``gpt-4.1``."""
    pieces = _OF_BEDROCK.sub("", model).split("-")
    while len(pieces) > 1 and pieces[-1].isdigit() and len(pieces[-1]) in {2, 4, 8}:
        pieces.pop()
    return "-".join(pieces)


def _by_name(prices: Iterable[Price], provider: str, model: str) -> Price | None:
    wanted = {model.lower(), _undated(model.lower())}
    return next((one for one in prices if one.model and one.provider == provider and one.model.lower() in wanted), None)


def _by_size(prices: Iterable[Price], provider: str, billions: float | None) -> Price | None:
    if billions is None:
        return None
    return next((one for one in prices if one.provider == provider and one.min_billions < billions <= one.max_billions), None)
