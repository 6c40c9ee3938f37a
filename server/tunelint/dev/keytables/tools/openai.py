"""OpenAI's fine-tuning jobs: the parameters of the published client."""

from typing import Final

import msgspec

from tunelint.dev.keytables.classes import Field, Reader
from tunelint.dev.keytables.history import Fields, history
from tunelint.dev.keytables.shelf import Shelf, Table

_BODY: Final = "openai.types.fine_tuning.job_create_params.JobCreateParams"
_LIMITS: Final = {
    "n_epochs": (("least", 1.0), ("most", 50.0)),
    "batch_size": (("least", 1.0), ("most", 256.0)),
    "learning_rate_multiplier": (("above", 0.0),),
    "beta": (("above", 0.0), ("most", 2.0)),
    "compute_multiplier": (("above", 0.00001), ("most", 10.0)),
    "seed": (("least", 0.0), ("most", 2147483647.0)),
}
"""By the last part of a key's name: the limits of the OpenAPI description of the service, August 2026."""


def build(shelf: Shelf) -> Table:
    """Read the newest release: what counts is the service, which has no versions."""
    package = shelf.newest("openai")
    return Table(
        history([(package.version, body(Reader(package)))]),
        (package.version,),
        strict=True,
        source="typed parameters of the published client",
    )


def body(reader: Reader) -> Fields:
    """Return the keys of a job's body."""
    return {name: _limited(name, field) for name, field in reader.keys(_BODY).items()}


def _limited(name: str, field: Field) -> Field:
    limits = _LIMITS.get(name.rpartition(".")[2])
    return field if limits is None else msgspec.structs.replace(field, shape=msgspec.structs.replace(field.shape, bounds=limits))
