"""Accelerate's YAML: how a run is started on its devices."""

from collections.abc import Iterator
from typing import Any, Final

from tunelint.core.plan import TrainingPlan
from tunelint.text.tree import Tree
from tunelint.trainers.base import Config, Conflict, Draft, Required, Trainer, count_keys, to_number

__all__ = ["TRAINER"]

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
    """Yield a precision that `accelerate launch` does not know, or cannot read since YAML's bare `no` is no text."""
    precision = config.get("mixed_precision")
    if precision is False:
        message = "mixed_precision is false: without quotes, YAML reads no as that"
        yield Conflict("CFG004", ("mixed_precision",), message, "write 'no' in quotes, or leave the key out")
    elif isinstance(precision, str) and precision and precision.lower() not in _PRECISIONS:
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
