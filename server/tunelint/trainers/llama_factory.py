"""LLaMA-Factory: one flat YAML or JSON for five groups of arguments, read through OmegaConf; datasets are names of a registry."""

from collections.abc import Iterator
from typing import Any, Final

from tunelint.core.finding import Severity
from tunelint.core.plan import DatasetRef, TrainingPlan
from tunelint.text.distance import within
from tunelint.text.tree import Tree
from tunelint.trainers._attention import attention_of
from tunelint.trainers._huggingface import DEFAULTS, argument_conflicts, take_arguments
from tunelint.trainers.base import Config, Conflict, Draft, Required, Trainer, count_keys, names_of, to_path

__all__ = ["TRAINER"]

_STAGES: Final = {"pt": "pretraining", "sft": "sft", "rm": "reward", "ppo": "ppo", "dpo": "dpo", "kto": "kto"}
_OWN: Final = (
    "finetuning_type", "cutoff_len", "dataset_dir", "template", "lora_target", "quantization_bit", "pref_beta", "pref_loss",
    "neat_packing", "mask_history", "train_on_prompt", "export_dir", "adapter_name_or_path", "infer_backend", "val_size",
    "flash_attn", "plot_loss", "lora_rank", "max_samples",
)  # fmt: skip
_ONLY_LORA: Final = ("use_rslora", "use_dora", "pissa_init", "loraplus_lr_ratio")
_EXCLUSIVE: Final = ("use_galore", "use_apollo", "use_badam")
_ONLY_SFT: Final = ("predict_with_generate", "neat_packing", "train_on_prompt", "mask_history")


def _detect(tree: Tree) -> float:
    there = tree.keys()
    if count_keys(tree, ("base_model", "model", "_component_")):
        return 0.0
    if "task" in there and not count_keys(tree, ("stage", "do_train", "output_dir")):
        return 0.0  # for the benchmarks of older releases, which trained nothing
    own = count_keys(tree, _OWN)
    stage = there.get("stage")
    staged = stage is not None and stage.scalar and (stage.text in _STAGES or "finetuning_type" in there)
    if staged and (own or "model_name_or_path" in there):
        return own + 3.0
    if "model_name_or_path" in there or "finetuning_type" in there or "dataset" in there:
        return own + 1.0 if own >= 2 else 0.0
    return 0.0


_SAME: Final = (
    ("model", "model_name_or_path"),
    ("bits", "quantization_bit"),
    ("sequence_length", "cutoff_len"),
    ("packing", "packing"),
    ("lora_rank", "lora_rank"),
    ("lora_alpha", "lora_alpha"),
    ("lora_dropout", "lora_dropout"),
    ("modules_to_save", "additional_target"),
    ("dora", "use_dora"),
    ("rslora", "use_rslora"),
    ("beta", "pref_beta"),
    ("trains_on_prompt", "train_on_prompt"),
    ("template", "template"),
    ("evaluation_share", "val_size"),
    ("streaming", "streaming"),
)


def _plan(config: Config) -> TrainingPlan:
    draft = Draft(config)
    take_arguments(draft)
    draft.take_all(_SAME)
    stage = config.text("stage")
    loss = config.text("pref_loss")
    method = _STAGES.get(stage)
    if stage == "dpo" and loss in {"orpo", "simpo", "ipo"}:
        method = loss
    draft.put("method", method, "stage")
    kind = config.text("finetuning_type")
    tunings: dict[str, Any] = {"lora": "lora", "full": "full", "freeze": "freeze", "oft": "other"}
    draft.put("tuning", tunings.get(kind), "finetuning_type")
    targets = names_of(config.get("lora_target"))
    draft.put("lora_targets", ("all-linear",) if targets == ("all",) else targets, "lora_target")
    draft.put(
        "attention",
        {"fa2": "flash", "auto": None}.get(config.text("flash_attn"), attention_of(config.get("flash_attn"))),
        "flash_attn",
    )
    off = config.get("disable_gradient_checkpointing")
    if off is not None:
        draft.put("checkpointing", not config.on("disable_gradient_checkpointing"), "disable_gradient_checkpointing")
    if config.on("neat_packing"):
        draft.put("packing", True, "neat_packing")
    if config.said("new_special_tokens", "add_tokens", "add_special_tokens"):
        tokens = [names_of(config.get(key)) or () for key in ("new_special_tokens", "add_tokens", "add_special_tokens")]
        draft.put(
            "added_tokens",
            tuple(token for some in tokens for token in some),
            "new_special_tokens",
            "add_tokens",
            "add_special_tokens",
        )
    if config.on("enable_liger_kernel"):
        draft.put("loss_kernel", "fused", "enable_liger_kernel")
    draft.put("datasets", _datasets(config, "dataset", "train"), "dataset")
    draft.put("evaluation_datasets", _datasets(config, "eval_dataset", "evaluation"), "eval_dataset")
    rank = draft.get("lora_rank") or 8
    if stage == "ppo":
        draft.take("completion_length", "max_new_tokens")
    defaults = {
        **DEFAULTS,
        **({"completion_length": 1024} if stage == "ppo" else {}),
        "method": "sft",
        "tuning": "lora",
        "lora_rank": 8,
        "lora_alpha": 2.0 * rank,
        "lora_dropout": 0.0,
        "lora_targets": ("all-linear",),
        "sequence_length": 2048,
        "overlong": "truncate",
        "packing": stage == "pt",
        "checkpointing": True,
        "trains_on_prompt": False,
        "evaluation_share": 0.0,
        "beta": 0.1,
    }
    return draft.finish(**defaults)


def _datasets(config: Config, key: str, role: Any) -> tuple[DatasetRef, ...]:
    """Return the datasets of a list, or of a text with commas; names are entries of the registry in ``dataset_dir``."""
    value = config.get(key)
    items = config.items(key) if isinstance(value, list) else [((key,), name) for name in names_of(value) or ()]
    online = config.text("dataset_dir").startswith(("ONLINE", "REMOTE:"))
    return tuple(
        DatasetRef(name=name.strip(), at=path, kind="hub" if online else "registry", role=role)
        for path, name in items
        if isinstance(name, str) and name.strip()
    )


def _conflicts(config: Config) -> Iterator[Conflict]:
    yield from argument_conflicts(config)
    yield from _of_lengths(config)
    yield from _of_template(config)
    yield from _of_stage(config)
    yield from _of_tuning(config)
    yield from _of_data(config)
    yield from _of_devices(config)


def _bad(code: str, key: str, message: str, help_line: str, *also: str) -> Conflict:
    return Conflict(code, to_path(key), message, help_line, also=tuple(map(to_path, also)))


def _of_stage(config: Config) -> Iterator[Conflict]:
    stage = config.text("stage") or "sft"
    if stage not in _STAGES:
        yield _bad(
            "CFG004",
            "stage",
            f"stage is {stage!r}, and there are {', '.join(_STAGES)}",
            "LLaMA-Factory finds out late, when the model is loaded already",
        )
        return
    for key in _ONLY_SFT:
        if config.on(key) and stage != "sft":
            yield _bad(
                "TRN009" if key == "neat_packing" else "TRN018",
                key,
                f"{key} is for stage sft only, not {stage}",
                "LLaMA-Factory refuses to start like this",
                "stage",
            )
    if config.on("mask_history") and config.on("train_on_prompt"):
        yield _bad(
            "TRN018",
            "mask_history",
            "mask_history and train_on_prompt exclude each other",
            "the one learns from the last answer only, the other from everything",
            "train_on_prompt",
        )
    if config.on("load_best_model_at_end") and stage in {"rm", "ppo"}:
        yield _bad(
            "TRN010", "load_best_model_at_end", f"load_best_model_at_end does not work with stage {stage}", "remove it", "stage"
        )
    smoothing = config.number("dpo_label_smoothing")
    loss = config.text("pref_loss") or "sigmoid"
    if smoothing is not None and smoothing > 1e-6 and loss != "sigmoid":
        yield _bad(
            "TRN018",
            "dpo_label_smoothing",
            f"dpo_label_smoothing is for pref_loss sigmoid only, not {loss}",
            "set it to 0",
            "pref_loss",
        )
    if config.on("predict_with_generate") and config.on("compute_accuracy"):
        yield _bad(
            "TRN018",
            "predict_with_generate",
            "predict_with_generate and compute_accuracy exclude each other",
            "keep one of the two",
            "compute_accuracy",
        )


def _of_tuning(config: Config) -> Iterator[Conflict]:
    kind = config.text("finetuning_type") or "lora"
    quantised = config.said("quantization_bit")
    if quantised and kind not in {"lora", "oft"}:
        yield _bad(
            "TRN008",
            "quantization_bit",
            f"quantization_bit with finetuning_type: {kind}: quantised weights cannot be trained",
            "set finetuning_type: lora, or remove quantization_bit",
            "finetuning_type",
        )
    for key in ("resize_vocab", "pissa_init"):
        if quantised and config.on(key):
            yield _bad("TRN018", key, f"{key} does not work on a quantised model", "remove quantization_bit", "quantization_bit")
    adapters = names_of(config.get("adapter_name_or_path")) or ()
    if quantised and len(adapters) > 1 and not config.on("create_new_adapter"):
        yield _bad(
            "TRN018",
            "adapter_name_or_path",
            "a quantised model takes one adapter only",
            "merge the adapters first",
            "quantization_bit",
        )
    if adapters and kind not in {"lora", "oft"}:
        yield _bad(
            "TRN018",
            "adapter_name_or_path",
            f"adapter_name_or_path is for adapters, and finetuning_type is {kind}",
            "set finetuning_type: lora",
            "finetuning_type",
        )
    for key in _ONLY_LORA:
        if (config.on(key) or (key.endswith("ratio") and config.said(key))) and kind != "lora":
            yield _bad("TRN018", key, f"{key} is for finetuning_type: lora only, not {kind}", "remove it", "finetuning_type")
    exclusive = [key for key in _EXCLUSIVE if config.on(key)]
    if len(exclusive) > 1:
        yield _bad("TRN018", exclusive[1], f"{' and '.join(exclusive)} exclude each other", "keep one of them", *exclusive[:1])
    elif exclusive and kind == "lora":
        yield _bad(
            "TRN018",
            exclusive[0],
            f"{exclusive[0]} does not work with finetuning_type: lora",
            "set finetuning_type: full",
            "finetuning_type",
        )
    elif exclusive and config.said("deepspeed") and not (exclusive == ["use_badam"] and config.plan.sharding == "zero3"):
        yield _bad("TRN018", exclusive[0], f"{exclusive[0]} does not work with deepspeed", "remove one of the two", "deepspeed")
    if (config.on("fp8") or config.on("enable_fp8_all_gather")) and quantised:
        yield _bad(
            "TRN018", "fp8", "fp8 training does not work on a quantised model", "remove quantization_bit", "quantization_bit"
        )


def _of_lengths(config: Config) -> Iterator[Conflict]:
    if config.said("max_length") and config.on("do_train") and not config.said("cutoff_len"):
        yield Conflict(
            "TRN018",
            ("max_length",),
            "max_length is for generation; training cuts examples at cutoff_len, which keeps its default 2048",
            "set cutoff_len to the length that is meant",
            Severity.WARNING,
        )
    share = config.number("val_size")
    kept = "eval_dataset" if config.said("eval_dataset") else "val_size" if share and share > 1e-6 else ""
    never = config.get("eval_strategy", config.get("evaluation_strategy", "no")) in ("no", False)
    if kept and never and config.on("do_train") and not config.on("do_eval"):
        yield Conflict(
            "TRN010",
            (kept,),
            f"{kept} keeps examples apart, and nothing evaluates them: eval_strategy is {'missing' if not config.has('eval_strategy') else 'no'}",
            "set eval_strategy: steps, or train on them too",
            Severity.WARNING,
        )


def _of_template(config: Config) -> Iterator[Conflict]:
    """Yield a template that the newest release does not have; one that has a plug or came since cannot be known."""
    name = config.text("template")
    key = config.key(("template",))
    names = [str(one) for one in (key.enum if key is not None else None) or ()]
    if name and names and name not in names and "${" not in name:
        near = [one for one in names if within(name.casefold(), one, 2 if len(name) > 5 else 1)]
        meant = f"; {near[0]} is probably meant" if len(near) == 1 else ""
        yield Conflict(
            "TRN019",
            ("template",),
            f"LLaMA-Factory 0.9.5 has no template {name!r}{meant}"[:120],
            "it stops when the data are read: take the template of the model's family",
            Severity.WARNING,
        )


def _of_data(config: Config) -> Iterator[Conflict]:
    share = config.number("val_size")
    if config.on("streaming"):
        if (config.number("max_steps") or -1) <= 0 and config.on("do_train"):
            yield _bad(
                "TRN018",
                "streaming",
                "streaming has no end: max_steps is missing",
                "a stream has no length, so the scheduler needs max_steps",
            )
        if share is not None and 1e-6 < share < 1:
            yield _bad(
                "TRN018",
                "val_size",
                f"val_size: {share:g} is a share, and a stream has no length",
                "give a number of examples",
                "streaming",
            )
        if config.said("max_samples"):
            yield _bad(
                "TRN018", "max_samples", "max_samples does not work with streaming", "remove it, or set max_steps", "streaming"
            )
    if share and share > 1e-6 and config.said("eval_dataset"):
        yield _bad(
            "TRN010",
            "val_size",
            "val_size and eval_dataset exclude each other",
            "remove val_size to evaluate on eval_dataset",
            "eval_dataset",
        )
    keys = (
        ("do_eval", "do_predict", "predict_with_generate")
        if (config.text("stage") or "sft") == "sft"
        else ("do_eval", "do_predict")
    )
    asks = next((key for key in keys if config.on(key)), "")
    if asks and not config.said("eval_dataset") and not (share and share > 1e-6):
        yield _bad(
            "TRN010", asks, f"{asks}, but there is no eval_dataset and no val_size", f"name evaluation data, or remove {asks}"
        )
    probabilities = names_of(config.get("interleave_probs"))
    strategy = config.text("mix_strategy") or "concat"
    if probabilities and strategy == "concat":
        yield _bad(
            "TRN018",
            "interleave_probs",
            "interleave_probs has no meaning with mix_strategy: concat",
            "set mix_strategy: interleave_under or interleave_over",
            "mix_strategy",
        )
    elif probabilities and len(probabilities) != len(config.plan.datasets) and config.plan.datasets:
        yield _bad(
            "TRN018",
            "interleave_probs",
            f"{len(probabilities)} probabilities for {len(config.plan.datasets)} datasets",
            "give each dataset one",
            "dataset",
        )


def _of_devices(config: Config) -> Iterator[Conflict]:
    if config.plan.sharding == "zero3":
        for key in ("pure_bf16", "use_unsloth", "use_kt", "predict_with_generate"):
            if config.on(key):
                yield _bad("TRN018", key, f"{key} does not work with DeepSpeed ZeRO-3", "use ZeRO-2, or turn it off", "deepspeed")
    if config.on("do_train") and config.on("use_galore") and not config.on("pure_bf16"):
        yield Conflict(
            "TRN018",
            ("use_galore",),
            "use_galore without pure_bf16 keeps a copy in full precision",
            "set pure_bf16: true, or the memory saved is lost again",
            Severity.INFORMATION,
        )


TRAINER = Trainer(
    name="llama-factory",
    title="LLaMA-Factory",
    version="0.9.5",
    table="llama-factory",
    detect=_detect,
    plan=_plan,
    loader="omegaconf",
    refuses_repeated_keys=True,
    required=(Required(("model_name_or_path",), "it is the model that is trained"),),
    conflicts=_conflicts,
)
