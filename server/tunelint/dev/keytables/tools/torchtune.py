"""torchtune: what each recipe reads of its config, and the arguments of the components that published configs name."""

import ast
from collections.abc import Iterator
from typing import Any, Final

import msgspec
import yaml
from msgspec import UNSET

from tunelint.dev.keytables.classes import Field, Reader
from tunelint.dev.keytables.components import write_components
from tunelint.dev.keytables.flow import Flow
from tunelint.dev.keytables.history import Fields, commands, history
from tunelint.dev.keytables.scopes import Class, Function, follow
from tunelint.dev.keytables.shapes import ANYTHING, Shape
from tunelint.dev.keytables.shelf import Shelf, Table, or_nothing

_SINCE: Final = "0.3"
_COMPONENT: Final = "_component_"
_CONFIG: Final = "cfg"
_MODEL: Final = "model"
"""The objects whose names end like this hold a model: each of them may be any of the models."""

_UNRELEASED: Final = (
    "run_val_every_n_steps",
    "batch_size_val",
    "name",
    "base_model_path",
    "data_parallel_shard_dim",
    "data_parallel_replicate_dim",
    "use_distributed_state_dict",
    "use_flex",
    "debug_logging_enabled",
    "debug_num_samples_per_step",
)
_UNRELEASED_OBJECTS: Final = ("dataset_val", "reward_functions", "orchestration", "inference", "postprocessing", "training")
"""Keys of the configs in torchtune's repository, April 2026, whose recipes were never released: its last release is of 2025."""


def build(shelf: Shelf) -> Table:
    """Read the releases from 0.3 on; the commands of the table are the recipes of the newest."""
    versions = shelf.versions("torchtune", _SINCE)
    read = {version: dict(_recipes(Reader(shelf.package("torchtune", version)))) for version in versions}
    write_components(shelf)
    own = {name: history([(version, read[version].get(name, {})) for version in versions]) for name in read[versions[-1]]}
    shared = history(shelf.read("torchtune", _SINCE, _components))
    return Table(
        commands(own, shared),
        tuple(versions),
        strict=False,
        source="recipes, configs and components of the published packages; keys of unreleased recipes by hand",
    )


def _recipes(reader: Reader) -> Iterator[tuple[str, Fields]]:
    """Yield each recipe and the keys that its functions read of what they call `cfg`."""
    for path in [*reader.package.below("recipes")]:
        name = path.removesuffix(".py").removeprefix("recipes/")
        module = reader.package.module(path.removesuffix(".py").replace("/", "."))
        if module is None or name.endswith("__init__"):
            continue
        flow = Flow(reader, attributes=True)
        for node in ast.walk(module.tree):
            owner = Class(module, node) if isinstance(node, ast.ClassDef) else None
            for function in node.body if isinstance(node, ast.ClassDef | ast.Module) else ():
                if isinstance(function, ast.FunctionDef) and any(one.arg == _CONFIG for one in function.args.args):
                    flow.run(Function(module, function), {_CONFIG: ""}, owner)
        if flow.keys:
            yield name, flow.keys


def _components(reader: Reader) -> Fields:
    """Return the keys of the published configs, and below each component the arguments that it takes."""
    found: dict[str, Field] = {}
    for path in reader.package.below("recipes/configs", ".yaml"):
        for name, value in _values(yaml.safe_load(reader.package.texts[path])):
            component = value.get(_COMPONENT) if isinstance(value, dict) else None
            if component is None:
                found.setdefault(name, Field())
                continue
            found[f"{name}.{_COMPONENT}"] = Field(Shape(("string",)), UNSET)
            arguments = _arguments(reader, component)
            foreign = arguments is None or (name in found and found[name].shape.free)
            found[name] = Field(Shape(("object", "null"), free=foreign), UNSET)
            for argument, field in (arguments or {}).items():
                found.setdefault(f"{name}.{argument}", _unchecked(field))
    holders = [name for name in found if name.endswith(_MODEL) and "." not in name]
    arguments = {
        name.partition(".")[2]: field for name, field in found.items() if name.partition(".")[0] in holders and "." in name
    }
    found |= {f"{holder}.{argument}": field for holder in holders for argument, field in arguments.items()}
    return or_nothing(found) | {name: Field() for name in (*_UNRELEASED, *_UNRELEASED_OBJECTS)}


def _unchecked(field: Field) -> Field:
    """Return an argument of a component: nothing checks its type, so a text may as well be a flag."""
    shape = ANYTHING if "string" in field.shape.types else field.shape
    return msgspec.structs.replace(field, shape=shape, default=UNSET, required=False)


def _arguments(reader: Reader, component: str) -> Fields | None:
    """Return the arguments of a component, None where it is not torchtune's own or takes any."""
    target = follow(reader.package, component)
    function = target.method("__init__") if isinstance(target, Class) else target
    if not component.startswith("torchtune.") or not isinstance(function, Function) or function.node.args.kwarg:
        return None
    return {name: field for name, field in reader.arguments(component).items() if "." not in name}


def _values(value: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, inner in value.items():
        yield f"{prefix}{key}", inner
        if isinstance(inner, dict):
            yield from _values(inner, f"{prefix}{key}.")
