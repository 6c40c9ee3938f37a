"""The body of a fine-tuning job of Azure: that of OpenAI, with the kind of place where it runs."""

from typing import Final

from tunelint.text.tree import Tree
from tunelint.trainers.base import Required, Trainer
from tunelint.trainers.openai import job_conflicts, job_plan

__all__ = ["TRAINER"]

KINDS: Final = ("Standard", "GlobalStandard", "DeveloperTier", "Developer")


def _detect(tree: Tree) -> float:
    there = tree.keys()
    return 12.0 if "training_file" in there and "trainingType" in there else 0.0


TRAINER = Trainer(
    name="azure",
    title="Azure",
    table="azure",
    detect=_detect,
    plan=job_plan,
    required=(
        Required(("model",), "it is the model that is trained"),
        Required(("training_file",), "there is nothing to train on"),
    ),
    conflicts=job_conflicts,
)
