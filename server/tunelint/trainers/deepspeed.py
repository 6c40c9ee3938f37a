"""DeepSpeed's own JSON, which a trainer points to."""

from collections.abc import Iterator
from typing import Final

from tunelint.core.finding import Severity
from tunelint.core.plan import TrainingPlan
from tunelint.text.numbers import plain
from tunelint.text.tree import Tree
from tunelint.trainers.base import Config, Conflict, Draft, Trainer, count_keys, to_path

__all__ = ["TRAINER"]

_MARKS: Final = (
    "train_batch_size", "train_micro_batch_size_per_gpu", "steps_per_print", "wall_clock_breakdown", "gradient_clipping",
    "prescale_gradients", "zero_allow_untested_optimizer", "fp16", "bf16", "activation_checkpointing", "autotuning", "optimizer",
)  # fmt: skip


def _detect(tree: Tree) -> float:
    if count_keys(tree, ("compute_environment", "base_model", "model_name_or_path", "model")):
        return 0.0
    marks = count_keys(tree, _MARKS)
    zero = tree.keys().get("zero_optimization")
    if zero is not None and isinstance(zero.children, dict):
        return 10.0 + marks
    batch = count_keys(tree, ("train_batch_size", "train_micro_batch_size_per_gpu"))
    return float(marks) if batch and marks >= 2 else 0.0


def _plan(config: Config) -> TrainingPlan:
    draft = Draft(config)
    draft.take_all((
        ("micro_batch", "train_micro_batch_size_per_gpu"),
        ("accumulation", "gradient_accumulation_steps"),
        ("global_batch", "train_batch_size"),
        ("max_grad_norm", "gradient_clipping"),
        ("bf16", "bf16.enabled"),
        ("fp16", "fp16.enabled"),
    ))  # fmt: skip
    stage = config.number("zero_optimization.stage")
    if stage in {1, 2, 3}:
        draft.put("sharding", f"zero{int(stage or 0)}", "zero_optimization.stage")
    devices = [config.text(f"zero_optimization.{key}.device") for key in ("offload_optimizer", "offload_param")]
    if any(device in {"cpu", "nvme"} for device in devices):
        draft.put("offload", True, "zero_optimization.offload_optimizer", "zero_optimization.offload_param")
    return draft.finish()


_COUNTS: Final = ("train_batch_size", "train_micro_batch_size_per_gpu", "gradient_accumulation_steps", "gradient_clipping")


def _conflicts(config: Config) -> Iterator[Conflict]:
    for key in _COUNTS:
        value = config.get(key)
        if isinstance(value, str) and value != "auto" and "${" not in value:
            message = f"{key} is the text {value!r}, and a number is wanted"
            way = "DeepSpeed counts with it, and transformers takes it for another value than its own: remove the quotes"
            yield Conflict("CFG004", (key,), message[:120], way)
    whole, micro, steps = (
        config.number(key) for key in ("train_batch_size", "train_micro_batch_size_per_gpu", "gradient_accumulation_steps")
    )
    also = tuple(to_path(key) for key in ("train_micro_batch_size_per_gpu", "gradient_accumulation_steps") if config.has(key))
    if whole and micro:
        least = micro * (steps or 1)
        if whole % least:
            said = f"{plain(micro)} a GPU" + (f" times {plain(steps)} steps" if steps else "")
            yield Conflict(
                "TRN006",
                ("train_batch_size",),
                f"train_batch_size {plain(whole)} is no multiple of {said}",
                "DeepSpeed wants train_batch_size = micro batch × accumulation × GPUs",
                also=also,
            )
    if config.on("fp16.enabled") and config.on("bf16.enabled"):
        yield Conflict(
            "TRN007",
            to_path("fp16.enabled"),
            "fp16 and bf16 are both enabled",
            "keep one of the two",
            also=(to_path("bf16.enabled"),),
        )
    stage = config.number("zero_optimization.stage")
    if stage is not None and stage < 3 and config.text("zero_optimization.offload_param.device") in {"cpu", "nvme"}:
        yield Conflict(
            "TRN018",
            to_path("zero_optimization.offload_param"),
            f"offload_param has no effect with ZeRO stage {stage:g}",
            "weights are offloaded in stage 3 only: set stage 3, or remove offload_param",
            Severity.WARNING,
            also=(to_path("zero_optimization.stage"),),
        )


TRAINER = Trainer(
    name="deepspeed",
    title="DeepSpeed",
    version="0.19.8",
    table="deepspeed",
    detect=_detect,
    plan=_plan,
    refuses_repeated_keys=True,
    checks_types=True,
    refused_keys=frozenset({"compression_training", "quantize_training", "sparse_attention", "progressive_layer_drop"}),
    conflicts=_conflicts,
)
