"""litgpt: the arguments of its training functions, which jsonargparse fills from a config."""

from functools import partial
from typing import Final

from msgspec import UNSET

from tunelint.dev.keytables.classes import Field, Reader
from tunelint.dev.keytables.history import Fields, commands, history
from tunelint.dev.keytables.shapes import Shape
from tunelint.dev.keytables.shelf import Shelf, Table

_SINCE: Final = "0.4"
_COMMANDS: Final = {
    "finetune_lora": "litgpt.finetune.lora",
    "finetune_full": "litgpt.finetune.full",
    "finetune_adapter": "litgpt.finetune.adapter",
    "finetune_adapter_v2": "litgpt.finetune.adapter_v2",
    "pretrain": "litgpt.pretrain",
}
_OBJECT: Final = Shape(("object", "string", "null"), free=True)
"""A class and its arguments, `{class_path: …, init_args: …}`, or the class alone."""


def build(shelf: Shelf) -> Table:
    """Read the releases from 0.4 on."""
    own = {command: history(shelf.read("litgpt", _SINCE, partial(_own, command=command))) for command in _COMMANDS}
    return Table(
        commands(own, {}),
        tuple(shelf.versions("litgpt", _SINCE)),
        strict=True,
        source="arguments of the training functions of the published packages",
    )


def _own(reader: Reader, *, command: str) -> Fields:
    found = reader.arguments(f"{_COMMANDS[command]}.setup")
    found = {name: field for name, field in found.items() if name.partition(".")[0] not in {"data", "optimizer"}}
    for holder in ("data", "optimizer"):
        found[holder] = Field(_OBJECT, None)
        found[f"{holder}.class_path"] = Field(Shape(("string",)), UNSET)
        found[f"{holder}.init_args"] = Field(Shape(("object", "null"), free=True), UNSET)
    for path in reader.package.below("litgpt/data"):
        for name, field in _data_arguments(reader, path).items():
            found.setdefault(f"data.init_args.{name}", field)
    return found


def _data_arguments(reader: Reader, path: str) -> Fields:
    """Return the fields of the data modules in a file."""
    module = reader.package.module(path.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
    found: dict[str, Field] = {}
    for statement in module.tree.body if module else ():
        name = getattr(statement, "name", "")
        if module and name and reader.find(f"{module.name}.{name}") is not None and not name.startswith(("_", "SFT")):
            found |= {key: field for key, field in reader.keys(f"{module.name}.{name}").items() if "." not in key}
    return found
