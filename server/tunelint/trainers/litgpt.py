"""LitGPT: YAML that jsonargparse hands to a fine-tuning command."""

from collections.abc import Iterator
from typing import Any

from tunelint.core.plan import DatasetRef, TrainingPlan
from tunelint.text.numbers import plain
from tunelint.text.tree import Tree
from tunelint.trainers.base import Config, Conflict, Draft, Trainer, count_keys, has_mapping, to_path

__all__ = ["TRAINER"]

_SAME = (
    ("model", "checkpoint_dir"),
    ("model", "model_name"),
    ("devices", "devices"),
    ("lora_rank", "lora_r"),
    ("lora_alpha", "lora_alpha"),
    ("lora_dropout", "lora_dropout"),
    ("global_batch", "train.global_batch_size"),
    ("micro_batch", "train.micro_batch_size"),
    ("warmup_steps", "train.lr_warmup_steps"),
    ("epochs", "train.epochs"),
    ("max_steps", "train.max_steps"),
    ("sequence_length", "train.max_seq_length"),
    ("max_grad_norm", "train.max_norm"),
    ("evaluation_steps", "eval.interval"),
    ("learning_rate", "optimizer.init_args.lr"),
    ("weight_decay", "optimizer.init_args.weight_decay"),
    ("optimizer", "optimizer.class_path"),
    ("trains_on_prompt", "data.init_args.mask_prompt"),
    ("evaluation_share", "data.init_args.val_split_fraction"),
    ("seed", "seed"),
)
_MOVED = {"learning_rate": "lr", "weight_decay": "weight_decay", "beta1": "betas", "beta2": "betas"}
"""What `train` held up to 0.3, by the argument of the optimizer that replaces it."""

_LORA = ("lora_query", "lora_key", "lora_value", "lora_projection", "lora_mlp", "lora_head")


def _detect(tree: Tree) -> float:
    if "_component_" in tree.text:
        return 0.0
    train = has_mapping(tree, "train", "global_batch_size", "micro_batch_size", "lr_warmup_steps", "max_seq_length")
    marks = count_keys(tree, ("checkpoint_dir", "out_dir", "precision", "quantize", "num_nodes", "logger_name", "lora_r", "eval"))
    return 10.0 + marks if train and marks >= 2 else 0.0


def _plan(config: Config) -> TrainingPlan:
    draft = Draft(config)
    draft.take_all(_SAME)
    if draft.get("trains_on_prompt") is not None:
        draft.values["trains_on_prompt"] = not draft.values["trains_on_prompt"]
    pretraining = config.has("model_name") and not config.has("checkpoint_dir")
    draft.put("method", "pretraining" if pretraining else "sft")
    draft.put("tuning", "lora" if config.has("lora_r") else "full", "lora_r")
    quantize = config.text("quantize")
    if quantize.startswith("bnb."):
        draft.put("bits", 8 if "int8" in quantize else 4, "quantize")
    precisions: dict[str, Any] = {
        "bf16-true": "bf16",
        "bf16-mixed": "bf16",
        "16-true": "fp16",
        "16-mixed": "fp16",
        "32-true": "fp32",
    }
    draft.put("precision", precisions.get(config.text("precision")), "precision")
    targets = tuple(key.removeprefix("lora_") for key in _LORA if config.on(key))
    draft.put("lora_targets", targets or None, *[key for key in _LORA if config.on(key)])
    kind = config.text("data.class_path")
    source = config.text("data.init_args.json_path")
    if source:
        draft.put(
            "datasets",
            (DatasetRef(name=source, at=to_path("data.init_args.json_path"), kind="file", shape=kind or None),),
            "data.init_args.json_path",
        )
    return draft.finish(packing=False, overlong="truncate", loss_kernel="chunked")


def _conflicts(config: Config) -> Iterator[Conflict]:
    for name, own in _MOVED.items():
        if config.has(f"train.{name}") and not config.takes_any_key:
            message = f"train.{name} is gone since LitGPT 0.4.0; write optimizer.init_args.{own}"
            way = "LitGPT refuses it when it starts: optimizer takes a class_path, such as torch.optim.AdamW, and its init_args"
            yield Conflict("CFG003", to_path(f"train.{name}"), message, way)
    whole, micro, devices = (config.number(key) for key in ("train.global_batch_size", "train.micro_batch_size", "devices"))
    if whole and micro and whole % (micro * (devices or 1)):
        parts = f"micro_batch_size {plain(micro)}" + (f" on {plain(devices)} devices" if devices and devices > 1 else "")
        yield Conflict(
            "TRN006",
            to_path("train.global_batch_size"),
            f"global_batch_size {plain(whole)} does not divide into {parts}",
            "LitGPT refuses a global batch that is no multiple of what the devices take at once",
            also=(to_path("train.micro_batch_size"), to_path("devices")),
        )


TRAINER = Trainer(
    name="litgpt",
    title="LitGPT",
    version="0.5.13",
    table="litgpt",
    detect=_detect,
    plan=_plan,
    syntaxes=frozenset({"yaml"}),
    loader="omegaconf",  # jsonargparse reads 1e-4 as a number too
    conflicts=_conflicts,
    open_keys=lambda config: not config.has("checkpoint_dir"),
)
