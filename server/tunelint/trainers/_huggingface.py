"""What all tools share that hand their keys to the TrainingArguments of transformers."""

from collections.abc import Iterator
from typing import Any, Final

from tunelint.core.finding import Severity
from tunelint.core.plan import Sharding
from tunelint.text.numbers import plain
from tunelint.trainers.base import Config, Conflict, Draft, to_number, to_path

__all__ = ["ARGUMENTS", "DEFAULTS", "argument_conflicts", "scheduler_conflicts", "sharding_of", "strategy_word", "take_arguments"]

ARGUMENTS: Final = (
    ("learning_rate", "learning_rate"),
    ("scheduler", "lr_scheduler_type"),
    ("optimizer", "optim"),
    ("weight_decay", "weight_decay"),
    ("max_grad_norm", "max_grad_norm"),
    ("warmup_steps", "warmup_steps"),
    ("warmup_ratio", "warmup_ratio"),
    ("epochs", "num_train_epochs"),
    ("max_steps", "max_steps"),
    ("micro_batch", "per_device_train_batch_size"),
    ("accumulation", "gradient_accumulation_steps"),
    ("bf16", "bf16"),
    ("fp16", "fp16"),
    ("checkpointing", "gradient_checkpointing"),
    ("checkpointing", "activation_checkpointing"),
    ("evaluation_strategy", "eval_strategy"),
    ("evaluation_strategy", "evaluation_strategy"),
    ("evaluation_steps", "eval_steps"),
    ("save_strategy", "save_strategy"),
    ("save_steps", "save_steps"),
    ("load_best", "load_best_model_at_end"),
    ("remote_code", "trust_remote_code"),
    ("seed", "seed"),
)

DEFAULTS: Final[dict[str, Any]] = {
    "learning_rate": 5e-5,
    "scheduler": "linear",
    "weight_decay": 0.0,
    "max_grad_norm": 1.0,
    "epochs": 3.0,
    "micro_batch": 8,
    "accumulation": 1,
    "checkpointing": False,
    "evaluation_strategy": "no",
    "save_strategy": "steps",
    "save_steps": 500.0,
    "seed": 42,
    "loss_kernel": "plain",
}
"""Defaults of transformers 5.23."""


def take_arguments(draft: Draft) -> None:
    """Set the fields that TrainingArguments has."""
    draft.take_all(ARGUMENTS)
    config = draft.config
    draft.put("sharding", sharding_of(config), "deepspeed", "fsdp", "fsdp_config")
    if config.on("use_liger_kernel"):
        draft.put("loss_kernel", "fused", "use_liger_kernel")


_STAGES: Final[dict[float, Sharding]] = {1: "zero1", 2: "zero2", 3: "zero3"}


def sharding_of(config: Config) -> Sharding | None:
    """Return how the run is split over devices, as far as the keys and the name of the file that they point to say it."""
    deepspeed = config.get("deepspeed")
    if isinstance(deepspeed, str):
        name = deepspeed.casefold()
        return next((word for stage, word in _STAGES.items() if word in name or f"z{stage:g}" in name), None)
    if isinstance(deepspeed, dict):
        section = deepspeed.get("zero_optimization")
        stage = to_number(section.get("stage")) if isinstance(section, dict) else None
        return _STAGES.get(stage or 0)
    if config.get("fsdp") or config.get("fsdp_config"):
        version = config.number("fsdp_config.fsdp_version") or config.number("fsdp_config.version")
        return "fsdp2" if version == 2 else "fsdp1"
    return None


def strategy_word(value: Any) -> str:
    """Return a strategy, of which YAML may have made a boolean."""
    return "no" if value is False else str(value)


def argument_conflicts(config: Config) -> Iterator[Conflict]:
    """Yield what TrainingArguments refuses."""
    evaluation = strategy_word(config.get("eval_strategy", config.get("evaluation_strategy", "no")))
    saving = strategy_word(config.get("save_strategy", "steps"))
    if config.on("load_best_model_at_end") and saving != "best":
        path = to_path("load_best_model_at_end")
        if evaluation != saving:
            message = f"load_best_model_at_end with eval_strategy {evaluation} and save_strategy {saving}"
            yield Conflict("TRN010", path, message, "the two have to be the same: the best checkpoint must have been evaluated")
        elif evaluation == "steps":
            saves = config.number("save_steps") or 500.0
            evaluations = config.number("eval_steps") or config.number("logging_steps") or 500.0
            if saves >= 1 and evaluations >= 1 and saves % evaluations:
                message = f"save_steps ({plain(saves)}) is no multiple of eval_steps ({plain(evaluations)})"
                at = to_path("save_steps") if config.has("save_steps") else path
                yield Conflict(
                    "TRN010", at, message, "load_best_model_at_end wants every checkpoint to be evaluated", also=(path,)
                )
    scheduler = config.text("lr_scheduler_type")
    if scheduler in {"reduce_lr_on_plateau", "greedy"} and evaluation == "no":
        yield Conflict(
            "TRN010",
            to_path("lr_scheduler_type"),
            f"the scheduler {scheduler} wants evaluations, and there are none",
            "set eval_strategy, or take another scheduler",
        )
    yield from scheduler_conflicts(config, "lr_scheduler_type")
    warmup = config.number("warmup_steps")
    if warmup is not None and warmup < 0:
        yield Conflict(
            "CFG004",
            to_path("warmup_steps"),
            f"warmup_steps is {plain(warmup)}, and may not be below 0",
            "a number below 1 is a share of all steps",
        )


_WITHOUT_WARMUP: Final = frozenset({"constant", "reduce_lr_on_plateau", "greedy"})
_TO_A_LEAST: Final = frozenset({"cosine_with_min_lr", "cosine_warmup_with_min_lr"})


def scheduler_conflicts(config: Config, key: str) -> Iterator[Conflict]:
    """Yield what the scheduler under a key does not use of the warm-up, and what it wants beside (optimization.py, `get_scheduler`)."""
    name = config.text(key)
    if name in _WITHOUT_WARMUP:
        for warmup in ("warmup_steps", "warmup_ratio"):
            if config.number(warmup):
                yield Conflict(
                    "TRN018",
                    (warmup,),
                    f"{warmup} has no effect with the scheduler {name}",
                    "the run starts at the full rate: take constant_with_warmup, or remove the warm-up",
                    Severity.WARNING,
                    also=(to_path(key),),
                )
    said = config.get("lr_scheduler_kwargs")
    options = said if isinstance(said, dict) else {}
    if said is not None and not isinstance(said, dict):
        return
    if name in _TO_A_LEAST and (options.get("min_lr") is None) is (options.get("min_lr_rate") is None):
        yield Conflict(
            "TRN018",
            to_path(key),
            f"the scheduler {name} wants one of min_lr and min_lr_rate in lr_scheduler_kwargs",
            "the run ends when training starts: add lr_scheduler_kwargs: {min_lr_rate: 0.1}",
        )
    counts = config.trainer.name == "llama-factory"  # it works out the steps of each part itself
    if name == "warmup_stable_decay" and options.get("num_decay_steps") is None and not counts:
        yield Conflict(
            "TRN018",
            to_path(key),
            "the scheduler warmup_stable_decay wants num_decay_steps in lr_scheduler_kwargs",
            "the run ends when training starts: add lr_scheduler_kwargs: {num_decay_steps: …}, a tenth of all steps or so",
        )
