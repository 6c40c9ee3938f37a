"""ms-swift: a dataclass for each command, joined with the TrainingArguments that some inherit."""

from functools import partial
from typing import Final

from tunelint.dev.keytables.classes import Field, Reader
from tunelint.dev.keytables.history import Entry, Fields, commands, history, join
from tunelint.dev.keytables.shapes import Shape
from tunelint.dev.keytables.shelf import Shelf, Table, free, or_one
from tunelint.dev.keytables.tools.transformers import inherited_arguments

_SINCE: Final = "3.0"
_COMMANDS: Final = {
    "sft": ("swift.arguments.SftArguments", "swift.llm.argument.TrainArguments"),
    "rlhf": ("swift.arguments.RLHFArguments", "swift.llm.argument.RLHFArguments"),
    "infer": ("swift.arguments.InferArguments", "swift.llm.argument.InferArguments"),
    "export": ("swift.arguments.ExportArguments", "swift.llm.argument.ExportArguments"),
    "sample": ("swift.arguments.SamplingArguments", "swift.llm.argument.SamplingArguments"),
    "deploy": ("swift.arguments.DeployArguments", "swift.llm.argument.DeployArguments"),
    "eval": ("swift.arguments.EvalArguments", "swift.llm.argument.EvalArguments"),
    "megatron sft": ("swift.megatron.arguments.MegatronSftArguments", "swift.megatron.argument.MegatronTrainArguments"),
    "megatron rlhf": ("swift.megatron.arguments.MegatronRLHFArguments", "swift.megatron.argument.MegatronRLHFArguments"),
}
_INHERITING: Final = {"sft", "rlhf"}
_RAY: Final = "swift/ray/megatron/driver_utils.py"
"""Where `megatron rlhf` reads a file that shares out roles between machines: arguments of all, and of one role each."""

_ROLES: Final = ("train", "rollout", "teacher")


def build(shelf: Shelf) -> Table:
    """Read the releases from 3.0 on."""
    base = inherited_arguments(shelf, shelf.newest("ms-swift"), seq2seq=True)
    own: dict[str, dict[str, Entry]] = {}
    for command in _COMMANDS:
        mine = history(shelf.read("ms-swift", _SINCE, partial(_own, command=command)))
        own[command] = join(mine, base) if command in _INHERITING else mine
    return Table(
        commands(own, {}),
        tuple(shelf.versions("ms-swift", _SINCE)),
        strict=True,
        source="dataclasses of the published packages, and of those releases of transformers that the newest one admits",
    )


def _own(reader: Reader, *, command: str) -> Fields:
    path = next((path for path in _COMMANDS[command] if reader.find(path) is not None), None)
    if path is None:
        return {}
    found = {**or_one(reader.keys(path)), **free("ENV", "device_groups")}
    if command == "megatron rlhf" and _RAY in reader.package.texts:
        found |= free(*_ROLES) | {"colocate_groups": Field(Shape(("array",)), []), "nnodes": Field(Shape(("integer",)), 1)}
    return found
