"""Amazon Bedrock: the input of CreateModelCustomizationJob, as botocore's description of the service has it."""

import json
from collections.abc import Iterator
from typing import Any, Final

from msgspec import UNSET

from tunelint.dev.keytables.classes import Field
from tunelint.dev.keytables.history import history
from tunelint.dev.keytables.shapes import Shape
from tunelint.dev.keytables.shelf import Shelf, Table

_SERVICE: Final = "botocore/data/bedrock/2023-04-20/service-2.json.gz"
_INPUT: Final = "CreateModelCustomizationJobRequest"
_TYPES: Final = {"integer": "integer", "long": "integer", "float": "number", "double": "number", "boolean": "boolean"}
_TUNING: Final = ("epochCount", "batchSize", "learningRate", "learningRateWarmupSteps")
"""Names that most models take among the hyperparameters; the service's description leaves them open."""


def build(shelf: Shelf) -> Table:
    """Read the newest release: what counts is the service, which has no versions."""
    package = shelf.newest("botocore")
    shapes = json.loads(package.texts[_SERVICE])["shapes"]
    fields = dict(_members(shapes, shapes[_INPUT], ""))
    fields |= {f"hyperParameters.{name}": Field(Shape(("string",)), UNSET) for name in _TUNING}
    return Table(
        history([(package.version, fields)]),
        (package.version,),
        strict=True,
        source="the description of the service in the published package of botocore",
    )


def _members(shapes: dict[str, Any], structure: dict[str, Any], prefix: str) -> Iterator[tuple[str, Field]]:
    needed = set(structure.get("required", ()))
    for name, member in structure["members"].items():
        yield from _keys(shapes, member["shape"], prefix + name, required=name in needed)


def _keys(shapes: dict[str, Any], shape: str, name: str, *, required: bool = False) -> Iterator[tuple[str, Field]]:
    stated = shapes[shape]
    kind = stated["type"]
    if kind == "structure":
        yield name, Field(Shape(("object",)), UNSET, required)
        yield from _members(shapes, stated, f"{name}.")
    elif kind == "list":
        yield name, Field(Shape(("array",)), UNSET, required)
        inner = shapes[stated["member"]["shape"]]
        if inner["type"] == "structure":
            yield from _members(shapes, inner, f"{name}[].")
    elif kind == "map":
        yield name, Field(Shape(("object",), free=True), UNSET, required)
    else:
        yield name, Field(Shape((_TYPES.get(kind, "string"),), tuple(stated.get("enum", ()))), UNSET, required)
