"""The settings about money and machines, as the costs read them."""

from collections.abc import Mapping
from typing import Any

from tunelint.costs.prices import CallPrice, Price
from tunelint.costs.use import Hardware, Use

__all__ = ["use_of"]


def use_of(values: Mapping[str, Any]) -> Use:
    """Return what the settings, by their names in the file, say of costs and hardware."""
    costs = _underscored(values.get("costs", {}))
    prices = tuple(_price(one) for one in costs.pop("prices", ()))
    return Use(**costs, prices=prices, hardware=Hardware(**_underscored(values.get("hardware", {}))))


def _underscored(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key.replace("-", "_"): value for key, value in values.items()}


def _price(values: Mapping[str, Any]) -> Price:
    """Return a price of the user's own; half a price of calls, without input or output, is none."""
    from tunelint.formats import find_target  # most settings hold no prices

    training = values.get("training-usd")
    target = find_target(values["provider"])
    return Price(
        provider=target.name if target is not None else values["provider"],
        model=values["model"],
        training=(training, training) if training is not None else None,
        base=_calls(values, ""),
        tuned=_calls(values, "tuned-"),
        as_of=str(values.get("as-of") or ""),
        source="settings",
    )


def _calls(values: Mapping[str, Any], prefix: str) -> CallPrice | None:
    read, written = values.get(f"{prefix}input-usd"), values.get(f"{prefix}output-usd")
    if read is None or written is None:
        return None
    return CallPrice(input=read, output=written, cached=values.get(f"{prefix}cached-usd"))
