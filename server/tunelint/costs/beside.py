"""What a run holds on its GPU beside the model that learns: frozen models, and the cache of completions that it samples.

Sources: TRL 1.16 and 1.9, trainers and their configs; LLaMA-Factory 0.9.5, train/ppo and train/trainer_utils.py; Axolotl 0.19.0,
core/trainers/grpo. All read 2026-11.
"""

from collections.abc import Callable
from typing import Any, Final

import msgspec

from tunelint.core.plan import TrainingPlan
from tunelint.costs.models import find_model
from tunelint.costs.run import Frozen, Generation

__all__ = ["ESTIMATED", "Beside", "beside_of", "why_not"]

Ask = Callable[[str], Any]

ESTIMATED: Final = {
    "trl": frozenset({"grpo", "rloo", "reward", "distillation"}),
    "axolotl": frozenset({"grpo", "gdpo", "reward"}),
    "llama-factory": frozenset({"reward", "ppo"}),
}
"""The methods of each tool whose trainer was read, beside those that learn from given answers and compare with a reference."""

_SPECIAL: Final = frozenset({"grpo", "gdpo", "rloo", "ppo", "online_dpo", "reward", "distillation", "ebft"})
"""Methods that need more than a model, its reference and a batch."""

_BETA: Final = {"grpo": 0.0, "gdpo": 0.0, "rloo": 0.05}
"""The weight of the distance to the reference where the config does not say it: at 0 no reference is loaded."""

_VLLM_SHARE: Final = 0.3
"""Of the GPU's memory, what vLLM takes beside the training where nothing else is said (`vllm_gpu_memory_utilization`)."""


class Beside(msgspec.Struct, frozen=True, kw_only=True):
    """What stands beside the policy. `reference` is a whole copy of the model, `scored` the forward passes that judge a batch."""

    reference: bool = False
    scored: float = 0.0
    frozen: tuple[Frozen, ...] = ()
    generation: Generation | None = None
    headless: bool = False
    """Whether the model has a score in place of its output layer."""
    assumptions: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def why_not(method: str, trainer: str) -> str | None:
    """Return why a method of a tool is not estimated, None where it is."""
    if method not in _SPECIAL or method in ESTIMATED.get(trainer, frozenset()):
        return None
    return f"memory and time of {method}: what {trainer} keeps and generates beside the model that learns is not known"


def beside_of(plan: TrainingPlan, trainer: str, ask: Ask, method: str, *, prompt: int, gpu_bytes: float | None) -> Beside:
    """Return what a run of a method in `ESTIMATED` holds; `prompt` are the tokens of the longest one."""
    adapter = plan.effective("tuning") == "lora"
    if method == "reward":
        return _reward(trainer)
    if method == "ppo":
        return _ppo(plan, ask, prompt, adapter=adapter)
    if method == "distillation":
        return _distillation(plan, ask, prompt)
    return _groups(plan, trainer, ask, method, prompt, gpu_bytes, adapter=adapter)


def _reward(trainer: str) -> Beside:
    """TRL and Axolotl load a classifier; LLaMA-Factory puts a value head beside the output layer, whose logits nobody uses."""
    words = "a reward model: each example is two sequences, and a score takes the place of the loss over tokens"
    return Beside(headless=trainer != "llama-factory", assumptions=(words,))


def _groups(
    plan: TrainingPlan, trainer: str, ask: Ask, method: str, prompt: int, gpu_bytes: float | None, *, adapter: bool
) -> Beside:
    """Return what methods hold that compare several completions of a prompt."""
    prefix = "trl." if trainer == "axolotl" else ""
    said = plan.beta if plan.beta is not None else _number(ask(f"{prefix}beta"))
    beta = _BETA[method] if said is None else said
    frozen, missing = _judges(trainer, ask)
    steps = _number(ask(f"{prefix}steps_per_generation")) or plan.effective("accumulation") or 1
    whole = _number(ask(f"{prefix}generation_batch_size"))
    sequences = whole / (plan.devices or 1) if whole else (plan.effective("micro_batch") or 1) * steps
    notes = [_reference_words(beta, adapter=adapter)]
    generation = Generation(sequences=max(round(sequences), 1), tokens=prompt + (plan.effective("completion_length") or 0))
    if ask(f"{prefix}use_vllm") is True:
        mode = ask(f"{prefix}vllm_mode") or ("server" if trainer == "axolotl" else "colocate")
        share = _number(ask("vllm.gpu_memory_utilization" if prefix else "vllm_gpu_memory_utilization")) or _VLLM_SHARE
        if mode == "server":
            notes.append("completions come from a vLLM server on other GPUs, whose memory and price are not counted")
            generation = Generation(sequences=0, tokens=0)
        elif gpu_bytes is None:
            missing = (*missing, f"the GPU, of which vLLM takes {share:.0%}: gpu or memory-gb in [hardware]")
        else:
            notes.append(f"vLLM takes {share:.0%} of the GPU for its copy of the weights and its cache")
            generation = Generation(sequences=0, tokens=0, reserved=share * gpu_bytes)
    return Beside(
        reference=beta != 0 and not adapter,
        scored=(1.0 if beta else 0.0) + (1.0 if ask(f"{prefix}use_vllm") is True else 0.0),
        frozen=frozen,
        generation=generation,
        assumptions=tuple(notes),
        missing=missing,
    )


def _reference_words(beta: float, *, adapter: bool) -> str:
    if not beta:
        return "no reference model: beta is 0"
    if adapter:
        return f"the reference (beta {beta:g}) is the model without its adapter, so that no copy is loaded"
    return f"a reference model is loaded beside the one that learns: beta is {beta:g}"


def _judges(trainer: str, ask: Ask) -> tuple[tuple[Frozen, ...], tuple[str, ...]]:
    """Return the reward models that are loaded, and those whose size is not known."""
    prefix = "trl." if trainer == "axolotl" else ""
    listed = ask(f"{prefix}reward_funcs")
    functions = listed if isinstance(listed, list) else [listed]
    # a function has a plain or a dotted name, a model a path or a hub's name
    names = [ask(f"{prefix}reward_model_name_or_path"), *(one for one in functions if "/" in str(one))]
    found: list[Frozen] = []
    missing: list[str] = []
    for name in names:
        if isinstance(name, str) and name:
            model = find_model(name)
            if model is None:
                missing.append(f"the architecture of the reward model {name}")
            else:
                found.append(Frozen(name, model, _element(trainer, ask)))
    return tuple(found), tuple(missing)


def _ppo(plan: TrainingPlan, ask: Ask, prompt: int, *, adapter: bool) -> Beside:
    """Return what PPO holds in LLaMA-Factory, whose value head shares the policy and is small beside it."""
    kind = ask("reward_model_type") or "lora"
    notes = ["the value head shares the layers of the policy"]
    frozen: tuple[Frozen, ...] = ()
    missing: list[str] = []
    if kind == "full":
        name = ask("reward_model")
        model = find_model(name) if isinstance(name, str) else None
        if model is None:
            missing.append(f"the architecture of the reward model {name}")
        else:
            bits = _number(ask("reward_model_quantization_bit"))
            frozen = (Frozen(str(name), model, bits / 8 if bits else 2.0),)
    else:
        notes.append("the reward model is an adapter on the policy" if kind == "lora" else "the reward model is a server")
    named = ask("ref_model")
    if isinstance(named, str) and named:
        model = find_model(named)
        if model is None:
            missing.append(f"the architecture of the reference model {named}")
        else:
            frozen = (*frozen, Frozen(named, model, 2.0))
    elif adapter:
        notes.append("the reference is the policy without its adapter")
    completion = plan.effective("completion_length") or 0
    generation = Generation(sequences=plan.effective("micro_batch") or 1, tokens=prompt + completion)
    return Beside(
        reference=not adapter and not named,
        scored=2.0,
        frozen=frozen,
        generation=generation,
        assumptions=tuple(notes),
        missing=tuple(missing),
    )


def _distillation(plan: TrainingPlan, ask: Ask, prompt: int) -> Beside:
    """Return what TRL holds: the teacher, never quantised by the command, and the completions that the student samples."""
    name = ask("teacher_model_name_or_path")
    teacher = find_model(name) if isinstance(name, str) else None
    if teacher is None:
        words = f"the architecture of the teacher {name}" if name else "the teacher: teacher_model_name_or_path"
        return Beside(missing=(words,))
    sequences = (plan.effective("micro_batch") or 1) * (plan.effective("accumulation") or 1)
    tokens = prompt + (plan.effective("completion_length") or 0)
    server = ask("use_vllm") is True
    return Beside(
        frozen=(Frozen(str(name), teacher, _element("trl", ask)),),
        generation=Generation(sequences=0 if server else sequences, tokens=tokens),
        assumptions=(f"the teacher {name} lies beside the student",),
        missing=("what vLLM takes of the GPU beside the teacher",) if server else (),
    )


def _element(trainer: str, ask: Ask) -> float:
    """Return the bytes of a weight of a model that is loaded beside the policy: TRL takes fp32 where no `dtype` is said."""
    said = ask("dtype") or ask("torch_dtype")
    return 4.0 if trainer == "trl" and said in {None, "float32"} else 2.0


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
