"""TRL's command line, and the recipes in its manner that alignment-handbook, open-r1 and others read with scripts of their own."""

import math
import re
from collections.abc import Iterator
from typing import Any, Final

from tunelint.core.finding import Severity
from tunelint.core.plan import DatasetRef, TrainingPlan
from tunelint.text.numbers import plain
from tunelint.text.tree import Tree
from tunelint.trainers._attention import attention_of
from tunelint.trainers._huggingface import DEFAULTS, argument_conflicts, strategy_word, take_arguments
from tunelint.trainers.base import Config, Conflict, Draft, Required, Trainer, count_keys, names_of, to_path

__all__ = ["TRAINER"]

_OWN: Final = (
    "dataset_name", "dataset_config", "dataset_train_split", "dataset_mixture", "use_peft", "lora_target_modules", "max_length",
    "max_seq_length", "assistant_only_loss", "completion_only_loss", "max_prompt_length", "max_completion_length", "num_generations",
    "torch_dtype", "dtype", "attn_implementation", "load_in_4bit", "dataset_id_or_path", "trl_project", "desirable_weight", "packing",
)  # fmt: skip
_ARGUMENTS: Final = (
    "per_device_train_batch_size", "gradient_accumulation_steps", "num_train_epochs", "learning_rate", "output_dir", "max_steps",
    "lr_scheduler_type", "report_to", "bf16",
)  # fmt: skip
_FOREIGN: Final = (
    "stage", "finetuning_type", "template", "cutoff_len", "base_model", "use_slow_tokenizer", "checkpointing_steps",
    "dataset_mixer_list", "with_tracking", "zero_optimization", "peft_type", "tuner_type", "train_type",
)  # fmt: skip
_SCRIPTS: Final = (
    "dataset_mixture", "dataset_mixer", "dataset_id_or_path", "chat_template", "reward_funcs", "cosine_max_len", "benchmarks",
    "callbacks", "spectrum_config_path", "tokenizer_name_or_path", "wandb_project", "wandb_entity", "use_liger", "dataset_splits",
    "auto_insert_empty_system_msg", "dataset_prompt_column", "system_prompt", "reward_weights", "trainer",
)  # fmt: skip
"""Keys of scripts that read TRL's arguments with their own beside them."""

_METHODS: Final = ("sft", "dpo", "grpo", "kto", "reward", "rloo", "orpo", "distillation")
_MARKS: Final = (
    ("distillation", ("teacher_model_name_or_path",)),
    ("grpo", ("num_generations", "reward_funcs", "reward_model_name_or_path")),
    ("kto", ("desirable_weight", "undesirable_weight")),
    ("dpo", ("precompute_ref_log_probs", "max_prompt_length", "ref_model_name_or_path", "loss_weights", "beta")),
    ("reward", ("center_rewards_coefficient",)),
    (
        "sft",
        ("assistant_only_loss", "completion_only_loss", "packing", "dataset_text_field", "packing_strategy", "max_seq_length"),
    ),
)
"""Keys by which a method is known, since the config itself does not name it: the command does."""


_SAMPLING: Final = frozenset({"grpo", "rloo", "distillation"})
"""Methods that sample completions of whole prompts, which no length cuts."""

_GENERATIONS: Final = {"grpo": 8, "rloo": 2}
"""Completions of a prompt where the config does not say how many. Source: TRL 1.16, grpo_config.py and rloo_config.py."""


def _detect(tree: Tree) -> float:
    there = tree.keys()
    if count_keys(tree, _FOREIGN) or "model_name_or_path" not in there:
        return 0.0
    own, arguments = count_keys(tree, _OWN), count_keys(tree, _ARGUMENTS)
    if "datasets" in there or "dataset" in there:
        own += 1
    return own + arguments if own >= 1 and (arguments >= 3 or (own >= 2 and arguments >= 1)) else 0.0


_SAME: Final = (
    ("model", "model_name_or_path"),
    ("tokenizer", "tokenizer_name_or_path"),
    ("sequence_length", "max_length"),
    ("sequence_length", "max_seq_length"),
    ("packing", "packing"),
    ("lora_rank", "lora_r"),
    ("lora_alpha", "lora_alpha"),
    ("lora_dropout", "lora_dropout"),
    ("lora_targets", "lora_target_modules"),
    ("modules_to_save", "lora_modules_to_save"),
    ("dora", "use_dora"),
    ("rslora", "use_rslora"),
    ("beta", "beta"),
    ("generations", "num_generations"),
    ("completion_length", "max_completion_length"),
    ("template", "chat_template_path"),
    ("template", "chat_template"),
    ("pad_token", "pad_token"),
    ("eos_token", "eos_token"),
    ("streaming", "dataset_streaming"),
)


def _plan(config: Config) -> TrainingPlan:
    draft = Draft(config)
    take_arguments(draft)
    draft.take_all(_SAME)
    method = _method(config)
    draft.put("method", method)
    if config.get("use_peft") is not None:
        draft.put("tuning", "lora" if config.on("use_peft") else "full", "use_peft")
    for key, bits in (("load_in_4bit", 4), ("load_in_8bit", 8)):
        if config.on(key):
            draft.put("bits", bits, key)
    draft.put("attention", attention_of(config.get("attn_implementation")), "attn_implementation")
    draft.put("datasets", _datasets(config), "dataset_name", "datasets", "dataset_mixture", "dataset_id_or_path")
    precisions: dict[Any, Any] = {"bfloat16": "bf16", "float16": "fp16", "float32": "fp32"}
    if draft.get("bf16") is None and draft.get("fp16") is None:
        draft.put("precision", precisions.get(config.get("dtype") or config.get("torch_dtype")), "dtype", "torch_dtype")
    preference = method in {"dpo", "kto", "orpo"}
    return draft.finish(
        **DEFAULTS
        | {
            "tuning": "full",
            "learning_rate": {"sft": 2e-5, "dpo": 1e-6, "kto": 1e-6, "grpo": 1e-6, "rloo": 1e-6, "reward": 1e-4}.get(
                method or "sft"
            ),
            "lora_rank": 16,
            "lora_alpha": 32.0,
            "lora_dropout": 0.05,
            "overlong": "truncate",
            "packing": False,
            "checkpointing": True,
            "loss_kernel": "plain" if method in {"kto", "orpo"} else "chunked",
            **({"beta": 0.1} if preference else {}),
            **({"completion_length": 512} if method in _SAMPLING else {"sequence_length": 1024}),
            **({"generations": _GENERATIONS[method]} if method in _GENERATIONS else {}),
        }
    )


def _method(config: Config) -> str | None:
    """Return the method: by keys that only it has, else by a word in the file's path."""
    for method, marks in _MARKS:
        if any(config.said(mark) for mark in marks):
            return method
    words = re.split(r"[^a-z]+", config.name.casefold())
    return next((method for method in _METHODS if method in words), None)


def _datasets(config: Config) -> tuple[DatasetRef, ...]:
    found = [
        DatasetRef(name=config.text(key), at=(key,), kind="either", split=config.text("dataset_train_split") or None)
        for key in ("dataset_name", "dataset_id_or_path")
        if config.text(key)
    ]
    for key in ("datasets", "dataset_mixture.datasets"):
        for path, one in config.items(key):
            if isinstance(one, dict):
                step = "path" if isinstance(one.get("path"), str) else "id"
                if isinstance(one.get(step), str):
                    files = names_of(one.get("data_files")) or ()
                    split = one.get("split") if isinstance(one.get("split"), str) else None
                    found.append(DatasetRef(name=one[step], at=(*path, step), kind="either", files=files, split=split))
    return tuple(found)


def _conflicts(config: Config) -> Iterator[Conflict]:
    yield from argument_conflicts(config)
    for key in ("load_in_4bit", "load_in_8bit"):
        if config.on(key) and config.off("use_peft"):
            yield Conflict(
                "TRN008",
                to_path(key),
                f"{key} without use_peft: quantised weights cannot be trained",
                "set use_peft: true, or load the model unquantised",
                also=(to_path("use_peft"),),
            )
    if config.on("load_in_4bit") and config.on("load_in_8bit"):
        yield Conflict(
            "TRN007",
            to_path("load_in_8bit"),
            "load_in_4bit and load_in_8bit are both on",
            "keep one of the two",
            also=(to_path("load_in_4bit"),),
        )
    losses, weights = config.get("loss_type"), config.get("loss_weights")
    if isinstance(weights, list):
        count = len(losses) if isinstance(losses, list) else 1
        if count != len(weights):
            yield Conflict(
                "TRN018",
                to_path("loss_weights"),
                f"{len(weights)} weights for {count} losses",
                "give each loss one weight",
                also=(to_path("loss_type"),),
            )
    length = config.entry("max_length")
    if config.on("packing") and length is not None and config.get("max_length") is None:
        yield Conflict(
            "TRN009",
            to_path("packing"),
            "packing wants a max_length, and it is null",
            "it is the length that examples are packed into",
            also=(to_path("max_length"),),
        )
    if config.on("padding_free") and not config.on("packing") and config.number("max_length") is not None:
        yield Conflict(
            "TRN018",
            to_path("padding_free"),
            "padding_free with max_length, and no packing, is refused",
            "set max_length: null, or packing: true",
            also=(to_path("max_length"),),
        )
    yield from _of_groups(config)
    saved = names_of(config.get("lora_target_modules")) or ()
    if config.on("use_peft") and config.on("use_liger_kernel") and "lm_head" in saved:
        yield Conflict(
            "TRN018",
            to_path("lora_target_modules"),
            "an adapter on lm_head does not work with use_liger_kernel",
            "take lm_head out",
            also=(to_path("use_liger_kernel"),),
        )


def _of_groups(config: Config) -> Iterator[Conflict]:
    """Yield batches that do not hold whole groups of completions, as GRPOConfig and RLOOConfig count them."""
    method = config.plan.method
    size = config.number("num_generations") or _GENERATIONS.get(method or "")
    if method not in {"grpo", "rloo"} or size is None or size % 1:
        return
    if size < 2:
        message = f"num_generations: {plain(size)} leaves nothing to compare"
        yield Conflict("TRN006", to_path("num_generations"), message, f"{method.upper()} wants 2 at least")
        return
    if config.said("generation_batch_size", "steps_per_generation") and config.has(
        "generation_batch_size", "steps_per_generation"
    ):
        message = "generation_batch_size and steps_per_generation exclude each other"
        yield Conflict(
            "TRN006", to_path("steps_per_generation"), message, "keep one of the two", also=(("generation_batch_size",),)
        )
        return
    whole = config.number("generation_batch_size")
    if whole is not None and whole % size:
        message = f"generation_batch_size: {plain(whole)} does not divide into groups of {plain(size)}"
        yield Conflict("TRN006", to_path("generation_batch_size"), message, "make it a multiple of num_generations")
    elif whole is None:
        steps = config.number("steps_per_generation") or config.number("gradient_accumulation_steps") or 1
        batch = (config.number("per_device_train_batch_size") or 8) * steps
        key = next((one for one in ("num_generations", "per_device_train_batch_size") if config.has(one)), "")
        yield from _ungrouped(batch, size, key, "trains on")
    if strategy_word(config.get("eval_strategy", "no")) != "no":
        batch = config.number("per_device_eval_batch_size") or 8
        key = next((one for one in ("per_device_eval_batch_size", "eval_strategy") if config.has(one)), "")
        yield from _ungrouped(batch, config.number("num_generations_eval") or size, key, "evaluates")


def _ungrouped(batch: float, size: float, key: str, what: str) -> Iterator[Conflict]:
    """Yield a batch of one GPU that does not hold whole groups; on some numbers of GPUs it may still come out."""
    if batch % 1 or size % 1 or not key or batch <= 0 or size <= 0:
        return
    gpus = int(size) // math.gcd(int(batch), int(size))
    if gpus > 1:
        count = f"{plain(batch)} completion{'s' if batch > 1 else ''}"
        message = f"a GPU {what} {count} at once, which is no whole group of {plain(size)}"
        yield Conflict(
            "TRN006",
            to_path(key),
            message[:120],
            f"TRL starts on {gpus} GPUs or a multiple of that only: make the batch a multiple of num_generations, or that smaller",
            Severity.INFORMATION if gpus in {2, 4, 8} else Severity.WARNING,
        )


def _is_for_a_script(config: Config) -> bool:
    """Tell whether a script of one's own reads the config: it has such scripts' keys, or nothing that the command could train on."""
    named = config.said("dataset_name") or config.entry("datasets") is not None
    return count_keys(config.tree, _SCRIPTS) > 0 or not named


TRAINER = Trainer(
    name="trl",
    title="TRL",
    version="1.16",
    table="trl",
    detect=_detect,
    plan=_plan,
    required=(Required(("model_name_or_path",), "it is the model that is trained"),),
    conflicts=_conflicts,
    open_keys=_is_for_a_script,
)
