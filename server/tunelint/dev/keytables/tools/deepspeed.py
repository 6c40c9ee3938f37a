"""DeepSpeed: sections that pydantic models declare, and keys that its config class reads one by one."""

import ast
from typing import Final

import msgspec
from msgspec import UNSET

from tunelint.dev.keytables.classes import Field, Reader
from tunelint.dev.keytables.flow import Flow
from tunelint.dev.keytables.history import Entry, Fields, history
from tunelint.dev.keytables.scopes import Value, follow
from tunelint.dev.keytables.shapes import Shape
from tunelint.dev.keytables.shelf import Shelf, Table

_SINCE: Final = "0.14"
_EVERY: Final = "0.19"
"""From this release on each one is read: whole features left in patch releases."""

_CONFIG: Final = "deepspeed.runtime.config"
_HELPERS: Final = frozenset({"get_scalar_param", "get_dict_param", "get_list_param"})
_OPEN: Final = frozenset(
    {
        "optimizer.params",
        "scheduler.params",
        "pipeline",
        "autotuning",
        "checkpoint",
        "data_types",
        "expert_parallel",
        "nebula",
        "amp",
    }
    | {f"data_efficiency.{name}" for name in ("data_sampling", "data_routing")}
)
"""Objects whose keys depend on what is named beside them, or are read outside of the config class."""

_ZERO: Final = "zero_optimization"
"""The section that may also be a mere switch, as it was before there were stages; `get_zero_config` still converts one."""

_MONITORS: Final = frozenset({"tensorboard", "wandb", "csv_monitor", "comet"})
_BESIDE: Final = ("communication_data_type", "seq_parallel_communication_data_type", "vocabulary_size", "nebula", "amp")
"""Keys that are handed to helpers by name. A release has those that its constants name."""


def build(shelf: Shelf) -> Table:
    """Read the releases from 0.14 on."""
    releases = shelf.read("deepspeed", _SINCE, read, every=_EVERY)
    entries = history(releases)
    for name in _removed(Reader(shelf.newest("deepspeed"))):
        entries.setdefault(name, Entry(Field(), until=releases[0][0]))
    return Table(
        entries,
        tuple(version for version, _ in releases),
        strict=False,
        source="pydantic models and the config class of the published packages",
    )


def read(reader: Reader) -> Fields:
    """Return the keys of one release; `auto`, which the integration with transformers fills in, is taken everywhere."""
    flow = Flow(reader, _HELPERS)
    flow.follow(f"{_CONFIG}.DeepSpeedConfig", "config")
    found = dict(flow.keys)
    monitors = reader.keys("deepspeed.monitor.config.DeepSpeedMonitorConfig")
    found |= {name: field for name, field in monitors.items() if name.partition(".")[0] in _MONITORS}
    constants = reader.package.texts["deepspeed/runtime/constants.py"].replace("'", '"')
    found |= {name: Field() for name in _BESIDE if f'"{name}"' in constants}
    found |= {name.replace("bfloat16", "bf16", 1): field for name, field in found.items() if name.startswith("bfloat16")}
    removed = set(_removed(reader))
    return {name: _finished(name, field) for name, field in found.items() if not removed & set(_ancestors(name))}


def _removed(reader: Reader) -> list[str]:
    """Return the keys that the config class refuses by name."""
    found = []
    for table, prefix in (("_REMOVED_TOP_LEVEL_CONFIG_KEYS", ""), ("_REMOVED_ZERO_CONFIG_KEYS", "zero_optimization.")):
        value = follow(reader.package, f"{_CONFIG}.{table}")
        if isinstance(value, Value) and isinstance(value.node, ast.Dict):
            found += [
                prefix + key.value for key in value.node.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)
            ]
    return found


def _ancestors(name: str) -> list[str]:
    parts = name.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts) + 1)]


def _finished(name: str, field: Field) -> Field:
    shape = field.shape
    if name in _OPEN:
        return Field(Shape(("object",), free=True), UNSET)
    if name == _ZERO:
        return msgspec.structs.replace(field, shape=msgspec.structs.replace(shape, types=(*shape.types, "boolean")))
    if not shape.types or {"string", "object", "array"} & set(shape.types):
        return field
    return msgspec.structs.replace(field, shape=msgspec.structs.replace(shape, types=(*shape.types, "string"), enum=("auto",)))
