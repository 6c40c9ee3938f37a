"""How fast a run is on a GPU, and how long it takes."""

from typing import Final

import msgspec

from tunelint.costs.estimate import Estimate
from tunelint.costs.run import Run

__all__ = ["FORMULA", "Pace", "duration_hours", "flops_per_token", "pace"]

FORMULA: Final = "hours = FLOPs a token x tokens / (GPUs x peak FLOPS x utilisation) + start-up"

_TERA: Final = 1e12
_CAUSAL: Final = 0.5
"""Share of the attention matrix that a causal mask leaves."""

_COMPILED: Final = 1.35
_UNPACKED: Final = 0.4
"""Of the utilisation, for short examples that are padded instead of packed: 2,091 against 7,075 tokens a second in torchtune."""
_SHARDED: Final = 0.9
_SHARDED_CONSUMER: Final = 0.35
"""Of the utilisation, where weights are gathered over PCI Express: four RTX 4090 reach 0.12 with FSDP, one 0.24."""
_OFFLOADED: Final = 0.75
_QUANTISED: Final = 1.39
_QUANTISED_LARGE: Final = 1.1
_LARGE_BATCH: Final = 4_096
"""Time of 4-bit weights against 16-bit ones: the median of 13 pairs in litgpt's tables; large batches hide the unpacking."""

_LAYER_SECONDS: Final = 0.004
"""Shortest time of a layer, forward and backward, where the GPU waits for its orders: phi-1.5 takes 0.10 s a micro-batch of any
size on an A100 (24 layers), Llama 2 7B 0.14 s (32). litgpt's resource tables, read 2026-06."""

_LAYER_QUANTISED: Final = 1.6
_LAYER_SHARDED: Final = 2.4
"""The same with 4-bit weights that are unpacked layer by layer (1.59 against 0.87 minutes for StableLM, 2.93 against 1.50 for
Llama 2), and with layers gathered from two devices (3.81 against 1.62 for phi-1.5, 5.93 against 2.36 for Llama 2)."""

_START: Final = Estimate(180, 60, 600)
"""Seconds to load the model and compile; mistral-finetune's own estimate adds 300."""

_OFF: Final = 2.0
"""Published runs lie within this factor of the estimate."""


class Pace(msgspec.Struct, frozen=True):
    """Tokens a second for one GPU, padding counted as tokens."""

    tokens_per_second: Estimate


def flops_per_token(run: Run) -> float:
    """Return the FLOPs of one token, forward and backward, with what checkpointing computes again.

    A forward pass takes two FLOPs a weight, and those of attention. The backward pass takes as many for the activations and, in
    full training, as many again for the weights.
    """
    model = run.model
    attention = 4 * run.tokens * model.heads * model.head_dim * model.blocks * _CAUSAL
    embedding = 0 if model.tied and not run.headless else model.embedding
    forward = 2.0 * (model.active_params - embedding) + attention
    passes = 3.0 if run.method == "full" else 2.0
    if run.checkpointing:
        passes += 1
    adapters = 6.0 * run.trainable if run.method != "full" else 0.0
    judged = run.scored * forward + 2.0 * sum(one.model.active_params for one in run.frozen)
    return passes * forward + adapters + judged


def utilisation(run: Run, *, consumer: bool = False) -> float:
    """Return the share of the peak that is reached; `consumer` cards talk to each other over PCI Express."""
    share = run.stack.utilisation * (run.stack.flash_gain if run.attention == "flash" else 1.0)
    if run.compiled:
        share *= _COMPILED
    if run.devices > 1 and run.sharding in {"fsdp", "zero3"}:
        share *= _SHARDED_CONSUMER if consumer else _SHARDED
    if run.offload_weights or run.offload_optimizer:
        share *= _OFFLOADED
    if run.quantised:
        share /= _QUANTISED_LARGE if run.batch_tokens >= _LARGE_BATCH else _QUANTISED
    return share


def pace(run: Run, tflops: float, *, consumer: bool = False, short: bool = False) -> Pace:
    """Return how fast one GPU is; `short` tells that examples are far shorter than what the GPU could take at once."""
    share = utilisation(run, consumer=consumer) * (_UNPACKED if short else 1.0)
    seconds = run.batch_tokens * flops_per_token(run) / (tflops * _TERA * share)
    seconds = max(seconds, _waiting(run))
    rate = run.batch_tokens / seconds
    return Pace(Estimate(rate, rate / _OFF, rate * _OFF))


def _waiting(run: Run) -> float:
    """Return the shortest time of a micro-batch, however few tokens it has."""
    if run.compiled:
        return 0.0
    layer = _LAYER_SECONDS * (_LAYER_QUANTISED if run.quantised else 1.0)
    return run.model.blocks * layer * (_LAYER_SHARDED if run.sharding in {"fsdp", "zero3"} else 1.0)


def duration_hours(run: Run, tokens: float, rate: Pace) -> Estimate:
    """Return the hours that a run takes over so many tokens in all, padding and epochs counted, on all of its devices."""
    speed = rate.tokens_per_second
    each = tokens / run.devices
    return Estimate(
        (each / speed.value + _START.value) / 3600,
        (each / speed.high + _START.low) / 3600,
        (each / speed.low + _START.high) / 3600,
    )
