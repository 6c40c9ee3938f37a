"""The body of a supervised fine-tuning job of Fireworks, in JSON or as firectl's YAML."""

from tunelint.core.plan import TrainingPlan
from tunelint.text.tree import Tree
from tunelint.trainers.base import Config, Draft, Required, Trainer, count_keys

__all__ = ["TRAINER"]

_SAME = (
    ("model", "baseModel"),
    ("epochs", "epochs"),
    ("learning_rate", "learningRate"),
    ("warmup_steps", "learningRateWarmupSteps"),
    ("lora_rank", "loraRank"),
    ("sequence_length", "maxContextLength"),
    ("accumulation", "gradientAccumulationSteps"),
    ("weight_decay", "optimizerWeightDecay"),
)
_MARKS = (
    "baseModel",
    "outputModel",
    "warmStartFrom",
    "loraRank",
    "learningRate",
    "maxContextLength",
    "evaluationDataset",
    "epochs",
)


def _detect(tree: Tree) -> float:
    if "dataset" not in tree.keys():  # noqa: SIM118  a method, not a mapping
        return 0.0
    marks = count_keys(tree, _MARKS)
    return 10.0 + marks if marks >= 2 and count_keys(tree, ("baseModel", "outputModel", "warmStartFrom")) else 0.0


def _plan(config: Config) -> TrainingPlan:
    draft = Draft(config)
    draft.take_all(_SAME)
    draft.uploaded("dataset", "evaluationDataset")
    if config.on("evalAutoCarveout"):
        draft.put("evaluation_strategy", "steps", "evalAutoCarveout")
    draft.values["hosted"] = True
    return draft.finish(method="sft", tuning="lora")


TRAINER = Trainer(
    name="fireworks",
    title="Fireworks",
    table="fireworks",
    detect=_detect,
    plan=_plan,
    required=(Required(("baseModel", "warmStartFrom"), "one of them names the model that is trained"),),
)
