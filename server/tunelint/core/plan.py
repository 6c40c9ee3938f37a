"""What a training config asks for, whatever tool it is written for: the canonical form that rules and estimates read."""

from collections.abc import Mapping
from typing import Any, Final, Literal

import msgspec

from tunelint.text.parse import Path

__all__ = ["PREFERENCE_METHODS", "REINFORCEMENT_METHODS", "DatasetRef", "Sharding", "TrainingPlan", "Tuning"]

Tuning = Literal["full", "lora", "freeze", "other"]
"""Which weights learn: all, those of a low-rank adapter, some layers, or those of another kind of adapter."""

Sharding = Literal["zero1", "zero2", "zero3", "fsdp1", "fsdp2"]

PREFERENCE_METHODS: Final = frozenset({"dpo", "ipo", "orpo", "simpo", "kto", "cpo"})
REINFORCEMENT_METHODS: Final = frozenset({"grpo", "rloo", "ppo", "gdpo"})


class DatasetRef(msgspec.Struct, frozen=True, kw_only=True):
    """A dataset that a config names, as it is written at `at`.

    `kind` is what the tool looks for under that name: ``file`` a path (which may be a glob or a folder), ``registry`` an entry of
    a ``dataset_info.json``, ``hub`` a dataset that has to be fetched, ``either`` a path where there is one and the hub else,
    ``url`` an address. `files` are the data files that it is restricted to. `shape` is the format that the config says it
    has, in the tool's own words; `columns` are the names of columns that the config gives, by what the tool calls them.
    """

    name: str
    at: Path
    kind: Literal["file", "registry", "hub", "either", "url"]
    role: Literal["train", "evaluation"] = "train"
    files: tuple[str, ...] = ()
    split: str | None = None
    shape: str | None = None
    columns: Mapping[str, str] = {}


class TrainingPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A training run. None stands for what the config does not say.

    `defaults` are the values that the tool takes for fields of this class that are not said; `effective` joins the two. `at`
    maps names of fields to the paths in the config where they are said; it also holds what was said in a way that could not be
    read, so that a field of None with a path is not the same as one that is missing.
    """

    method: str | None = None
    """``sft``, ``pretraining``, ``distillation``, ``reward``, or a method of preference or reinforcement such as ``dpo``."""
    model: str | None = None
    """The base model: a name on a hub, a path, or a provider's model id."""
    tokenizer: str | None = None
    tuning: Tuning | None = None
    bits: int | None = None
    """Bits of quantised base weights, 4 or 8; None for weights that are not quantised, or not said to be."""
    learning_rate: float | None = None
    rate_multiplier: float | None = None
    """What a hosted service multiplies its own rate with."""
    scheduler: str | None = None
    optimizer: str | None = None
    weight_decay: float | None = None
    max_grad_norm: float | None = None
    warmup_steps: float | None = None
    warmup_ratio: float | None = None
    epochs: float | None = None
    max_steps: int | None = None
    """None and numbers below 1 stand for no limit."""
    micro_batch: int | None = None
    """Examples (packed sequences) that one device takes at once."""
    accumulation: int | None = None
    global_batch: int | None = None
    """Examples of one optimizer step over all devices, where the config says that and not its parts."""
    devices: int | None = None
    sequence_length: int | None = None
    """Tokens of the longest sequence."""
    overlong: Literal["drop", "truncate", "raise"] | None = None
    """What becomes of longer examples."""
    packing: bool | None = None
    pads_to_length: bool | None = None
    attention: str | None = None
    """``flash``, ``flex``, ``sdpa``, ``eager``, ``xformers``, ``sage`` or the tool's own word."""
    precision: Literal["bf16", "fp16", "fp32", "fp8"] | None = None
    bf16: bool | None = None
    fp16: bool | None = None
    checkpointing: bool | None = None
    activation_offload: bool | None = None
    loss_kernel: Literal["plain", "chunked", "fused"] | None = None
    """How the loss is computed from the logits: all at once, in chunks, or without ever holding them."""
    sharding: Sharding | None = None
    offload: bool | None = None
    """Whether weights or optimizer states lie in the host's memory."""
    lora_rank: int | None = None
    lora_alpha: float | None = None
    lora_dropout: float | None = None
    lora_targets: tuple[str, ...] | None = None
    """Modules that get an adapter; ``("all-linear",)`` for all linear layers."""
    modules_to_save: tuple[str, ...] | None = None
    trained_tokens: bool | None = None
    """Whether single rows of the embeddings are trained beside an adapter."""
    dora: bool | None = None
    rslora: bool | None = None
    beta: float | None = None
    """The weight of the distance to the reference model in preference and reinforcement training."""
    generations: int | None = None
    """Completions that are sampled for each prompt; `micro_batch` counts completions then."""
    completion_length: int | None = None
    """Tokens that a sampled completion has at most."""
    trains_on_prompt: bool | None = None
    template: str | None = None
    """The chat template, in the tool's own words."""
    added_tokens: tuple[str, ...] = ()
    pad_token: str | None = None
    eos_token: str | None = None
    datasets: tuple[DatasetRef, ...] = ()
    evaluation_datasets: tuple[DatasetRef, ...] = ()
    evaluation_share: float | None = None
    """What is split off the training data for evaluation: a share below 1, a number of examples from 1 on."""
    evaluation_strategy: str | None = None
    """``no``, ``steps`` or ``epoch``."""
    evaluation_steps: float | None = None
    save_strategy: str | None = None
    save_steps: float | None = None
    load_best: bool | None = None
    early_stopping: bool | None = None
    streaming: bool | None = None
    remote_code: bool | None = None
    seed: int | None = None
    hosted: bool = False
    """Whether a service runs the training."""
    defaults: Mapping[str, Any] = {}
    at: Mapping[str, Path] = {}

    def effective(self, field: str) -> Any:
        """Return what holds for a field: what is said, else the tool's default, else None."""
        said = getattr(self, field)
        return said if said is not None else self.defaults.get(field)

    def path(self, *fields: str) -> Path:
        """Return where the first of the fields that is said stands; the root where none is."""
        return next((self.at[field] for field in fields if field in self.at), ())

    @property
    def adapter(self) -> bool | None:
        """Whether an adapter is trained, None where that is not known."""
        tuning = self.effective("tuning")
        return None if tuning is None or tuning == "other" else bool(tuning == "lora")

    @property
    def preference(self) -> bool:
        """Whether the training compares answers."""
        return self.effective("method") in PREFERENCE_METHODS
