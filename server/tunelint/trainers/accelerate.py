"""Accelerate's YAML: how a run is started on its devices."""

from collections.abc import Iterator
from typing import Any, Final

from tunelint.core.finding import Edit, Fix, Severity
from tunelint.core.plan import TrainingPlan
from tunelint.text.tree import Tree
from tunelint.trainers.base import Config, Conflict, Draft, Required, Trainer, count_keys, to_number

__all__ = ["TRAINER"]

_SECTIONS: Final = ("fsdp_config", "deepspeed_config", "fp8_config", "parallelism_config")
_OF_KIND: Final = (
    ("fsdp_config", "FSDP", "--use_fsdp"),
    ("deepspeed_config", "DEEPSPEED", "--use_deepspeed"),
    ("megatron_lm_config", "MEGATRON_LM", "--use_megatron_lm"),
)
_DROPPED: Final = "it is dropped without a word"
_PRECISIONS: Final = ("no", "fp8", "fp16", "bf16")


def _detect(tree: Tree) -> float:
    if "distributed_type" in tree.keys():  # noqa: SIM118  a method, not a mapping
        return 10.0
    marks = count_keys(tree, ("compute_environment", "machine_rank", "num_machines", "main_training_function", "tpu_use_cluster"))
    return float(marks) if marks >= 3 else 0.0


def _plan(config: Config) -> TrainingPlan:
    draft = Draft(config)
    draft.take("devices", "num_processes")
    precisions: dict[Any, Any] = {"bf16": "bf16", "fp16": "fp16", "fp8": "fp8", "no": "fp32", False: "fp32"}
    precision = config.get("mixed_precision")
    if isinstance(precision, str | bool):
        draft.put("precision", precisions.get(precision), "mixed_precision")
    kind = config.text("distributed_type")
    if kind == "FSDP":
        draft.put("sharding", "fsdp2" if config.number("fsdp_config.fsdp_version") == 2 else "fsdp1", "distributed_type")
        draft.take("offload", "fsdp_config.fsdp_offload_params")
    elif kind == "DEEPSPEED":
        stage = to_number(config.get("deepspeed_config.zero_stage"))
        if stage in {1, 2, 3}:
            draft.put("sharding", f"zero{int(stage or 0)}", "deepspeed_config.zero_stage")
        draft.take("accumulation", "deepspeed_config.gradient_accumulation_steps")
    return draft.finish()


def _conflicts(config: Config) -> Iterator[Conflict]:
    yield from _of_precision(config)
    yield from _of_kind(config)
    yield from _of_sections(config)


def _of_kind(config: Config) -> Iterator[Conflict]:
    """Yield sections of a way of sharing out work that the config does not choose."""
    kind = config.text("distributed_type")
    for section, wanted, flag in _OF_KIND:
        if kind and kind != wanted and "${" not in kind and config.get(section):
            message = f"{section} is read for distributed_type {wanted} only, and this is {kind}"
            way = f"it has no effect unless the command line says {flag}: choose {wanted}, or remove it"
            yield Conflict("TRN018", (section,), message[:120], way, Severity.WARNING, also=(("distributed_type",),))


def _of_sections(config: Config) -> Iterator[Conflict]:
    """Yield the keys of sections that `accelerate launch` sets and nobody reads: misspelt ones, and those of DeepSpeed's own file.

    A section may set any argument of the command, so that all other unknown keys are left alone.
    """
    for section in _SECTIONS:
        entry = config.entry(section)
        there = entry.children if entry is not None and isinstance(entry.children, dict) else {}
        for name in there:
            if config.key((section, name)) is not None or config.keys is None:
                continue
            meant = config.keys.suggest(f"{section}.{name}")
            if meant is not None and meant.rpartition(".")[2] not in there:
                own = meant.rpartition(".")[2]
                fix = Fix(f"rename {name!r} to {own!r}", "unsafe", (Edit("rename", (section, name), own),))
                message = f"Accelerate has no key {name!r} in {section}; {own!r} is probably meant"
                yield Conflict("CFG002", (section, name), message[:120], _DROPPED, Severity.WARNING, fix=fix)
            elif section == "deepspeed_config" and _is_of_deepspeed(name):
                message = f"Accelerate has no key {name!r} in {section}: it is one of DeepSpeed's own file"
                way = f"{_DROPPED}: write such keys into a JSON file, and name it in deepspeed_config_file"
                yield Conflict("CFG002", (section, name), message[:120], way, Severity.WARNING)


def _is_of_deepspeed(name: str) -> bool:
    from tunelint.trainers.keys import table

    keys = table("deepspeed")
    return keys is not None and any(keys.find(one) is not None for one in (name, f"zero_optimization.{name}"))


def _of_precision(config: Config) -> Iterator[Conflict]:
    """Yield a precision that `accelerate launch` does not know, or cannot read since YAML's bare `no` is no text."""
    precision = config.get("mixed_precision")
    if precision is False:
        message = "mixed_precision is false: without quotes, YAML reads no as that"
        yield Conflict("CFG004", ("mixed_precision",), message, "write 'no' in quotes, or leave the key out")
    elif isinstance(precision, str) and precision and "${" not in precision and precision.lower() not in _PRECISIONS:
        message = f"mixed_precision: {precision} is none of Accelerate's"
        yield Conflict("CFG004", ("mixed_precision",), message, f"it takes {', '.join(_PRECISIONS[:-1])} and {_PRECISIONS[-1]}")


TRAINER = Trainer(
    name="accelerate",
    title="Accelerate",
    version="1.15",
    table="accelerate",
    detect=_detect,
    plan=_plan,
    required=(Required(("distributed_type",), "accelerate launch refuses the file without it"),),
    conflicts=_conflicts,
)
