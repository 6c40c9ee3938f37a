"""What the estimators of DeepSpeed and Accelerate print, to the digit, for comparison: model states only, no activations.

Sources: DeepSpeed, ``estimate_zero2_model_states_mem_needs``, ``estimate_zero3_model_states_mem_needs`` and their documentation;
Accelerate, ``estimate-memory`` and its documentation. Read 2026-11.
"""

from typing import Final, Literal

import msgspec

__all__ = ["GIB", "States", "accelerate_training_bytes", "zero2_states", "zero3_states"]

GIB: Final = 1 << 30
_BUFFER: Final = 1.5
_ADAM: Final = 4


class States(msgspec.Struct, frozen=True):
    """Bytes of one GPU and of the machine's memory."""

    gpu: float
    cpu: float


def zero2_states(
    params: int, gpus: int, *, nodes: int = 1, offload: bool = False, formula: Literal["documented", "current"] = "documented"
) -> States:
    """Return the states of ZeRO-2 on `gpus` of each node.

    DeepSpeed documents ``4P + 16P/n`` and computes ``2P + 18P/n`` since.
    """
    total = gpus * nodes
    if offload:
        return States(2 * params, params * max(4 * total, 16) * _BUFFER)
    gpu = 4 * params + 16 * params / total if formula == "documented" else 2 * params + 18 * params / total
    return States(gpu, params * 4 * gpus * _BUFFER)


def zero3_states(
    params: int,
    largest_layer: int,
    gpus: int,
    *,
    nodes: int = 1,
    offload_optimizer: bool = False,
    offload_weights: bool = False,
    zero_init: bool = True,
) -> States:
    """Return the states of ZeRO-3; `zero_init` tells that the weights are divided while the model is made."""
    total, layer = gpus * nodes, 4 * largest_layer
    if offload_optimizer and offload_weights:
        gpu, needed = layer, params * 18 / nodes
    elif offload_optimizer:
        gpu, needed = layer + int(2 * params / total), params * 16 / nodes
    else:
        gpu, needed = layer + int(18 * params / total), largest_layer * 4 * gpus
    if not zero_init:
        needed = max(params * 4 * gpus, needed if offload_optimizer else 0)
    return States(gpu, needed * _BUFFER)


def accelerate_training_bytes(params: int, element_bytes: int) -> int:
    """Return what Accelerate says training with Adam takes: four times the weights."""
    return _ADAM * params * element_bytes
