"""What differs between training libraries: what they keep for the backward pass, and how they compute the loss."""

from typing import Final

import msgspec

__all__ = ["AXOLOTL", "HUGGING_FACE", "LITGPT", "LLAMA_FACTORY", "MISTRAL_FINETUNE", "STACKS", "TORCHTUNE", "UNSLOTH", "Stack"]


class Stack(msgspec.Struct, frozen=True, kw_only=True):
    """A training library. Bytes are for one token and one unit of width, in 16-bit compute unless it says otherwise."""

    name: str
    title: str
    logits_bytes: float = 14
    """Of the whole vocabulary a token, at the moment when the backward pass begins: 16-bit logits, their fp32 copy, their
    log-softmax and its gradient. Measured on transformers: 14 to 16, more in releases that copy the shifted logits."""
    chunk_bytes: float = 2.5
    """The same where the loss is computed in chunks: 16-bit logits of all tokens and the rest of one chunk."""
    expands_kv: bool = True
    """Whether grouped keys and values are repeated for every head before attention."""
    fused_layers: bool = False
    """Whether norms and the gated activation keep their inputs only and compute the rest again."""
    lora_bytes: float = 3
    """Of the input of a layer with an adapter: its copy after dropout and the mask."""
    lora_qkv_bytes: float | None = None
    """The same for the layer that queries, keys and values share, where they are one matrix; None where they are three."""
    layer_extra: float = 0
    """What a layer keeps beside all that can be named, by the model's width; from the library's published measurements."""
    quantised_bytes: float = 0
    """What a layer of 4-bit weights keeps beside that, by the model's width."""
    merges_adapters: bool = False
    """Whether adapters and their layer are one operation that keeps nothing but the layer's input."""
    quantised_head: bool = False
    """Whether the output layer is quantised like the others."""
    unties: bool = False
    """Whether an output layer that is tied to the embedding gets a copy of its own."""
    quantised_stream: int = 2
    """Bytes of an element of the residual stream when the weights are quantised: 4 where embeddings and norms are made fp32."""
    adapter_bytes: int = 4
    """Bytes of an adapter's weight, of its gradient and of each of its two Adam moments."""
    gathers_all: bool = False
    """Whether sharded training of adapters gathers the weights of all layers at once at its worst moment."""
    foreach_copy: bool = False
    """Whether the optimizer step takes one more copy of the trained weights."""
    utilisation: float = 0.32
    """Share of a GPU's peak that published runs reach on full sequences, recomputed FLOPs counted.

    LLaMA-Factory's wiki (0.31 to 0.38 with its own attention, 0.33 to 0.69 with Unsloth), torchtune's README (0.48 packed, 0.63
    compiled), mistral-finetune's constant for eight H100 (0.25), litgpt's tables. Read 2026-11.
    """
    flash_gain: float = 1.0
    """What flash attention adds to that, by the library's own comparison."""
    context_gb: float = 0.5
    """What CUDA and its libraries take, in GB."""
    fragmentation: float = 0.03
    """Share of the peak that the allocator holds without using it."""
    error: float = 0.15
    """Share by which most published measurements of this library lie within the estimate."""


HUGGING_FACE: Final = Stack(
    name="hf", title="Hugging Face transformers", logits_bytes=16, quantised_stream=4, quantised_bytes=4, flash_gain=1.2
)
LLAMA_FACTORY: Final = msgspec.structs.replace(HUGGING_FACE, name="llama-factory", title="LLaMA-Factory", quantised_stream=2)
AXOLOTL: Final = msgspec.structs.replace(HUGGING_FACE, name="axolotl", title="Axolotl", quantised_stream=2)
"""These two leave norms and embeddings in 16 bits where the weights are quantised, or bring them back there."""

UNSLOTH: Final = Stack(
    name="unsloth",
    title="Unsloth",
    logits_bytes=2,
    chunk_bytes=2,
    expands_kv=False,
    fused_layers=True,
    merges_adapters=True,
    utilisation=0.5,
    error=0.2,
)
TORCHTUNE: Final = Stack(name="torchtune", title="torchtune", adapter_bytes=2, utilisation=0.45)
LITGPT: Final = Stack(
    name="litgpt",
    title="litgpt",
    logits_bytes=8,
    chunk_bytes=6,
    lora_qkv_bytes=7.5,
    layer_extra=5,
    quantised_bytes=21,
    unties=True,
    adapter_bytes=2,
    gathers_all=True,
    foreach_copy=True,
    utilisation=0.4,
)
MISTRAL_FINETUNE: Final = Stack(name="mistral-finetune", title="mistral-finetune", expands_kv=False, utilisation=0.28)

STACKS: Final = {one.name: one for one in (HUGGING_FACE, LLAMA_FACTORY, AXOLOTL, UNSLOTH, TORCHTUNE, LITGPT, MISTRAL_FINETUNE)}
