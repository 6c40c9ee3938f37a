"""From the canonical plan of a config to the run that memory and time are estimated for.

What the config leaves open and the tool decides is taken from the tool; what nobody says is named.
"""

import json
import re
from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec

from tunelint.core.dataset import DatasetSummary
from tunelint.core.plan import TrainingPlan
from tunelint.costs.beside import ESTIMATED, Beside, beside_of, why_not
from tunelint.costs.models import Model, find_model, model_from_config
from tunelint.costs.run import Attention, LossKernel, Method, Optimizer, Precision, Run, Sharding, Weights
from tunelint.costs.stacks import HUGGING_FACE, STACKS, UNSLOTH, Stack
from tunelint.costs.targets import targets_of

__all__ = ["SAMPLING", "Ask", "Lengths", "Planned", "Read", "lengths_from", "model_of", "plan_run"]

Ask = Callable[[str], Any]
"""Returns the value of a dotted key of the config, None where it is not said."""

Read = Callable[[str], str | None]
"""Returns the text of a file that the config names, None where there is none."""


_DOUBLE_QUANTISING: Final = frozenset({"llama-factory", "axolotl", "unsloth", "torchtune", "ms-swift"})
"""Tools that quantise the scales of 4-bit weights too where the config does not say otherwise."""

_REFERENCED: Final = frozenset({"dpo", "ipo", "kto"})
"""Methods that compare with a frozen copy of the model; with adapters that is the model without them."""

_NEEDED: Final = ("micro_batch", "accumulation", "sequence_length", "lora_rank", "devices", "packing", "checkpointing")
"""Fields without which nothing is estimated where the config says them in a way that cannot be read."""


class Lengths(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the examples that are trained on: how many, their tokens in all and the longest of them."""

    examples: int
    tokens: int
    longest: int
    exact: bool = True


def lengths_from(summaries: Sequence[DatasetSummary], rows: int | None, plan: TrainingPlan) -> Lengths | None:
    """Return the lengths of what is trained on, cut or left out above the cap as the tool does it; None where nothing is known.

    `rows` are the examples of all summaries that are trained on. Where only a part was counted, the rest is taken to be like it.
    """
    sizes = [size for one in summaries for size in one.lengths]
    counted = sum(one.counted for one in summaries)
    cap = plan.effective("sequence_length")
    if not sizes or not counted or not rows:
        return None
    if cap is not None and plan.effective("overlong") == "drop":
        sizes = [size for size in sizes if size <= cap]
    elif cap is not None:
        sizes = [min(size, int(cap)) for size in sizes]
    if not sizes:
        return None
    examples = max(round(rows * len(sizes) / counted), 1)
    return Lengths(examples=examples, tokens=round(sum(sizes) / len(sizes) * examples), longest=max(sizes), exact=False)


class Planned(msgspec.Struct, frozen=True, kw_only=True):
    """The run of a config, None where it cannot be estimated, with what it rests on and what is missing."""

    run: Run | None
    assumptions: list[str]
    missing: list[str]


class _Notes:
    """Collects what is assumed and what is missing."""

    def __init__(self) -> None:
        self.assumptions: list[str] = []
        self.missing: list[str] = []

    def assume(self, text: str) -> None:
        self.assumptions.append(text)


def model_of(plan: TrainingPlan, trainer: str, ask: Ask, read: Read | None = None) -> Model | None:
    """Return the architecture that a plan names: from the ``config.json`` of a local model, else from the table.

    torchtune names it by its component too.
    """
    model = _local(plan.model, read) if plan.model and read is not None else None
    if model is None:
        model = find_model(plan.model) if plan.model else None
    if model is None and trainer == "torchtune":
        component = ask("model._component_")
        model = _of_component(component) if isinstance(component, str) else None
    return model


def _local(name: str, read: Read) -> Model | None:
    """Return the model that the ``config.json`` in its folder describes, None where there is none or it says too little."""
    text = read(f"{name.rstrip('/')}/config.json")
    if text is None:
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return model_from_config(value, name) if isinstance(value, dict) else None


_COMPONENT: Final = re.compile(r"(?:q?lora_|q?dora_)?([a-z]+?)(\d)?(?:_(\d))?_(mini|\d+(?:_\d+)?b)(?:_|$)")


def _of_component(component: str) -> Model | None:
    """Return the model of a torchtune component: ``torchtune.models.llama3_2.lora_llama3_2_3b`` is ``llama-3.2-3b``."""
    match = _COMPONENT.match(component.rpartition(".")[2])
    if match is None:
        return None
    family, major, minor, size = match.groups()
    version = f"{major}.{minor}" if major and minor else major or ""
    names = (f"{family}-{version}-{size}", f"{family}{version}-{size}") if version else (f"{family}-{size}",)
    return next((model for name in names if (model := find_model(name.replace("_", "."))) is not None), None)


def plan_run(
    plan: TrainingPlan,
    trainer: str,
    ask: Ask,
    *,
    model: Model | None,
    gpus: int | None = None,
    gpu_bytes: float | None = None,
    lengths: Lengths | None = None,
) -> Planned:
    """Return the run of a plan on `gpus` devices of `gpu_bytes` each, where the config itself does not say how many."""
    notes = _Notes()
    method = str(plan.effective("method") or "sft")
    if model is None:
        notes.missing.append(f"the architecture of {plan.model}: put its config.json beside it" if plan.model else "the model")
    reason = why_not(method, trainer)
    if reason is not None:
        notes.missing.append(reason)
    for field in _NEEDED:
        if field in plan.at and getattr(plan, field) is None and ask(".".join(map(str, plan.at[field]))) is not None:
            notes.missing.append(f"{'.'.join(map(str, plan.at[field]))}: its value cannot be read")
    micro = _micro_batch(plan, gpus)
    if micro is None and not notes.missing:
        notes.missing.append("examples that one device takes at once")
    sampling = method in SAMPLING
    cap = plan.effective("sequence_length")
    prompt = _prompt(ask, cap, lengths) if sampling else 0
    if sampling and prompt is None:
        notes.missing.append("the longest prompt: the data, or max_prompt_length")
    elif cap is None and lengths is None and not sampling:
        notes.missing.append("the longest sequence in tokens")
    if sampling and not plan.effective("completion_length"):
        notes.missing.append("how long a completion may get: max_completion_length")
    if plan.effective("tuning") in {"freeze", "other"}:
        notes.missing.append("which weights are trained")
    if notes.missing:
        return Planned(run=None, assumptions=notes.assumptions, missing=notes.missing)
    beside = Beside(scored=1.0 if method in _REFERENCED else 0.0)
    if method in ESTIMATED.get(trainer, frozenset()):
        beside = beside_of(plan, trainer, ask, method, prompt=prompt or 0, gpu_bytes=gpu_bytes)
        notes.assumptions += beside.assumptions
        notes.missing += beside.missing
    if notes.missing:
        return Planned(run=None, assumptions=notes.assumptions, missing=notes.missing)
    assert model is not None
    assert micro is not None
    if prompt:
        tokens = prompt + plan.effective("completion_length")
        notes.assume(f"prompts of up to {prompt:,} tokens and completions of up to {plan.effective('completion_length'):,}")
    else:
        tokens = _tokens(plan, cap, lengths, notes)
    run = _run(plan, trainer, ask, model, micro, tokens, _devices(plan, gpus, notes), beside, notes)
    return Planned(run=run, assumptions=notes.assumptions, missing=[])


SAMPLING: Final = frozenset({"grpo", "gdpo", "rloo", "ppo", "distillation"})
"""Methods whose batches are completions that the model samples."""

_LAST: Final = "1.12"
"""The last release of TRL that was read in which DPO, GRPO and RLOO hold all logits of a batch; 1.16 computes them in tiles."""


def _prompt(ask: Ask, cap: Any, lengths: Lengths | None) -> int | None:
    """Return the tokens of the longest prompt: of the data, where the config does not say it; a record is all prompt."""
    said = next((value for key in ("max_prompt_length", "trl.max_prompt_length") if isinstance(value := ask(key), int)), None)
    if said is not None and said > 0:
        return said
    if lengths is None:
        return None
    return max(min(lengths.longest, int(cap)) if cap is not None else lengths.longest, 1)


def _run(
    plan: TrainingPlan,
    trainer: str,
    ask: Ask,
    model: Model,
    micro: int,
    tokens: int,
    devices: int,
    beside: Beside,
    notes: _Notes,
) -> Run:
    method = str(plan.effective("method") or "sft")
    adapter = plan.effective("tuning") == "lora"
    stack = _stack(trainer, ask)
    weights = _weights(plan, trainer, ask, adapter=adapter, notes=notes)
    sharding = _sharding(plan, trainer, devices)
    offload = bool(plan.effective("offload"))
    saved = plan.modules_to_save or ()
    preference = plan.preference or (method == "reward" and ask("process_reward_model") is not True)
    if beside.headless and not model.tied:
        model = msgspec.structs.replace(model, tied=True, params=model.params - model.embedding)
    loss = _loss(plan, trainer, adapter=adapter)
    tiled = trainer == "trl" and method in {"dpo", "grpo", "rloo"} and loss == "chunked"
    if tiled:
        notes.assume(f"logits in tiles, as TRL 1.16 computes them; TRL {_LAST} and older hold all of them, up to the upper end")
    return Run(
        model=model,
        method=_method(plan, adapter),
        weights=weights,
        compute=_compute(plan, weights),
        rank=max(int(plan.effective("lora_rank") or 8), 1),
        targets=_targets(plan, model, notes) if adapter else frozenset(),
        dropout=bool(plan.effective("lora_dropout")),
        trains_embedding=any("embed" in name or name == "wte" for name in saved),
        trains_head="lm_head" in saved or "output" in saved,
        optimizer=_optimizer(plan, trainer, weights),
        micro_batch=micro,
        accumulation=_accumulation(plan, micro, devices),
        tokens=tokens,
        devices=devices,
        sharding=sharding,
        offload_optimizer=offload and sharding in {"zero1", "zero2", "none"},
        offload_weights=offload and sharding in {"zero3", "fsdp"} and not (adapter and weights.startswith("nf4")),
        optimizer_in_backward=trainer == "torchtune" and ask("optimizer_in_bwd") is True,
        checkpointing=bool(plan.effective("checkpointing")) or (trainer == "litgpt" and sharding == "fsdp"),
        offload_activations=bool(plan.effective("activation_offload")),
        attention=_attention(plan),
        loss="fused" if beside.headless else "unused" if method == "reward" else loss,
        older_loss="plain" if tiled else None,
        compiled=any(ask(key) is True for key in ("compile", "torch_compile", "training.compile")),
        packing=bool(plan.effective("packing")),
        preference=preference,
        reference=beside.reference or (not adapter and method in _REFERENCED and ask("precompute_ref_log_probs") is not True),
        scored=beside.scored,
        frozen=beside.frozen,
        generation=beside.generation,
        answer_tokens=plan.effective("completion_length") if beside.generation is not None else None,
        headless=beside.headless,
        stack=stack,
    )


def _stack(trainer: str, ask: Ask) -> Stack:
    if trainer == "llama-factory" and ask("use_unsloth") is True:
        return UNSLOTH
    return STACKS.get(trainer, HUGGING_FACE)


def _method(plan: TrainingPlan, adapter: bool) -> Method:
    return "full" if not adapter else "dora" if plan.effective("dora") else "lora"


def _micro_batch(plan: TrainingPlan, gpus: int | None) -> int | None:
    micro = plan.effective("micro_batch")
    if micro is None and plan.global_batch:
        parts = int(plan.effective("accumulation") or 1) * (plan.devices or gpus or 1)
        micro = max(plan.global_batch // parts, 1)
    return int(micro) if micro and micro > 0 else None


def _accumulation(plan: TrainingPlan, micro: int, devices: int) -> int:
    said = plan.accumulation
    if said is None and plan.global_batch:
        said = plan.global_batch // (micro * devices)
    return max(int(said or plan.effective("accumulation") or 1), 1)


def _devices(plan: TrainingPlan, gpus: int | None, notes: _Notes) -> int:
    if plan.devices is not None and plan.devices > 0:
        return plan.devices
    if gpus is None:
        notes.assume("one GPU: gpus in [hardware] says how many there are")
    return gpus or 1


def _tokens(plan: TrainingPlan, cap: Any, lengths: Lengths | None, notes: _Notes) -> int:
    """Return the tokens of one sequence: what is packed or padded to, else the longest example below the cap."""
    filled = plan.effective("packing") or plan.effective("pads_to_length")
    if cap is not None and (filled or lengths is None):
        if not filled:
            notes.assume(f"some examples are as long as the limit of {cap:,} tokens: the dataset was not read")
        return max(int(cap), 1)
    assert lengths is not None
    return max(min(lengths.longest, int(cap)) if cap is not None else lengths.longest, 1)


def _weights(plan: TrainingPlan, trainer: str, ask: Ask, *, adapter: bool, notes: _Notes) -> Weights:
    bits = plan.effective("bits")
    if bits == 8:
        return "int8"
    if bits == 4:
        return "nf4-dq" if _double(trainer, ask) else "nf4"
    precision = plan.effective("precision")
    if precision == "fp32" or _mixed(trainer, ask, adapter=adapter):
        return "fp32"
    if precision is None and trainer not in {"torchtune", "mistral-finetune", "unsloth"}:
        notes.assume("weights and layers in bf16: the config does not say in what precision")
    return "fp16" if precision == "fp16" else "bf16"


def _double(trainer: str, ask: Ask) -> bool:
    if trainer == "litgpt":
        return str(ask("quantize")).endswith("-dq")
    said = next((value for key in ("double_quantization", "use_bnb_nested_quant", "bnb_4bit_use_double_quant")
                 if isinstance(value := ask(key), bool)), None)  # fmt: skip
    return said if said is not None else trainer in _DOUBLE_QUANTISING


def _mixed(trainer: str, ask: Ask, *, adapter: bool) -> bool:
    """Tell whether the weights lie in fp32 beside 16-bit computing.

    LLaMA-Factory makes trained weights fp32 unless ``pure_bf16``; TRL's command loads fp32 unless ``dtype`` says otherwise;
    LitGPT says it in the precision.
    """
    if trainer == "litgpt":
        return str(ask("precision")).endswith("-mixed")
    if trainer == "llama-factory":
        return not adapter and ask("pure_bf16") is not True
    if trainer == "trl":
        return ask("dtype") is None and ask("torch_dtype") is None and ask("model_init_kwargs") is None
    return trainer == "torchtitan"


def _compute(plan: TrainingPlan, weights: Weights) -> Precision:
    precision = plan.effective("precision")
    if precision == "fp32" and weights == "fp32":
        return "fp32"
    return "fp16" if precision == "fp16" else "bf16"


_OPTIMIZERS: Final[tuple[tuple[str, Optimizer], ...]] = (
    ("paged_adamw_8bit", "paged-adamw-8bit"),
    ("pagedadamw8bit", "paged-adamw-8bit"),
    ("paged_lion_8bit", "paged-adamw-8bit"),
    ("paged", "paged-adamw"),
    ("adamw_8bit", "adamw-8bit"),
    ("adamw8bit", "adamw-8bit"),
    ("adamw_bnb_8bit", "adamw-8bit"),
    ("adamw_torch_8bit", "adamw-8bit"),
    ("lion_8bit", "lion-8bit"),
    ("lion8bit", "lion-8bit"),
    ("lion", "lion"),
    ("adafactor", "adafactor"),
    ("muon", "muon"),
    ("sgd", "sgd"),
)


def _optimizer(plan: TrainingPlan, trainer: str, weights: Weights) -> Optimizer:
    name = str(plan.effective("optimizer") or "").casefold()
    found: Optimizer = next((kind for word, kind in _OPTIMIZERS if word in name), "adamw")
    return "paged-adamw" if trainer == "litgpt" and weights.startswith("nf4") else found


def _sharding(plan: TrainingPlan, trainer: str, devices: int) -> Sharding:
    if devices == 1:
        return "none"
    said = plan.effective("sharding")
    if said is not None:
        return "fsdp" if str(said).startswith("fsdp") else said
    return "fsdp" if trainer in {"litgpt", "torchtune", "mistral-finetune", "torchtitan"} else "none"


def _attention(plan: TrainingPlan) -> Attention:
    said = str(plan.effective("attention") or "sdpa")
    return "eager" if said == "eager" else "sdpa" if said == "sdpa" else "flash"


def _loss(plan: TrainingPlan, trainer: str, *, adapter: bool) -> LossKernel:
    kernel: LossKernel = plan.effective("loss_kernel") or "plain"
    return "plain" if trainer == "litgpt" and not adapter else kernel  # its full recipe makes all logits at once


def _targets(plan: TrainingPlan, model: Model, notes: _Notes) -> frozenset[str]:
    names = plan.effective("lora_targets")
    if not names:
        notes.assume("adapters on queries and values, the library's choice where no layer is named")
        return frozenset({"q", "v"})
    found, unknown = targets_of(names)
    if unknown:
        notes.assume(f"adapters on all linear layers: {', '.join(unknown)[:80]} is not understood")
        return frozenset(model.linears)
    if not model.gated and "gate" in found:
        found |= {"up"}
    return frozenset(name for name in found if name in model.linears or name == "head")
