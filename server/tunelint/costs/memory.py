"""How much memory a run takes on one GPU, at the worst moment of a step, and what that is made of."""

from typing import Final

import msgspec

from tunelint.costs.activations import cache_bytes, layer_bytes, logits_bytes, stored_bytes
from tunelint.costs.estimate import Estimate, within
from tunelint.costs.run import FLOAT_BYTES, Run

__all__ = ["FORMULA", "GB", "UNMEASURED", "Memory", "Parts", "estimate_memory"]

GB: Final = 1e9

FORMULA: Final = "activations by layer after Korthikanti et al. (arXiv 2205.05198), 4-bit weights after QLoRA (arXiv 2305.14314)"

_NF4: Final = 0.5 + 4 / 64
_NF4_DQ: Final = 0.5 + 1 / 64 + 4 / (64 * 256)
_INT8: Final = 1.0
"""Bytes of a quantised weight with its scale: one fp32 for 64 weights, or one byte for 64 and one fp32 for 256 of those.

Source: Dettmers et al., QLoRA, arXiv 2305.14314.
"""

UNMEASURED: Final = 0.3
"""Share by which runs that sample, judge or teach may lie off. Two measurements of GRPO were found to compare with (TRL issue
3456, 2025-05): the estimates are 12 and 7% below them."""

_OPTIMIZER: Final = {
    "adamw": 2.0,
    "adamw-8bit": 2.0,
    "paged-adamw": 0.0,
    "paged-adamw-8bit": 0.0,
    "adafactor": 0.01,
    "lion": 1.0,
    "lion-8bit": 1.0,
    "sgd": 0.0,
    "muon": 1.0,
}
"""Moments that an optimizer keeps of each trained weight on the GPU; paged ones live in the machine's memory."""


_SAMPLED_LOGITS: Final = 4
"""Bytes of a logit of the last token while one is sampled: fp32 in the generation of transformers."""

_LIVE_PARAMETERS: Final = 1e9
_BUCKET: Final = 5e8
"""Weights that ZeRO-3 leaves gathered because they are used again soon, and elements of the buffer that ZeRO-2 reduces gradients
in: ``stage3_max_reuse_distance`` and ``reduce_bucket_size`` where the config does not say otherwise. Source: DeepSpeed 0.19."""


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """What the peak is made of, in bytes."""

    weights: float
    adapters: float
    gradients: float
    optimizer: float
    gather: float
    activations: float
    logits: float
    frozen: float = 0.0
    """Models that judge or teach, and do not learn."""
    generation: float = 0.0
    """The cache of keys and values of sampled completions, and what another engine has set aside for sampling."""
    context: float = 0.0
    fragmentation: float = 0.0

    @property
    def allocated(self) -> float:
        """What the allocator of the library holds: all but CUDA's own share and what is held without use."""
        learning = self.weights + self.adapters + self.gradients + self.optimizer + self.gather + self.activations + self.logits
        return learning + self.frozen + self.generation

    @property
    def total(self) -> float:
        """What the driver reports."""
        return self.allocated + self.context + self.fragmentation


class Memory(msgspec.Struct, frozen=True):
    """The peak in bytes with its interval, and the parts at that moment."""

    peak: Estimate
    parts: Parts


class _States(msgspec.Struct, frozen=True):
    """What is there in every moment, on one device, in bytes."""

    weights: float
    adapters: float
    gradients: float
    optimizer: float
    gather: float


def estimate_memory(run: Run) -> Memory:
    """Return the peak of a run: the worst of the ends of forward and backward pass, of the optimizer step, and of sampling."""
    states = _states(run)
    parts = max(_moments(run, states), key=lambda one: one.allocated)
    stack = run.stack
    parts = msgspec.structs.replace(parts, context=stack.context_gb * GB, fragmentation=stack.fragmentation * parts.allocated)
    peak = within(parts.total, stack.error if run.measured else max(stack.error, UNMEASURED))
    if run.older_loss is not None:
        older = estimate_memory(msgspec.structs.replace(run, loss=run.older_loss, older_loss=None))
        peak = msgspec.structs.replace(peak, high=max(peak.high, older.peak.high))
    return Memory(peak, parts)


def _moments(run: Run, states: _States) -> list[Parts]:
    tokens = run.batch_tokens
    one_layer = layer_bytes(run) * tokens
    if run.checkpointing:
        stored = 0.0 if run.offload_activations else stored_bytes(run) * tokens
    else:
        stored = one_layer * run.model.blocks
    held = 0.0 if run.optimizer_in_backward else states.gradients
    waiting = held if run.accumulation > 1 or run.method != "full" else 0.0
    first_layer = one_layer if run.checkpointing else 0.0
    if run.checkpointing and not run.offload_activations and (run.compiled or run.stack.fused_layers):
        first_layer -= FLOAT_BYTES[run.compute] * run.model.hidden * tokens  # its input is what checkpointing keeps anyway
    logits = logits_bytes(run) * run.logit_tokens
    beside = sum(one.model.params * one.element for one in run.frozen)
    beside = beside / run.devices if run.sharding in {"zero3", "fsdp"} else beside
    reserved = run.generation.reserved if run.generation is not None else 0.0
    step = (states.gradients or 0.0) if run.stack.foreach_copy and run.optimizer == "adamw" else 0.0
    if run.optimizer_in_backward:
        step = 0.0

    def parts(gradients: float, gather: float, activations: float, of_logits: float, cache: float = 0.0) -> Parts:
        return Parts(
            weights=states.weights,
            adapters=states.adapters,
            gradients=gradients,
            optimizer=states.optimizer,
            gather=gather,
            activations=activations,
            logits=of_logits,
            frozen=beside,
            generation=reserved + cache,
        )

    moments = [
        parts(waiting, states.gather, stored, logits),
        parts(waiting, states.gather, stored + first_layer, 0.0),
        parts(held, states.gather, first_layer or one_layer, 0.0),
        parts(held + step, 0.0, 0.0, 0.0),
    ]
    if run.generation is not None and run.generation.sequences:
        at_once = run.generation.sequences
        cache = cache_bytes(run) * at_once * run.generation.tokens
        whole = states.weights * (run.devices - 1) if run.sharding in {"zero3", "fsdp"} else 0.0
        moments.append(parts(0.0, whole, 0.0, _SAMPLED_LOGITS * run.model.vocab * at_once, cache))
    return moments


def _states(run: Run) -> _States:
    model = run.model
    n = run.devices
    shards_weights = run.sharding in {"zero3", "fsdp"}
    weights = _weight_bytes(run)
    trained = run.trainable
    adapters = 0.0
    if run.method == "full":
        unit = float(FLOAT_BYTES[run.weights]) if run.weights in FLOAT_BYTES else 2.0
        moments = unit
        gradients = trained * unit
    else:
        unit = float(run.stack.adapter_bytes if run.weights != "fp32" else 4)
        moments = unit
        adapters = trained * unit
        gradients = trained * unit
    if run.optimizer.endswith("8bit"):
        moments = 1.0
    optimizer = trained * moments * _OPTIMIZER[run.optimizer]
    if run.optimizer == "adamw-8bit" and run.method == "full":
        optimizer += model.outside_blocks * 2 * 3.0  # embeddings keep fp32 moments
    gather = 0.0
    if shards_weights and n > 1:
        layer = _layer_weight_bytes(run)
        gather = (3 if run.method == "full" else 2) * layer  # this layer and the next, and this one's gradient
        if run.sharding == "zero3":
            gather = max(gather, min(float(model.params), _LIVE_PARAMETERS) * weights / model.params)
        if run.stack.gathers_all and run.method != "full":
            gather = weights
        weights, adapters = weights / n, adapters / n
    if run.sharding in {"zero2", "zero3", "fsdp"}:
        gradients /= n
    if run.sharding != "none":
        optimizer /= n
    if run.sharding == "zero2":
        gather += _BUCKET * FLOAT_BYTES[run.compute]
    if run.offload_optimizer:
        optimizer = 0.0
    if run.offload_weights:
        gather = gather or (3 if run.method == "full" else 2) * _layer_weight_bytes(run)
        weights, gradients, optimizer = model.embedding * 2.0, 0.0, 0.0
    if run.reference and run.method == "full":
        weights *= 2
    return _States(weights, adapters, gradients, optimizer, gather)


def _weight_bytes(run: Run) -> float:
    """Return the bytes of all weights that are not adapters."""
    model, stack = run.model, run.stack
    outside = float(model.outside_blocks)
    if model.tied and stack.unties:
        outside += model.embedding
    inside = float(model.linear_params)
    if run.weights == "fp32":
        # computing in 16 bits keeps a 16-bit copy of every weight beside it for the backward pass
        return (inside + outside) * (4 + (FLOAT_BYTES[run.compute] if run.compute != "fp32" else 0))
    if not run.quantised:
        return (inside + outside) * 2
    each = {"nf4": _NF4, "nf4-dq": _NF4_DQ, "int8": _INT8}[run.weights]
    plain = outside * (4 if stack.quantised_stream == 4 else 2)
    if stack.quantised_head:
        plain -= model.embedding * 2
        inside += model.embedding
    return inside * each + plain


def _layer_weight_bytes(run: Run) -> float:
    """Return the bytes of one block's weights as they are gathered."""
    each = {"nf4": _NF4, "nf4-dq": _NF4_DQ, "int8": _INT8}.get(run.weights, 2.0)
    return run.model.layer_params * each
