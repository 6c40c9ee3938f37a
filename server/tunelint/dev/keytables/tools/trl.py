"""TRL's commands: a config class each, joined with the script's, the model's and the inherited arguments."""

from collections.abc import Iterator
from functools import partial
from typing import Final

import msgspec
from msgspec import UNSET

from tunelint.dev.keytables.classes import Field, Reader
from tunelint.dev.keytables.history import Fields, commands, history, join
from tunelint.dev.keytables.shapes import Shape
from tunelint.dev.keytables.shelf import Shelf, Table, free, or_one
from tunelint.dev.keytables.tools.accelerate import launch_arguments
from tunelint.dev.keytables.tools.transformers import inherited_arguments

_SINCE: Final = "0.9"
_COMMANDS: Final = {
    "sft": "SFTConfig",
    "dpo": "DPOConfig",
    "kto": "KTOConfig",
    "grpo": "GRPOConfig",
    "reward": "RewardConfig",
    "rloo": "RLOOConfig",
    "distillation": "DistillationConfig",
}
_SHARED: Final = (
    "trl.scripts.utils.ScriptArguments",
    "trl.scripts.utils.DatasetMixtureConfig",
    "trl.trainer.model_config.ModelConfig",
    "trl.commands.cli_utils.SFTScriptArguments",
)


def build(shelf: Shelf) -> Table:
    """Read the releases from 0.9 on."""
    own = {command: history(shelf.read("trl", _SINCE, partial(_config, command=command))) for command in _COMMANDS}
    shared = history(shelf.read("trl", _SINCE, _shared))
    base = join(shared, inherited_arguments(shelf, shelf.newest("trl")))
    launch = history([("", dict(_launch(Reader(shelf.newest("accelerate")))))])
    base |= {name: entry for name, entry in launch.items() if name not in base or base[name].until}
    return Table(
        commands(own, base),
        tuple(shelf.versions("trl", _SINCE)),
        strict=True,
        source="dataclasses of the published packages, and of those releases of transformers that the newest one admits; "
        "arguments of `accelerate launch`",
    )


def _launch(reader: Reader) -> Iterator[tuple[str, Field]]:
    """Yield what the commands hand on to `accelerate launch`: its arguments, and a key that names one of its configs."""
    yield "accelerate_config", Field(Shape(("string",)), None)
    for _, name, field in launch_arguments(reader):
        if name != "help":
            yield name, msgspec.structs.replace(field, default=UNSET)


def _config(reader: Reader, *, command: str) -> Fields:
    """Return a command's own keys. Old names of packing strategies still pass, though only the new ones are listed."""
    name = _COMMANDS[command]
    places = (
        f"trl.trainer.{command}_config.{name}",
        f"trl.experimental.{command}.{command}_config.{name}",
        f"trl.trainer.{name}",
    )
    found: dict[str, Field] = {}
    for place in places:
        if reader.find(place) is not None:
            found = reader.keys(place)
            break
    if (packing := found.get("packing_strategy")) is not None:
        found["packing_strategy"] = msgspec.structs.replace(packing, shape=msgspec.structs.replace(packing.shape, loose=True))
    script = f"trl.scripts.{command}.{name.removesuffix('Config')}ScriptArguments"
    if reader.find(script) is not None:
        found |= reader.keys(script)
    return or_one(found)


def _shared(reader: Reader) -> Fields:
    found = free("env")
    for path in _SHARED:
        if reader.find(path) is not None:
            found |= or_one(reader.keys(path))
    return found
