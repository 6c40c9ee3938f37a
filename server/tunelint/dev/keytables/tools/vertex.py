"""Vertex AI's tuning jobs: the body of the REST resource, from the types of Google's client."""

from typing import Final

from msgspec import UNSET

from tunelint.dev.keytables.classes import Field, Reader
from tunelint.dev.keytables.history import history
from tunelint.dev.keytables.shapes import Shape
from tunelint.dev.keytables.shelf import Shelf, Table

_BODY: Final = "google.genai.types.TuningJob"
_OUTPUT: Final = frozenset(
    {
        "sdkHttpResponse",
        "state",
        "createTime",
        "startTime",
        "endTime",
        "updateTime",
        "error",
        "tunedModel",
        "experiment",
        "tuningDataStats",
        "pipelineJob",
        "tuningJobState",
        "tuningJobMetadata",
        "evaluateDatasetRuns",
    }
)
"""What the service says of a job, and no body says to it."""

_OPEN: Final = frozenset({"evaluationConfig", "generationConfig", "reinforcementTuningSpec", "partnerModelTuningSpec"})
"""Objects of no use to a check, with hundreds of keys below them."""


def build(shelf: Shelf) -> Table:
    """Read the newest release: what counts is the service, which has no versions."""
    package = shelf.newest("google-genai")
    fields = Reader(package, rename=_camel).keys(_BODY)
    body = {name: field for name, field in fields.items() if name.partition(".")[0].removesuffix("[]") not in _OUTPUT}
    for name in [name for name in body if name.rpartition(".")[2] in _OPEN]:
        body = {key: field for key, field in body.items() if not key.startswith((f"{name}.", f"{name}[]."))}
        if name in body:
            body[name] = Field(Shape(("object",), free=True), UNSET)
    return Table(history([(package.version, body)]), (package.version,), strict=True, source="types of the published client")


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
