"""Architectures of language models: a dated table of the common ones, and what a local ``config.json`` says."""

import re
from collections.abc import Mapping
from typing import Any, Final, Literal

import msgspec

from tunelint.costs.tables import read_table

__all__ = ["TARGETS", "Model", "all_models", "find_model", "model_from_config"]

TARGETS: Final = ("q", "k", "v", "o", "gate", "up", "down")
"""The linear layers of a block that adapters are put on, by the names of the canonical plan."""


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """The shape of a transformer. `params` is the published count, biases and norms included.

    `ffn` is the width of one expert. `norms` are those of one layer; `gated` tells that the feed-forward part has three
    matrices instead of two. `encoder_layers` stand beside `layers` in models with an encoder.
    """

    name: str
    vocab: int
    hidden: int
    layers: int
    heads: int
    kv_heads: int
    head_dim: int
    ffn: int
    params: int
    match: str = ""
    gated: bool = True
    tied: bool = False
    norms: int = 2
    norm: Literal["rms", "layer"] = "rms"
    qkv_bias: bool = False
    qk_norm: bool = False
    biases: bool = False
    experts: int = 0
    active_experts: int = 0
    encoder_layers: int = 0

    @property
    def embedding(self) -> int:
        """Parameters of the token embedding; an untied output layer has as many."""
        return self.vocab * self.hidden

    @property
    def outside_blocks(self) -> int:
        """Parameters of embedding and output layer, counted once where they are tied."""
        return self.embedding * (1 if self.tied else 2)

    def linear(self, name: str) -> tuple[int, int]:
        """Return input and output width of one linear layer of a block, or of the output layer ``head``."""
        d, q, kv = self.hidden, self.heads * self.head_dim, self.kv_heads * self.head_dim
        return {
            "q": (d, q),
            "k": (d, kv),
            "v": (d, kv),
            "o": (q, d),
            "gate": (d, self.ffn),
            "up": (d, self.ffn),
            "down": (self.ffn, d),
            "head": (d, self.vocab),
        }[name]

    @property
    def blocks(self) -> int:
        """Layers in all."""
        return self.layers + self.encoder_layers

    @property
    def linears(self) -> tuple[str, ...]:
        """The linear layers that a block has."""
        return TARGETS if self.gated else tuple(name for name in TARGETS if name != "gate")

    @property
    def linear_params(self) -> int:
        """Parameters of the linear layers of all blocks: what quantisation makes smaller."""
        return self.params - self.outside_blocks

    @property
    def active_params(self) -> int:
        """Parameters that one token passes: all of them, or of a mixture of experts the chosen ones."""
        if not self.experts:
            return self.params
        matrices = 3 if self.gated else 2
        idle = self.experts - self.active_experts
        return self.params - self.layers * idle * matrices * self.hidden * self.ffn

    @property
    def layer_params(self) -> int:
        """Parameters of one block."""
        return self.linear_params // self.blocks

    def adapter_params(self, rank: int, targets: frozenset[str]) -> int:
        """Return the parameters of low-rank adapters on these layers; those of each expert where there are experts."""
        total = 0
        for name in targets:
            if name not in self.linears and name != "head":
                continue
            size = rank * sum(self.linear(name))
            copies = 1 if name == "head" else self.blocks
            if self.experts and name in {"gate", "up", "down"}:
                copies *= self.experts
            total += size * copies
        return total


class _Table(msgspec.Struct, frozen=True):
    as_of: str
    source: str
    models: tuple[Model, ...]


def all_models() -> tuple[Model, ...]:
    """Return the models of the table."""
    return read_table("models", _Table).models


_CACHED: Final = re.compile(r"models--[^/]+--([^/]+)/snapshots/")
"""Where the hub's cache keeps a model: the name is a folder above."""

_DECORATION: Final = re.compile(r"^(meta-|unsloth-|hf-|nvidia-|thebloke-)+")


def find_model(name: str) -> Model | None:
    """Return the model that a hub name, a path or a file name stands for, None for one that is not in the table.

    What follows the size is decoration: ``meta-llama/Meta-Llama-3.1-8B-Instruct`` is ``llama-3-8b``.
    """
    cached = _CACHED.search(name)
    base = (
        (cached[1] if cached is not None else name.replace("\\", "/").rstrip("/").rpartition("/")[2])
        .lower()
        .replace("_", "-")
        .replace(" ", "-")
    )
    base = _DECORATION.sub("", base)
    found: tuple[int, Model] | None = None
    for model in all_models():
        match = re.match(rf"(?:{model.match})(?![0-9.]*[0-9]*[bm](?:-|$)|[0-9])", base)
        if match is not None and (found is None or match.end() > found[0]):
            found = (match.end(), model)
    return found[1] if found is not None else None


_NAMES: Final = {
    "vocab": ("vocab_size", "padded_vocab_size"),
    "hidden": ("hidden_size", "n_embd", "d_model", "dim"),
    "layers": ("num_hidden_layers", "n_layer", "n_layers", "num_layers"),
    "heads": ("num_attention_heads", "n_head", "n_heads", "num_heads"),
    "kv_heads": ("num_key_value_heads", "n_query_groups", "n_kv_heads", "num_kv_heads"),
    "head_dim": ("head_dim", "head_size", "d_kv"),
    "ffn": ("moe_intermediate_size", "intermediate_size", "n_inner", "d_ff", "ffn_dim", "hidden_dim"),
    "experts": ("num_local_experts", "num_experts", "n_routed_experts"),
    "active_experts": ("num_experts_per_tok", "num_experts_per_token"),
}
"""How model families call what `Model` has: Hugging Face's ``config.json``, litgpt's and Mistral's files."""

_UNGATED: Final = frozenset({"gpt2", "gpt_neox", "falcon", "phi", "bloom", "opt", "gptj", "gpt_bigcode", "starcoder2", "mpt"})
_LAYER_NORM: Final = _UNGATED | {"stablelm", "cohere"}
_TIED: Final = frozenset({"gemma", "gemma2", "gemma3", "gemma3_text", "gpt2", "bloom", "falcon", "cohere"})


def model_from_config(config: Mapping[str, Any], name: str) -> Model | None:
    """Return the model that a decoded ``config.json`` describes; None where it lacks what the shape needs."""
    inner = config.get("text_config")
    values = {**config, **inner} if isinstance(inner, Mapping) else config
    found: dict[str, Any] = {}
    for field, names in _NAMES.items():
        value = next((values[one] for one in names if _is_size(values.get(one))), None)
        if value is not None:
            found[field] = int(value)
    if not {"vocab", "hidden", "layers", "heads"} <= found.keys():
        return None
    kind = str(values.get("model_type", ""))
    found.setdefault("kv_heads", 1 if values.get("multi_query") else found["heads"])
    found.setdefault("head_dim", found["hidden"] // found["heads"] or 1)
    found.setdefault("ffn", 4 * found["hidden"])
    tied = values.get("tie_word_embeddings")
    model = Model(
        **found,
        name=name,
        params=0,
        gated=kind not in _UNGATED,
        tied=bool(tied) if isinstance(tied, bool) else kind in _TIED,
        norm="layer" if kind in _LAYER_NORM else "rms",
        norms=4 if kind.startswith(("gemma2", "gemma3")) else 2,
        qk_norm=kind.startswith(("qwen3", "gemma3", "olmo2")),
        qkv_bias=kind in {"qwen2", "qwen2_moe"},
        biases=kind in _UNGATED - {"falcon"},
    )
    return msgspec.structs.replace(model, params=_count(model))


def _is_size(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _count(model: Model) -> int:
    """Return the parameters of a decoder from its shape; learnt positions are not in it."""
    d = model.hidden
    attention = sum(a * b for a, b in (model.linear(name) for name in ("q", "k", "v", "o")))
    feed = sum(a * b for a, b in (model.linear(name) for name in model.linears if name in {"gate", "up", "down"}))
    block = attention + (feed * model.experts + d * model.experts if model.experts else feed)
    scales = 2 if model.norm == "layer" else 1
    block += scales * model.norms * d + (2 * model.head_dim if model.qk_norm else 0)
    widths = (model.heads + 2 * model.kv_heads) * model.head_dim
    if model.qkv_bias or model.biases:
        block += widths
    if model.biases:
        block += 2 * d + model.ffn
    return model.layers * block + model.outside_blocks + scales * d
