"""What ``tunelint cost`` says as data, from which `schemas/cost.schema.json` is made. What is not known is null."""

from typing import Any, Literal

import msgspec

from tunelint.costs.break_even import BreakEven, Comparison
from tunelint.costs.estimate import Estimate
from tunelint.costs.ways import Way

__all__ = [
    "CheapestFix",
    "CostBreakEven",
    "CostMemory",
    "CostModel",
    "CostMoney",
    "CostReport",
    "CostSteps",
    "CostTime",
    "CostTokens",
    "CostWay",
    "Fits",
    "MemoryParts",
    "Usd",
    "break_even_of",
    "usd",
    "way_of",
]

Fits = Literal["yes", "tight", "no", "unknown"]

_CENT_DIGITS = 4
_CALL_DIGITS = 9


class CostModel(msgspec.Struct, frozen=True):
    """The model that is trained; `trainable` are the parameters that training changes."""

    name: str
    params: int | None
    trainable: int | None


class CostSteps(msgspec.Struct, frozen=True):
    """Epochs and optimizer steps."""

    epochs: float | None
    total: int | None
    per_epoch: int | None


class CostTokens(msgspec.Struct, frozen=True):
    """Tokens of one epoch and those that are trained or billed in all."""

    per_epoch: int | None
    billed: int | None


class MemoryParts(msgspec.Struct, frozen=True):
    """What the peak is made of, in GB of 10^9 bytes for one GPU."""

    weights: float
    adapters: float
    gradients: float
    optimizer: float
    gather: float
    activations: float
    logits: float
    frozen: float
    generation: float
    context: float
    fragmentation: float


class CheapestFix(msgspec.Struct, frozen=True):
    """The change of one key that makes the run fit at the least cost in time."""

    key: str
    value: Any
    peak_gb: float


class CostMemory(msgspec.Struct, frozen=True):
    """Peak memory of one GPU in GB of 10^9 bytes, and whether it fits."""

    peak_gb: float
    low_gb: float
    high_gb: float
    gpu: str | None
    gpu_gb: float | None
    fits: Fits
    cheapest_fix: CheapestFix | None
    parts: MemoryParts


class CostTime(msgspec.Struct, frozen=True):
    """Hours of the whole run, with their interval, and tokens a second for one GPU."""

    hours: float
    low: float
    high: float
    tokens_per_second: float


class CostMoney(msgspec.Struct, frozen=True):
    """US dollars of one training run, with their interval and the date and source of the price."""

    usd: float
    low: float
    high: float
    as_of: str
    source: str


class CostCalls(msgspec.Struct, frozen=True):
    """Calls until tuning pays back; null for never."""

    calls: int | None
    saving_per_call_usd: float


class CostBreakEven(msgspec.Struct, frozen=True):
    """Break-even without a prompt cache, with one that always hits, and at the given share of hits."""

    uncached: CostCalls
    cached: CostCalls | None
    mixed: CostCalls | None
    monthly_gain_usd: float | None


class Usd(msgspec.Struct, frozen=True):
    """US dollars with their interval."""

    usd: float
    low: float
    high: float


class CostWay(msgspec.Struct, frozen=True):
    """One way to get the task done and what it costs."""

    way: str
    one_off_usd: Usd | None
    per_1k_calls_usd: Usd | None
    per_month_usd: Usd | None
    as_of: str


class CostReport(msgspec.Struct, frozen=True, kw_only=True):
    """All that is said of one dataset or config."""

    path: str
    model: CostModel | None
    steps: CostSteps | None
    tokens: CostTokens | None
    memory: CostMemory | None
    time: CostTime | None
    money: CostMoney | None
    break_even: CostBreakEven | None
    ways: list[CostWay]
    assumptions: list[str]
    missing: list[str]


def usd(estimate: Estimate | None, digits: int = _CENT_DIGITS) -> Usd | None:
    """Return an estimate as it is written."""
    if estimate is None:
        return None
    rounded = estimate.rounded(digits)
    return Usd(rounded.value, rounded.low, rounded.high)


def way_of(way: Way) -> CostWay:
    """Return a way as it is written."""
    return CostWay(way.way, usd(way.one_off_usd), usd(way.per_1k_calls_usd, _CALL_DIGITS), usd(way.per_month_usd), way.as_of)


def break_even_of(comparison: Comparison) -> CostBreakEven:
    """Return a comparison as it is written."""
    gain = comparison.monthly_gain_usd
    uncached = _calls(comparison.uncached)
    assert uncached is not None
    return CostBreakEven(
        uncached, _calls(comparison.cached), _calls(comparison.mixed), round(gain, _CENT_DIGITS) if gain is not None else None
    )


def _calls(one: BreakEven | None) -> CostCalls | None:
    return CostCalls(one.calls, round(one.saving_per_call_usd, _CALL_DIGITS)) if one is not None else None
