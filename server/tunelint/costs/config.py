"""What a training config costs: memory, hours, money, and what is known of each."""

import math
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import msgspec

from tunelint.core.plan import TrainingPlan
from tunelint.costs.amounts import duration
from tunelint.costs.estimate import Estimate, exactly
from tunelint.costs.hardware import Gpu, find_gpu
from tunelint.costs.memory import FORMULA, GB, UNMEASURED, Memory, estimate_memory
from tunelint.costs.models import Model
from tunelint.costs.money import gpu_money
from tunelint.costs.planned import Ask, Lengths, Planned, plan_run
from tunelint.costs.report import (
    CheapestFix,
    CostMemory,
    CostModel,
    CostMoney,
    CostReport,
    CostSteps,
    CostTime,
    CostTokens,
    Fits,
    MemoryParts,
    way_of,
)
from tunelint.costs.run import Run
from tunelint.costs.time import FORMULA as TIME_FORMULA
from tunelint.costs.time import duration_hours, pace
from tunelint.costs.use import Hardware, Use
from tunelint.costs.ways import Situation, ways_of

__all__ = ["ConfigCosts", "Machine", "config_costs", "config_report", "machine_of"]

_GB_DIGITS: Final = 2
_PACKED: Final = 0.95
"""Share of a packed sequence that holds tokens. Source: best-fit packing in TRL and Axolotl fills 0.9 to 0.98."""


class Machine(msgspec.Struct, frozen=True, kw_only=True):
    """One GPU: its name and memory in GB as far as they are known, its table entry if it has one."""

    name: str | None = None
    memory_gb: float | None = None
    gpu: Gpu | None = None


class ConfigCosts(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is computed of a config, for reports and rules."""

    planned: Planned
    machine: Machine
    memory: Memory | None = None
    fits: Fits = "unknown"
    fix: CheapestFix | None = None
    hours: Estimate | None = None
    tokens_per_second: float | None = None
    usd: Estimate | None = None
    learning_hours: Estimate | None = None
    """Of a run that samples completions: the hours of learning from them, if all are as long as they may get."""
    steps_per_epoch: int | None = None
    total_steps: int | None = None
    epochs: float | None = None


def machine_of(hardware: Hardware) -> Machine:
    """Return the GPU that the settings name; a stated memory wins over the table's."""
    gpu = find_gpu(hardware.gpu) if hardware.gpu else None
    name = gpu.name if gpu is not None else hardware.gpu
    return Machine(name=name, memory_gb=hardware.memory_gb or (gpu.memory_gb if gpu is not None else None), gpu=gpu)


def fits(memory: Memory, machine: Machine) -> Fits:
    """Tell whether a run fits: surely, by the estimate but not at its upper end, or not."""
    if machine.memory_gb is None:
        return "unknown"
    has = machine.memory_gb * GB
    return "yes" if memory.peak.high <= has else "tight" if memory.peak.value <= has else "no"


def config_costs(
    plan: TrainingPlan, trainer: str, ask: Ask, use: Use, *, model: Model | None, lengths: Lengths | None = None
) -> ConfigCosts:
    """Estimate everything that can be of a config that trains on own or rented GPUs."""
    machine = machine_of(use.hardware)
    has = machine.memory_gb * GB if machine.memory_gb is not None else None
    planned = plan_run(plan, trainer, ask, model=model, gpus=use.hardware.gpus, gpu_bytes=has, lengths=lengths)
    run = planned.run
    epochs = use.epochs or plan.effective("epochs")
    if run is None:
        return ConfigCosts(planned=planned, machine=machine, epochs=epochs)
    memory = estimate_memory(run)
    verdict = fits(memory, machine)
    per_epoch, total = _steps(run, plan, epochs, lengths)
    costs = ConfigCosts(
        planned=planned,
        machine=machine,
        memory=memory,
        fits=verdict,
        fix=_cheapest(run, plan, trainer, machine) if verdict == "no" else None,
        steps_per_epoch=per_epoch,
        total_steps=total,
        epochs=epochs,
    )
    return _timed(costs, run, use, lengths)


def _timed(costs: ConfigCosts, run: Run, use: Use, lengths: Lengths | None) -> ConfigCosts:
    gpu = costs.machine.gpu
    if gpu is None:
        return costs
    mean = lengths.tokens / lengths.examples if lengths is not None and lengths.examples else None
    padded = msgspec.structs.replace(run, tokens=max(round(_padded(run, mean)), 1))
    rate = pace(padded, gpu.tflops, consumer=gpu.consumer)
    costs = msgspec.structs.replace(costs, tokens_per_second=rate.tokens_per_second.value)
    if costs.total_steps is None:
        return costs
    tokens = costs.total_steps * padded.batch_tokens * run.accumulation * run.devices
    hours = duration_hours(run, tokens, rate)
    if run.generation is not None:
        return msgspec.structs.replace(costs, learning_hours=hours)
    price = (use.hardware.usd_hour,) * 3 if use.hardware.usd_hour is not None else gpu.usd_hour
    usd = gpu_money(hours, run.devices, price) if price is not None else None
    return msgspec.structs.replace(costs, hours=hours, usd=usd)


def _padded(run: Run, mean: float | None) -> float:
    """Return how long the sequences of a batch are: as its longest example, which is shorter than the longest of all."""
    if run.packing or mean is None or run.generation is not None:
        return float(run.tokens)
    return min(mean * (1 + _SPREAD * math.log2(run.micro_batch + 1)), run.tokens)


_SPREAD: Final = 0.35
"""How much longer the longest of a batch is than the mean, for each doubling: lengths of instructions spread about their mean."""


def _steps(run: Run, plan: TrainingPlan, epochs: Any, lengths: Lengths | None) -> tuple[int | None, int | None]:
    """Return optimizer steps of an epoch and in all, None where the data are not known."""
    limit = plan.max_steps if plan.max_steps is not None and plan.max_steps > 0 else None
    if lengths is None:
        return None, limit
    units = float(lengths.examples) * (plan.effective("generations") or 1)
    if run.packing:
        units = max(lengths.tokens / (run.tokens * _PACKED), 1.0)
    per_epoch = math.ceil(units / (run.micro_batch * run.accumulation * run.devices))
    total = limit if limit is not None else math.ceil(per_epoch * epochs) if epochs else None
    return per_epoch, total


_KEYS: Final[dict[str, dict[str, str]]] = {
    "axolotl": {"micro_batch": "micro_batch_size", "checkpointing": "gradient_checkpointing", "bits": "load_in_4bit"},
    "torchtune": {"micro_batch": "batch_size", "checkpointing": "enable_activation_checkpointing"},
    "litgpt": {"micro_batch": "train.micro_batch_size", "bits": "quantize"},
    "unsloth": {"micro_batch": "training.batch_size", "bits": "training.load_in_4bit"},
    "mistral-finetune": {"micro_batch": "batch_size", "checkpointing": "checkpoint"},
    "llama-factory": {
        "micro_batch": "per_device_train_batch_size",
        "checkpointing": "disable_gradient_checkpointing",
        "bits": "quantization_bit",
        "loss": "enable_liger_kernel",
        "sequence_length": "cutoff_len",
    },
}
_HUGGING_FACE: Final = {
    "micro_batch": "per_device_train_batch_size",
    "checkpointing": "gradient_checkpointing",
    "bits": "load_in_4bit",
    "loss": "use_liger_kernel",
}
_VALUES: Final[dict[tuple[str, str], Any]] = {
    ("llama-factory", "checkpointing"): False,
    ("llama-factory", "bits"): 4,
    ("litgpt", "bits"): "bnb.nf4",
}
"""What the keys are called that make a run smaller, and the values that do where that is not true."""


def _cheapest(run: Run, plan: TrainingPlan, trainer: str, machine: Machine) -> CheapestFix | None:
    """Return the one change that makes the run fit at the least cost in time.

    A smaller micro-batch is made up for by accumulation; a fused loss is free; checkpointing costs a fifth of the time, 4-bit
    weights a third; a shorter sequence costs data.
    """
    assert machine.memory_gb is not None
    for field, value, changed in _changes(run):
        memory = estimate_memory(changed)
        if memory.peak.value <= machine.memory_gb * GB:
            key = _key(plan, trainer, field)
            if key is not None:
                shown = _VALUES.get((trainer, field), value)
                return CheapestFix(key, shown, round(memory.peak.value / GB, _GB_DIGITS))
    return None


def _changes(run: Run) -> Iterator[tuple[str, Any, Run]]:
    """Yield single changes in the order of what they cost."""
    replace = msgspec.structs.replace
    if run.loss == "plain":
        yield "loss", True, replace(run, loss="fused")
    micro = run.micro_batch
    while micro > 1:
        micro //= 2
        yield "micro_batch", micro, replace(run, micro_batch=micro, accumulation=run.accumulation * run.micro_batch // micro)
    if not run.checkpointing:
        yield "checkpointing", True, replace(run, checkpointing=True)
    if run.method != "full" and not run.quantised:
        yield "bits", True, replace(run, weights="nf4-dq")
    length = run.tokens if run.generation is None else 0  # of sampled completions the prompt is a part
    while length > _SHORTEST:
        length //= 2
        yield "sequence_length", length, replace(run, tokens=length)


_SHORTEST: Final = 512


def _key(plan: TrainingPlan, trainer: str, field: str) -> str | None:
    """Return the key of a field: where the config says it, else what the tool calls it."""
    path = plan.at.get(field)
    if path is not None and field != "bits":
        return ".".join(map(str, path))
    keys = _KEYS.get(trainer, _HUGGING_FACE)
    return keys.get(field)


def config_report(
    path: str,
    plan: TrainingPlan,
    costs: ConfigCosts,
    use: Use,
    *,
    lengths: Lengths | None,
    today: date,
) -> CostReport:
    """Return everything that is said of a config that trains on own or rented GPUs."""
    run = costs.planned.run
    gpu = costs.machine.gpu
    money = None
    if use.training_usd is not None:
        money = CostMoney(use.training_usd, use.training_usd, use.training_usd, today.isoformat(), "said by the user")
    elif costs.usd is not None:
        usd = costs.usd.rounded(4)
        said = use.hardware.usd_hour is not None or gpu is None
        source = "GPU hours at the price in the settings" if said or gpu is None else f"GPU hours: {gpu.source}"
        money = CostMoney(usd.value, usd.low, usd.high, today.isoformat() if said or gpu is None else gpu.as_of, source)
    known = run.model if run is not None else None
    name = plan.model or (known.name if known is not None else None)
    return CostReport(
        path=path,
        model=CostModel(name, known.params if known else None, run.trainable if run else None) if name else None,
        steps=CostSteps(costs.epochs, costs.total_steps, costs.steps_per_epoch),
        tokens=_tokens(costs, lengths),
        memory=_memory(costs),
        time=_time(costs),
        money=money,
        break_even=None,
        ways=[way_of(way) for way in ways_of(_situation(costs, use))],
        assumptions=[*costs.planned.assumptions, *_assumptions(costs, use, lengths)],
        missing=[*costs.planned.missing, *_missing(costs, use, lengths)],
    )


def _tokens(costs: ConfigCosts, lengths: Lengths | None) -> CostTokens | None:
    if lengths is None:
        return None
    epochs = costs.epochs
    return CostTokens(lengths.tokens, round(lengths.tokens * epochs) if epochs else None)


def _memory(costs: ConfigCosts) -> CostMemory | None:
    if costs.memory is None:
        return None
    peak = Estimate(*(bytes_ / GB for bytes_ in msgspec.structs.astuple(costs.memory.peak))).rounded(_GB_DIGITS)
    parts = {name: round(value / GB, 3) for name, value in msgspec.structs.asdict(costs.memory.parts).items()}
    return CostMemory(
        peak.value, peak.low, peak.high, costs.machine.name, costs.machine.memory_gb, costs.fits, costs.fix, MemoryParts(**parts)
    )


def _time(costs: ConfigCosts) -> CostTime | None:
    if costs.hours is None or costs.tokens_per_second is None:
        return None
    hours = costs.hours.rounded(3)
    return CostTime(hours.value, hours.low, hours.high, round(costs.tokens_per_second, 1))


def _situation(costs: ConfigCosts, use: Use) -> Situation:
    gpu = costs.machine.gpu
    return Situation(
        calls=None,
        calls_per_month=use.calls_per_month,
        base=None,
        tuned=None,
        training_usd=None,
        labelling_usd=Estimate(0, 0, 0),
        hosting_usd_month=use.hosting_usd_month,
        retrainings=Estimate(0, 0, 1),
        own_training_usd=Estimate(use.training_usd, use.training_usd, use.training_usd) if use.training_usd else costs.usd,
        gpu_usd_hour=_gpu_hour(costs, use),
        as_of=gpu.as_of if gpu is not None else "",
    )


def _gpu_hour(costs: ConfigCosts, use: Use) -> Estimate | None:
    """Return US dollars an hour for one GPU: what the user says, else what the table says."""
    if use.hardware.usd_hour is not None:
        return exactly(use.hardware.usd_hour)
    hour = costs.machine.gpu.usd_hour if costs.machine.gpu is not None else None
    return Estimate(hour[1], hour[0], hour[2]) if hour is not None else None


def _assumptions(costs: ConfigCosts, use: Use, lengths: Lengths | None) -> Iterator[str]:
    run = costs.planned.run
    if run is None:
        return
    if run.measured:
        words = f"within {run.stack.error:.0%}: the published runs of the library lie in that interval"
    else:
        words = f"{UNMEASURED:.0%} either way: there are few published measurements of such runs to compare with"
    yield f"memory as in {run.stack.title}, {words}"
    yield f"formulas: {FORMULA}"
    if costs.tokens_per_second is not None:
        yield TIME_FORMULA
        yield "speed within a factor of two of published runs of the library, start-up of one to ten minutes added"
    if lengths is not None and not lengths.exact:
        yield "tokens are counted with another tokenizer than the model's own: 20% either way"
    if costs.usd is not None and use.hosting_usd_month is None and _gpu_hour(costs, use) is not None:
        yield "a month of the tuned model is one GPU around the clock: --hosting-usd-month USD says what it costs you"


def _missing(costs: ConfigCosts, use: Use, lengths: Lengths | None) -> Iterator[str]:
    machine = costs.machine
    if machine.memory_gb is None:
        yield (
            "the GPU: gpu or memory-gb in [hardware]"
            if not use.hardware.gpu
            else (f"{use.hardware.gpu}: not in the table of GPUs, give memory-gb in [hardware]")
        )
    elif machine.gpu is None:
        yield "the speed of the GPU: gpu in [hardware], `tunelint prices` lists them"
    elif machine.gpu.usd_hour is None and use.hardware.usd_hour is None and use.training_usd is None:
        yield f"the price of an hour of {machine.gpu.name}: usd-hour in [hardware]"
    learning = costs.learning_hours
    if learning is not None:
        value, low, high, unit = duration(learning.value, learning.low, learning.high)
        yield (
            "hours and money: completions are sampled between the steps, and neither their lengths nor the speed of that is "
            f"known; learning from them takes {value} {unit} ({low} to {high}) if all are as long as they may get"
        )
    if costs.total_steps is None and costs.planned.run is not None:
        yield "the examples that are trained on, and with them steps and hours" if lengths is None else "epochs"
