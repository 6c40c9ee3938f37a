"""The body of a model customization job of Amazon Bedrock."""

from collections.abc import Iterator

from tunelint.core.finding import Edit, Fix
from tunelint.core.plan import DatasetRef, TrainingPlan
from tunelint.text.tree import Tree
from tunelint.trainers.base import Config, Conflict, Draft, Required, Trainer, count_keys

__all__ = ["TRAINER"]

_SAME = (
    ("model", "baseModelIdentifier"),
    ("epochs", "hyperParameters.epochCount"),
    ("global_batch", "hyperParameters.batchSize"),
    ("learning_rate", "hyperParameters.learningRate"),
    ("warmup_steps", "hyperParameters.learningRateWarmupSteps"),
)
_MARKS = (
    "baseModelIdentifier",
    "customModelName",
    "roleArn",
    "jobName",
    "trainingDataConfig",
    "outputDataConfig",
    "customizationType",
)


def _detect(tree: Tree) -> float:
    marks = count_keys(tree, _MARKS)
    return (
        10.0 + marks
        if marks >= 3 and count_keys(tree, ("baseModelIdentifier", "customModelName", "trainingDataConfig")) >= 2
        else 0.0
    )


def _plan(config: Config) -> TrainingPlan:
    draft = Draft(config)
    draft.take_all(_SAME)
    draft.uploaded("trainingDataConfig.s3Uri", "validationDataConfig.s3Uri")
    validators = config.items("validationDataConfig.validators")
    found = [
        DatasetRef(name=one["s3Uri"], at=(*path, "s3Uri"), kind="hub", role="evaluation")
        for path, one in validators
        if isinstance(one, dict) and isinstance(one.get("s3Uri"), str)
    ]
    if found:
        draft.put("evaluation_datasets", tuple(found), "validationDataConfig")
    draft.values["hosted"] = True
    return draft.finish(method="pretraining" if config.text("customizationType") == "CONTINUED_PRE_TRAINING" else "sft")


def _conflicts(config: Config) -> Iterator[Conflict]:
    parameters = config.get("hyperParameters")
    for key, value in parameters.items() if isinstance(parameters, dict) else ():
        if isinstance(value, int | float):
            entry = config.entry(("hyperParameters", key))
            text = config.tree.text[entry.start : entry.end] if entry is not None else str(value)
            fix = Fix(f"put {text} in quotes", "safe", (Edit("replace", ("hyperParameters", key), text),))
            yield Conflict(
                "CFG004",
                ("hyperParameters", key),
                f"{key} is the number {text}, and Bedrock takes strings only",
                "every hyperparameter of Bedrock is a string",
                fix=fix,
            )


TRAINER = Trainer(
    name="bedrock",
    title="Amazon Bedrock",
    table="bedrock",
    detect=_detect,
    plan=_plan,
    required=tuple(
        Required((key,), "Bedrock refuses a job without it")
        for key in ("jobName", "customModelName", "roleArn", "baseModelIdentifier", "trainingDataConfig", "outputDataConfig")
    ),
    conflicts=_conflicts,
)
