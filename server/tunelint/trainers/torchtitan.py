"""torchtitan: TOML in tables, up to 0.2; later releases are configured in Python.

The file fills one dataclass, and a key that it does not have is refused. A module of one's own may add sections
(``job.custom_config_module``), as forks do: where there is a section that no release has, nothing is said of unknown keys.
"""

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


def _has_own_sections(config: Config) -> bool:
    """Tell whether a module of one's own, or a fork, reads the config; a misspelt section is none of one's own."""
    if config.said("job.custom_config_module", "experimental.custom_args_module", "experimental.custom_import"):
        return True
    keys = config.keys
    return keys is not None and any(not keys.knows(name) and keys.suggest(name) is None for name in (*config.tree.keys(),))


def _plan(config: Config) -> TrainingPlan:
    draft = Draft(config)
    draft.take_all(_SAME)
    return draft.finish(method="pretraining", tuning="full", packing=True)


TRAINER = Trainer(
    name="torchtitan",
    title="torchtitan",
    version="0.2.2",
    table="torchtitan",
    detect=_detect,
    plan=_plan,
    syntaxes=frozenset({"toml"}),
    loader="toml",
    open_keys=_has_own_sections,
)
