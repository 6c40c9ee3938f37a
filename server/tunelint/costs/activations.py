"""What the forward pass keeps for the backward pass, layer by layer.

Sources: Korthikanti et al., arXiv 2205.05198 (what a layer keeps); the modules of transformers, litgpt and torchtune as read; the
constants of each library in `stacks` from its published measurements.
"""

from typing import Final

from tunelint.costs.run import FLOAT_BYTES, Run

__all__ = ["cache_bytes", "layer_bytes", "logits_bytes", "stored_bytes"]

_NORM_COPY: Final = 4
"""Bytes of the fp32 copy that an unfused RMSNorm keeps of its input."""

_EAGER_COPIES: Final = 5
"""Copies of the matrix of attention scores that unfused attention keeps: fp32 softmax counts twice.

Source: Korthikanti et al., 5·h·s²·b bytes with dropout; measured 7.4 to 9 copies of 2 bytes with fp32 softmax.
"""


_UNUSED_LOGITS: Final = 6
"""Logits in 16 bits and their fp32 copy. Source: the model with a value head of TRL 0.9.6, which LLaMA-Factory uses."""


def layer_bytes(run: Run) -> float:
    """Return the bytes that one layer keeps of one token without checkpointing."""
    model, stack = run.model, run.stack
    a = FLOAT_BYTES[run.compute]
    d, f = model.hidden, model.ffn * max(model.active_experts, 1)
    q, kv = model.heads * model.head_dim, model.kv_heads * model.head_dim
    fused = run.compiled or stack.fused_layers
    full = run.method == "full"

    kept: float = model.norms * d * (a if fused or model.norm == "layer" else _NORM_COPY)
    if full and not fused and model.norm != "layer":
        kept += model.norms * d * a  # the normalised value, for the gradient of the scale
    kept += _input(run, ("q", "k", "v"), d)
    kept += a * (2 * q + 2 * (q if stack.expands_kv else kv))
    kept += _input(run, ("o",), q)
    if full or model.norms != 1:
        kept += _input(run, ("gate", "up"), d)
    elif "up" in run.targets:
        kept += _adapters(run, ("up",), d)  # one norm feeds attention and this, so the plain input is kept already
    kept += f * a * (1 if not model.gated else 2 if fused else 3)
    if not fused or not full:
        kept += _input(run, ("down",), f)
    if model.qk_norm:
        kept += (q + kv) * (a if fused else _NORM_COPY)
    if run.method == "adapter-v2":
        kept += a * sum(model.linear(name)[1] for name in model.linears)
    kept += d * (stack.layer_extra + (stack.quantised_bytes if run.quantised else 0.0))
    if run.attention == "eager":
        kept += _EAGER_COPIES * a * model.heads * run.tokens
    return kept


def _input(run: Run, names: tuple[str, ...], width: int) -> float:
    """Return what is kept of the input that these layers share: nothing where neither they nor their adapters are trained."""
    return width * FLOAT_BYTES[run.compute] if run.method == "full" else _adapters(run, names, width)


def _adapters(run: Run, names: tuple[str, ...], width: int) -> float:
    """Return what adapters keep of the input that these layers share."""
    count = sum(name in run.targets for name in names)
    a = FLOAT_BYTES[run.compute]
    if not count:
        return 0.0
    if run.stack.merges_adapters:
        return 0.0 if names[0] in {"o", "down"} else float(width * a)  # what attention and activation keep anyway
    if names[0] == "q" and run.stack.lora_qkv_bytes is not None:
        return run.stack.lora_qkv_bytes * width
    return width * (run.stack.lora_bytes * count if run.dropout else a)


def stored_bytes(run: Run) -> float:
    """Return the bytes that checkpointing keeps of one token: the input of each layer."""
    a = run.stack.quantised_stream if run.quantised else FLOAT_BYTES[run.compute]
    return a * run.model.hidden * run.model.blocks


def cache_bytes(run: Run) -> float:
    """Return the bytes of the keys and values that generating keeps of one token."""
    model = run.model
    return 2.0 * FLOAT_BYTES[run.compute] * model.blocks * model.kv_heads * model.head_dim


def logits_bytes(run: Run) -> float:
    """Return the bytes of the logits of one token when the backward pass begins."""
    stack = run.stack
    by_kernel = {"plain": stack.logits_bytes, "chunked": stack.chunk_bytes, "fused": 0.0, "unused": _UNUSED_LOGITS}
    return by_kernel[run.loss] * run.model.vocab
