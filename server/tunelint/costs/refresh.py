"""Prices of calls from the package ``genai-prices`` (extra `prices`), for the providers that fine-tune.

Nothing here runs unless the user asks for it: `fetch_prices` is the only function of the costs that uses the network.
"""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from tunelint.core.errors import UserError
from tunelint.costs.prices import CallPrice, Price

if TYPE_CHECKING:
    from genai_prices.types import Provider

__all__ = ["bundled_prices", "fetch_prices", "prices_of", "source_url"]

_PROVIDERS: Final = {
    "openai": "openai",
    "azure": "azure",
    "together": "together",
    "fireworks": "fireworks",
    "mistral": "mistral",
    "google": "gemini",
    "aws": "bedrock",
    "cohere": "cohere",
}
"""What the package calls the providers, and what ``--target`` calls them."""

_TUNED: Final = "ft:"


def _package() -> Any:
    try:
        import genai_prices
    except ModuleNotFoundError as problem:
        raise UserError("refreshing prices wants the package genai-prices: pip install 'tunelint[prices]'") from problem
    return genai_prices


def source_url() -> str:
    """Return the address that `fetch_prices` reads."""
    _package()
    from genai_prices.update_prices import DEFAULT_UPDATE_URL

    return DEFAULT_UPDATE_URL


def bundled_prices(today: date) -> list[Price]:
    """Return the prices that came with the installed package; no network is used.

    The package does not say how old they are; the newest change of a price in them that has come tells how old at most.
    """
    version = _package().__version__
    from genai_prices.data_snapshot import get_snapshot

    providers = get_snapshot().providers
    changes = [day for one in providers for model in one.models for day in _changes(model.prices) if day <= today]
    as_of = max(changes).isoformat() if changes else ""
    return prices_of(providers, today, f"genai-prices {version}, as installed", as_of)


def fetch_prices(today: date, url: str) -> list[Price]:
    """Return the newest prices from an address; raises UserError where it cannot be read."""
    _package()
    from genai_prices import UpdatePrices

    try:
        snapshot = UpdatePrices(url=url).fetch()
    except Exception as problem:  # whatever the package's client and its parser raise
        raise UserError(f"{url}: prices cannot be read ({type(problem).__name__}: {problem})".split("\n", 1)[0]) from problem
    if snapshot is None:
        raise UserError(f"{url}: there are no prices")
    return prices_of(snapshot.providers, today, f"genai-prices, {url}", today.isoformat())


def _changes(prices: Any) -> list[date]:
    """Return the days from which a model's prices hold."""
    conditions = [one.constraint for one in prices] if isinstance(prices, list) else []
    return [one.start_date for one in conditions if hasattr(one, "start_date")]


def prices_of(providers: "Iterable[Provider]", today: date, source: str, as_of: str) -> list[Price]:
    """Return the prices of calls on a day, the first tier of each; a model ``ft:NAME`` gives NAME its tuned price."""
    found: dict[tuple[str, str], dict[str, CallPrice]] = {}
    for provider in providers:
        ours = _PROVIDERS.get(provider.id)
        for model in provider.models if ours is not None else ():
            assert ours is not None
            price = _call(_on(model.prices, today))
            if price is not None:
                name = model.id.lower()
                kind = "tuned" if name.startswith(_TUNED) else "base"
                found.setdefault((ours, name.removeprefix(_TUNED).rstrip("-")), {})[kind] = price
    return [
        Price(
            provider=provider,
            model=model,
            as_of=as_of,
            source=source,
            base=prices.get("base"),
            tuned=prices.get("tuned"),
        )
        for (provider, model), prices in sorted(found.items())
    ]


def _on(prices: Any, today: date) -> Any:
    """Return the price that holds on a day: the last whose start has come and that is for no part of the day."""
    if not isinstance(prices, list):
        return prices
    held = [
        one.prices
        for one in prices
        if one.constraint is None or ((start := getattr(one.constraint, "start_date", None)) is not None and start <= today)
    ]
    return held[-1] if held else None


def _call(price: Any) -> CallPrice | None:
    read, written = _usd(getattr(price, "input_mtok", None)), _usd(getattr(price, "output_mtok", None))
    if read is None or written is None:
        return None
    return CallPrice(input=read, output=written, cached=_usd(getattr(price, "cache_read_mtok", None)))


def _usd(amount: Any) -> float | None:
    base = getattr(amount, "base", amount)
    return float(base) if base is not None else None
