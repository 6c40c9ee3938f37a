"""The TrainingArguments of transformers as a file of their own, which a script reads with ``HfArgumentParser.parse_json_file``."""

from typing import Final

from tunelint.core.plan import TrainingPlan
from tunelint.text.tree import Tree
from tunelint.trainers._huggingface import DEFAULTS, argument_conflicts, take_arguments
from tunelint.trainers.base import Config, Draft, Trainer, count_keys

__all__ = ["TRAINER"]

_OWN: Final = (
    "per_device_train_batch_size", "per_device_eval_batch_size", "num_train_epochs", "eval_strategy", "evaluation_strategy",
    "gradient_accumulation_steps", "lr_scheduler_type", "warmup_ratio", "save_total_limit", "logging_steps", "learning_rate",
)  # fmt: skip
_FOREIGN: Final = (
    "model_name_or_path", "base_model", "model", "model_id_or_path", "dataset", "datasets", "dataset_name", "data", "params", "train",
    "training", "task", "stage", "zero_optimization", "train_dataset", "dataset_mixer", "checkpoint_dir", "model_name", "_component_",
    "with_tracking", "rlhf_type", "tuner_type", "train_type",
)  # fmt: skip
_RECORDS: Final = (
    "log_on_each_node", "logging_nan_inf_filter", "ignore_data_skip", "skip_memory_metrics", "ddp_bucket_cap_mb", "length_column_name",
    "dataloader_persistent_workers", "prediction_loss_only", "hub_always_push", "label_names", "eval_delay", "push_to_hub_token",
)  # fmt: skip
"""Arguments that hardly anybody sets: a file with most of them is the record of a run, written by ``to_json_string``."""

_RECORDED: Final = 8


def _detect(tree: Tree) -> float:
    if count_keys(tree, _RECORDS) >= _RECORDED:
        return 0.0
    own = count_keys(tree, _OWN)
    return float(own) if own >= 4 and "output_dir" in tree.keys() and not count_keys(tree, _FOREIGN) else 0.0  # noqa: SIM118


def _plan(config: Config) -> TrainingPlan:
    draft = Draft(config)
    take_arguments(draft)
    return draft.finish(**DEFAULTS)


TRAINER = Trainer(
    name="training-arguments",
    title="transformers",
    version="5.23",
    table="transformers",
    detect=_detect,
    plan=_plan,
    conflicts=argument_conflicts,
    open_keys=lambda config: config.tree.syntax == "yaml",  # a script of one's own reads it, with arguments of its own
)
