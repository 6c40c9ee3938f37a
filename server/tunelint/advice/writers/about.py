"""What a file says of the prompt in it."""

import msgspec

__all__ = ["About"]


class About(msgspec.Struct, frozen=True, kw_only=True):
    """Where a prompt comes from and what it costs.

    `lines` are those of the examples in the dataset. `usd_per_1k` is the price of a thousand calls of `model` with a request and
    an answer of the usual length, and `usd_per_1k_cached` that when the constant part is read from the provider's cache.
    """

    dataset: str
    records: int
    content: str
    lines: tuple[int, ...]
    version: str
    model: str
    encoding: str
    most_tests: int
    usd_per_1k: float | None = None
    usd_per_1k_cached: float | None = None
    as_of: str = ""
