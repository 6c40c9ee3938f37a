"""A training run as the estimates of memory and time see it."""

from typing import Final, Literal

import msgspec

from tunelint.costs.models import Model
from tunelint.costs.stacks import HUGGING_FACE, Stack

__all__ = [
    "FLOAT_BYTES",
    "Attention",
    "Frozen",
    "Generation",
    "LossKernel",
    "Method",
    "Optimizer",
    "Precision",
    "Run",
    "Sharding",
    "Weights",
]

Method = Literal["full", "lora", "dora", "adapter", "adapter-v2"]
"""`adapter` trains a few prefix vectors (LLaMA-Adapter), `adapter-v2` also a bias and a scale of each linear layer."""
Weights = Literal["fp32", "bf16", "fp16", "int8", "nf4", "nf4-dq"]
"""How the weights that are not trained lie in memory; `nf4-dq` quantises the scales again."""
Precision = Literal["bf16", "fp16", "fp32"]
Optimizer = Literal["adamw", "adamw-8bit", "paged-adamw", "paged-adamw-8bit", "adafactor", "lion", "lion-8bit", "sgd", "muon"]
Sharding = Literal["none", "zero1", "zero2", "zero3", "fsdp"]
"""What is divided among the devices: optimizer states, gradients too, or weights too (`zero3` and `fsdp`)."""
Attention = Literal["flash", "sdpa", "eager"]
LossKernel = Literal["plain", "chunked", "fused", "unused"]
"""`plain` holds the logits of the whole sequence, `chunked` those of a part in full precision, `fused` none; `unused` logits are
computed, in 16 bits and as an fp32 copy, and nothing is learnt from them."""

FLOAT_BYTES: Final = {"fp32": 4, "bf16": 2, "fp16": 2}


class Frozen(msgspec.Struct, frozen=True):
    """A model that is loaded beside the one that learns, with the bytes of one of its weights."""

    name: str
    model: Model
    element: float


class Generation(msgspec.Struct, frozen=True, kw_only=True):
    """Completions that are sampled between the steps: so many sequences at once on a device, of so many tokens at most.

    `reserved` are bytes that another engine has set aside for that on the same device.
    """

    sequences: int
    tokens: int
    reserved: float = 0.0


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One training run. Tokens are those of one sequence as it is computed: padded, packed or cut.

    `weights` says how the weights lie in memory, `compute` in what precision layers are computed. Weights in fp32 with compute in
    bf16 are mixed precision. `trains_head` and `trains_embedding` name whole matrices that are trained beside adapters.
    """

    model: Model
    method: Method = "full"
    weights: Weights = "bf16"
    compute: Precision = "bf16"
    rank: int = 8
    targets: frozenset[str] = frozenset()
    dropout: bool = True
    """Whether adapters drop some of their input, for which it is copied."""
    trains_embedding: bool = False
    trains_head: bool = False
    optimizer: Optimizer = "adamw"
    micro_batch: int = 1
    accumulation: int = 1
    tokens: int = 2_048
    devices: int = 1
    sharding: Sharding = "none"
    offload_optimizer: bool = False
    offload_weights: bool = False
    optimizer_in_backward: bool = False
    checkpointing: bool = False
    offload_activations: bool = False
    attention: Attention = "sdpa"
    loss: LossKernel = "plain"
    older_loss: LossKernel | None = None
    """How older releases of the library compute the loss, which the upper end of the memory allows for."""
    compiled: bool = False
    packing: bool = False
    preference: bool = False
    """Two sequences an example, chosen and rejected."""
    reference: bool = False
    """A frozen copy of the whole model beside the trained one; adapters need none."""
    scored: float = 0.0
    """Forward passes beside that of the learning: those of a reference, and of the policy as it was."""
    frozen: tuple[Frozen, ...] = ()
    generation: Generation | None = None
    answer_tokens: int | None = None
    """Tokens of a sequence whose logits are computed; None for all."""
    headless: bool = False
    """Whether the model has no output layer, but a score; `model` is without it then."""
    stack: Stack = HUGGING_FACE

    @property
    def batch_tokens(self) -> int:
        """Tokens that one device computes at once."""
        return self.micro_batch * self.tokens * (2 if self.preference else 1)

    @property
    def measured(self) -> bool:
        """Whether there are published measurements of enough runs of the kind: of models that learn from given answers."""
        return self.generation is None and not self.frozen and not self.headless and self.loss != "unused"

    @property
    def logit_tokens(self) -> float:
        """Tokens of a batch whose logits are computed."""
        return self.batch_tokens if self.answer_tokens is None else self.batch_tokens * self.answer_tokens / self.tokens

    @property
    def quantised(self) -> bool:
        """Whether the weights lie in less than 16 bits."""
        return self.weights in {"int8", "nf4", "nf4-dq"}

    @property
    def trainable(self) -> int:
        """Parameters that are trained."""
        if self.method == "full":
            return self.model.params
        extra = self.model.embedding * (int(self.trains_embedding) + int(self.trains_head and not self.model.tied))
        if self.method in {"adapter", "adapter-v2"}:
            widths = sum(self.model.linear(name)[1] for name in self.model.linears) if self.method == "adapter-v2" else 0
            return (_PREFIX * self.model.hidden + 2 * widths) * self.model.layers + extra
        count = self.model.adapter_params(self.rank, self.targets) + extra
        if self.method == "dora":
            magnitudes = sum(self.model.linear(name)[1] for name in self.targets if name in self.model.linears)
            count += magnitudes * self.model.blocks
        return count


_PREFIX: Final = 10
"""Prefix vectors of a layer. Source: LLaMA-Adapter (arXiv 2303.16199), litgpt's default."""
