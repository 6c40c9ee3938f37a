"""torchtune: YAML of components, each with the dotted path of what is built, read through OmegaConf.

What stands beside a `_component_` are its arguments, and one that it does not take stops the run. Beside the components a config may
hold anything: variables for `${…}`, and keys of recipes of one's own. Of those only what is nearly a key of torchtune's recipes is
worth a word; nothing else can be called wrong.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from tunelint.core.finding import Severity
from tunelint.core.plan import DatasetRef, TrainingPlan
from tunelint.text.tree import Tree
from tunelint.trainers._torchtune_checks import component_conflicts
from tunelint.trainers.base import Config, Conflict, Draft, Trainer, names_of, to_path

__all__ = ["TRAINER"]

_COMPONENT: Final = re.compile(r"_component_\s*[\"']?\s*:\s*[\"']?(?:torchtune\.|torch\.optim|bitsandbytes\.)")

_SAME: Final = (
    ("model", "checkpointer.checkpoint_dir"),
    ("tokenizer", "tokenizer.path"),
    ("learning_rate", "optimizer.lr"),
    ("weight_decay", "optimizer.weight_decay"),
    ("optimizer", "optimizer._component_"),
    ("scheduler", "lr_scheduler._component_"),
    ("warmup_steps", "lr_scheduler.num_warmup_steps"),
    ("max_grad_norm", "clip_grad_norm"),
    ("epochs", "epochs"),
    ("max_steps", "max_steps_per_epoch"),
    ("micro_batch", "batch_size"),
    ("accumulation", "gradient_accumulation_steps"),
    ("sequence_length", "tokenizer.max_seq_len"),
    ("packing", "dataset.packed"),
    ("checkpointing", "enable_activation_checkpointing"),
    ("activation_offload", "enable_activation_offloading"),
    ("lora_rank", "model.lora_rank"),
    ("lora_alpha", "model.lora_alpha"),
    ("lora_dropout", "model.lora_dropout"),
    ("dora", "model.use_dora"),
    ("beta", "loss.beta"),
    ("trains_on_prompt", "dataset.train_on_input"),
    ("seed", "seed"),
)

_LOSSES: Final = (
    ("grpo", "grpo"),
    ("ppo", "ppo"),
    ("dpo", "dpo"),
    ("rso", "dpo"),
    ("kd", "distillation"),
    ("crossentropy", "sft"),
)
"""Words in the names of losses, in lower case, with the method that they belong to."""


def _detect(tree: Tree) -> float:
    return 50.0 if _COMPONENT.search(tree.text) is not None else 0.0


def _plan(config: Config) -> TrainingPlan:
    draft = Draft(config)
    draft.take_all(_SAME)
    model = config.text("model._component_")
    loss = config.text("loss._component_").casefold()
    adapter = any(word in model for word in ("lora_", "qlora_"))
    if model:
        draft.put("tuning", "lora" if adapter else "full", "model._component_")
        if "qlora_" in model:
            draft.put("bits", 4, "model._component_")
    named = next((method for word, method in _LOSSES if word in loss), None)
    draft.put("method", named, "loss._component_")
    if "chunked" in loss or "linearcrossentropy" in loss:
        draft.put("loss_kernel", "chunked", "loss._component_")
    targets = list(names_of(config.get("model.lora_attn_modules")) or ())
    if targets and config.on("model.apply_lora_to_mlp"):
        targets += ["w1", "w2", "w3"]
    draft.put("lora_targets", tuple(targets) or None, "model.lora_attn_modules")
    precisions: dict[Any, Any] = {"bf16": "bf16", "fp16": "fp16", "fp32": "fp32"}
    draft.put("precision", precisions.get(config.text("dtype")), "dtype")
    draft.put("datasets", _datasets(config), "dataset")
    return draft.finish(
        overlong="truncate", loss_kernel="plain", packing=False, accumulation=1, **({"beta": 0.1} if "dpo" in loss else {})
    )


def _datasets(config: Config) -> tuple[DatasetRef, ...]:
    section = config.get("dataset")
    entries = (
        config.items("dataset") if isinstance(section, list) else [(("dataset",), section)] if isinstance(section, dict) else []
    )
    found = []
    for path, one in entries:
        source = one.get("source") if isinstance(one, dict) else None
        if not isinstance(source, str):
            continue
        files = names_of(one.get("data_files")) or ()
        split = one.get("split") if isinstance(one.get("split"), str) else None
        shape = one.get("_component_") if isinstance(one.get("_component_"), str) else None
        local = source in {"json", "csv", "text", "parquet"}
        if local and files:
            found += [DatasetRef(name=name, at=(*path, "data_files"), kind="file", split=split, shape=shape) for name in files]
        elif not local:
            found.append(DatasetRef(name=source, at=(*path, "source"), kind="either", files=files, split=split, shape=shape))
    return tuple(found)


def _conflicts(config: Config) -> Iterator[Conflict]:
    yield from component_conflicts(config)
    length = config.entry("tokenizer.max_seq_len")
    if config.on("dataset.packed") and length is not None and config.get("tokenizer.max_seq_len") is None:
        yield Conflict(
            "TRN009",
            to_path("dataset.packed"),
            "packed wants tokenizer.max_seq_len, and it is null",
            "it is the length that examples are packed into",
            also=(to_path("tokenizer.max_seq_len"),),
        )
    if config.on("enable_activation_offloading") and config.off("enable_activation_checkpointing"):
        yield Conflict(
            "TRN018",
            to_path("enable_activation_offloading"),
            "enable_activation_offloading wants enable_activation_checkpointing",
            "the recipe refuses to start like this",
            also=(to_path("enable_activation_checkpointing"),),
        )
    if config.on("optimizer_in_bwd"):
        if config.get("clip_grad_norm") is not None:
            yield Conflict(
                "TRN018",
                to_path("clip_grad_norm"),
                "clip_grad_norm does not work with optimizer_in_bwd",
                "gradients are gone before they could be clipped",
                also=(to_path("optimizer_in_bwd"),),
            )
        if (config.number("gradient_accumulation_steps") or 1) > 1:
            yield Conflict(
                "TRN018",
                to_path("gradient_accumulation_steps"),
                "gradient accumulation does not work with optimizer_in_bwd",
                "set gradient_accumulation_steps: 1",
                also=(to_path("optimizer_in_bwd"),),
            )
    if config.on("model.apply_lora_to_output") and "3_2" in config.text("model._component_"):
        yield Conflict(
            "TRN018",
            to_path("model.apply_lora_to_output"),
            "apply_lora_to_output does not work with tied embeddings",
            "the output layer of this model is its embedding",
            Severity.WARNING,
        )


TRAINER = Trainer(
    name="torchtune",
    title="torchtune",
    version="0.6.1",
    table="torchtune",
    detect=_detect,
    plan=_plan,
    syntaxes=frozenset({"yaml"}),
    loader="omegaconf",
    refuses_repeated_keys=True,
    conflicts=_conflicts,
    drops_near_misses_only=True,
)
