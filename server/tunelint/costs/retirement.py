"""When base models stop, what was tuned on them with them, and when a provider takes no more jobs."""

from datetime import date
from typing import Final

import msgspec

from tunelint.costs.tables import read_table

__all__ = ["Closing", "Retirement", "closing_of", "day_of", "months_between", "retirement_of"]


class Retirement(msgspec.Struct, frozen=True, kw_only=True):
    """The day on which a base model and everything tuned on it stops answering."""

    provider: str
    model: str
    ends: date
    as_of: date
    source: str


class Closing(msgspec.Struct, frozen=True, kw_only=True):
    """The days from which a provider takes no jobs of new users, and none of anybody."""

    provider: str
    closed_to_new: date | None
    closed: date | None
    as_of: date
    source: str


class _Table(msgspec.Struct, frozen=True):
    note: str
    models: tuple[Retirement, ...]
    providers: tuple[Closing, ...]


_DAYS_A_MONTH: Final = 30.44


def retirement_of(provider: str, model: str) -> Retirement | None:
    """Return when a model ends: that of its own name, or of the name before a date (``gpt-4o-2024-08-06``)."""
    name = model.lower().removeprefix("ft:").partition(":")[0]
    for one in read_table("retirement", _Table).models:
        rest = name.removeprefix(one.model)
        if one.provider == provider and name.startswith(one.model) and (not rest or _is_date(rest)):
            return one
    return None


def _is_date(rest: str) -> bool:
    return rest.startswith("-") and rest.replace("-", "").isdigit()


def closing_of(provider: str) -> Closing | None:
    """Return when a provider stops to take jobs, None where nothing is announced."""
    return next((one for one in read_table("retirement", _Table).providers if one.provider == provider), None)


def day_of(text: str) -> date:
    """Return the day written as YYYY-MM-DD; for an empty text one on which nothing has ended and nothing is about to."""
    return date.fromisoformat(text) if text else date.min


def months_between(start: date, end: date) -> float:
    """Return the months from one day to another; negative when it has passed."""
    return (end - start).days / _DAYS_A_MONTH
