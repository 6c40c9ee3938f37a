"""mistral-finetune: one YAML whose data lines are validated before the run."""

from typing import Any

from tunelint.core.plan import DatasetRef, TrainingPlan
from tunelint.text.parse import Path
from tunelint.text.tree import Tree
from tunelint.trainers.base import Config, Draft, Required, Trainer, count_keys, has_mapping, to_path

__all__ = ["TRAINER"]

_SAME = (
    ("model", "model_id_or_path"),
    ("learning_rate", "optim.lr"),
    ("weight_decay", "optim.weight_decay"),
    ("warmup_ratio", "optim.pct_start"),
    ("max_steps", "max_steps"),
    ("micro_batch", "batch_size"),
    ("accumulation", "num_microbatches"),
    ("sequence_length", "seq_len"),
    ("max_grad_norm", "max_norm"),
    ("checkpointing", "checkpoint"),
    ("lora_rank", "lora.rank"),
    ("evaluation_steps", "eval_freq"),
    ("seed", "seed"),
)


def _detect(tree: Tree) -> float:
    marks = count_keys(tree, ("model_id_or_path", "run_dir", "seq_len", "no_eval", "ckpt_freq", "save_adapters", "max_steps"))
    data = has_mapping(tree, "data", "instruct_data", "eval_instruct_data") or has_mapping(tree, "optim", "lr", "pct_start")
    return 20.0 + marks if marks >= 2 and data and "_component_" not in tree.text else 0.0


def _plan(config: Config) -> TrainingPlan:
    draft = Draft(config)
    draft.take_all(_SAME)
    draft.put(
        "datasets",
        _files(config, "data.instruct_data", "train") + _files(config, "data.data", "train"),
        "data.instruct_data",
        "data.data",
    )
    draft.put("evaluation_datasets", _files(config, "data.eval_instruct_data", "evaluation"), "data.eval_instruct_data")
    if config.get("no_eval") is not None:
        draft.put("evaluation_strategy", "no" if config.on("no_eval") else "steps", "no_eval")
    return draft.finish(
        method="sft", tuning="lora", learning_rate=1e-4, weight_decay=0.1, warmup_ratio=0.05, max_steps=100, sequence_length=2048,
        lora_rank=64, checkpointing=True, evaluation_strategy="no", packing=True, accumulation=1, micro_batch=1, precision="bf16",
    )  # fmt: skip


def _files(config: Config, key: str, role: Any) -> tuple[DatasetRef, ...]:
    """Return the files of a text such as ``a.jsonl:0.7,b.jsonl:0.3``."""
    path: Path = to_path(key)
    names = [one.strip().partition(":")[0] for one in config.text(key).split(",")]
    return tuple(DatasetRef(name=name, at=path, kind="file", role=role) for name in names if name)


TRAINER = Trainer(
    name="mistral-finetune",
    title="mistral-finetune",
    table="mistral-finetune",
    detect=_detect,
    plan=_plan,
    syntaxes=frozenset({"yaml"}),
    required=(
        Required(("model_id_or_path",), "it is the model that is trained"),
        Required(("run_dir",), "the run is written there"),
    ),
)
