"""torchtitan: TOML in tables."""

from tunelint.core.plan import TrainingPlan
from tunelint.text.tree import Tree
from tunelint.trainers.base import Config, Draft, Trainer, has_mapping

__all__ = ["TRAINER"]

_SAME = (
    ("model", "model.flavor"),
    ("learning_rate", "optimizer.lr"),
    ("optimizer", "optimizer.name"),
    ("micro_batch", "training.local_batch_size"),
    ("micro_batch", "training.batch_size"),
    ("global_batch", "training.global_batch_size"),
    ("sequence_length", "training.seq_len"),
    ("max_steps", "training.steps"),
    ("max_grad_norm", "training.max_norm"),
    ("warmup_steps", "lr_scheduler.warmup_steps"),
    ("seed", "training.seed"),
)


def _detect(tree: Tree) -> float:
    training = has_mapping(tree, "training", "seq_len", "local_batch_size", "max_norm", "steps")
    rest = (
        has_mapping(tree, "optimizer", "lr")
        + has_mapping(tree, "model")
        + has_mapping(tree, "parallelism")
        + has_mapping(tree, "job")
    )
    return 10.0 + rest if training and rest >= 2 else 0.0


def _plan(config: Config) -> TrainingPlan:
    draft = Draft(config)
    draft.take_all(_SAME)
    return draft.finish(method="pretraining", tuning="full", packing=True)


TRAINER = Trainer(
    name="torchtitan",
    title="torchtitan",
    detect=_detect,
    plan=_plan,
    syntaxes=frozenset({"toml"}),
    loader="toml",
)
