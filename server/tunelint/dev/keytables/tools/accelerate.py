"""Accelerate's config file: two dataclasses, and sections whose keys are arguments of `accelerate launch`."""

import ast
from collections.abc import Iterator
from functools import partial
from typing import Final

import msgspec
from msgspec import UNSET

from tunelint.dev.keytables.classes import Field, Reader
from tunelint.dev.keytables.history import Fields, commands, history
from tunelint.dev.keytables.scopes import evaluate
from tunelint.dev.keytables.shapes import Shape
from tunelint.dev.keytables.shelf import Shelf, Table, or_nothing

_SINCE: Final = "0.25"
_FILE: Final = "accelerate.commands.config.config_args"
_LAUNCH: Final = "accelerate.commands.launch"
_KINDS: Final = {"LOCAL_MACHINE": "ClusterConfig", "AMAZON_SAGEMAKER": "SageMakerConfig"}
_SECTIONS: Final = {
    "fsdp_config": ("fsdp_",),
    "deepspeed_config": (),
    "megatron_lm_config": ("megatron_lm_",),
    "parallelism_config": ("parallelism_config_",),
    "fp8_config": ("fp8_",),
    "dynamo_config": ("dynamo_",),
    "mpirun_config": ("mpirun_",),
}
"""The sections, and the prefix of their arguments, which the file may leave out."""

_REQUIRED: Final = "distributed_type"
"""The only key without which a file is refused; the reader fills in the others."""

_LEGACY: Final = ("fp16", "dynamo_backend")
"""Keys of old files that are still converted when they are read."""


def build(shelf: Shelf) -> Table:
    """Read the releases from 0.25 on."""
    own = {kind: history(shelf.read("accelerate", _SINCE, partial(_own, kind=kind))) for kind in _KINDS}
    return Table(
        commands(own, {}),
        tuple(shelf.versions("accelerate", _SINCE)),
        strict=True,
        source="dataclasses and launch arguments of the published packages",
    )


def _own(reader: Reader, *, kind: str) -> Fields:
    found = {
        name: msgspec.structs.replace(field, required=name == _REQUIRED, shape=_unchecked(field.shape))
        for name, field in or_nothing(reader.keys(f"{_FILE}.{_KINDS[kind]}")).items()
    }
    found |= {name: Field(Shape(("string", "boolean")), None) for name in _LEGACY}
    for section, argument, field in _arguments(reader):
        if section in found:
            found[section] = Field(Shape(("object", "null"), free=True), None)
            for name in _written(section, argument):
                found[f"{section}.{name}"] = field
    return found


def _unchecked(shape: Shape) -> Shape:
    """Let flags be texts: the file's own writer puts `'no'` for some."""
    return msgspec.structs.replace(shape, types=(*shape.types, "string")) if "boolean" in shape.types else shape


def _written(section: str, argument: str) -> Iterator[str]:
    """Yield the names under which a section may hold an argument."""
    yield argument
    for prefix in _SECTIONS[section]:
        if argument.startswith(prefix):
            yield argument.removeprefix(prefix)


def _arguments(reader: Reader) -> Iterator[tuple[str, str, Field]]:
    """Yield section, name and shape of every launch argument that a section of the file may set."""
    for group, name, field in launch_arguments(reader):
        section = next((one for one, prefixes in _SECTIONS.items() if prefixes and name.startswith(prefixes)), None)
        section = "deepspeed_config" if group == "deepspeed_args" else section
        if section is not None:
            yield section, name, field


def launch_arguments(reader: Reader) -> Iterator[tuple[str, str, Field]]:
    """Yield group, name and shape of every argument of `accelerate launch`."""
    module = reader.package.module(_LAUNCH)
    for node in ast.walk(module.tree) if module else ():
        if not (
            module and isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "add_argument"
        ):
            continue
        words = {word.arg: word.value for word in node.keywords}
        try:
            default = evaluate(reader.package, module, words["default"]) if "default" in words else UNSET
        except ValueError:
            default = UNSET
        for flag in (one.value for one in node.args if isinstance(one, ast.Constant)):
            if isinstance(flag, str) and flag.startswith("--"):
                yield ast.unparse(node.func.value), flag.lstrip("-").replace("-", "_"), Field(_shape(words), default)


def _shape(words: dict[str | None, ast.expr]) -> Shape:
    """Return what an argument admits; the file hands texts to it, and YAML has made numbers and flags of them."""
    kind = ast.unparse(words["type"]) if "type" in words else "str"
    if "action" in words and "store" in ast.unparse(words["action"]):
        return Shape(("boolean", "string"))
    if kind in {"int", "float"}:
        return Shape(("number" if kind == "float" else "integer", "string", "null"))
    return Shape(())
