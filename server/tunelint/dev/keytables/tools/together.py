"""Together's fine-tuning jobs: the body of a request, and the arguments of the client's method that makes one."""

from typing import Final

import msgspec

from tunelint.dev.keytables.classes import Field, Reader, joined
from tunelint.dev.keytables.history import history
from tunelint.dev.keytables.shelf import Shelf, Table

_BODY: Final = "together.lib.types.fine_tuning.FinetuneRequest"
_METHOD: Final = "together.resources.fine_tuning.FineTuningResource"
_OF_THE_CLIENT: Final = frozenset({"verbose", "model_limits"})


def build(shelf: Shelf) -> Table:
    """Read the newest release: what counts is the service, which has no versions."""
    package = shelf.newest("together")
    reader = Reader(package)
    arguments = reader.arguments(f"{_METHOD}.create")
    flat = {name: field for name, field in arguments.items() if name.partition(".")[0] not in _OF_THE_CLIENT}
    body = {name: _closed(field) for name, field in reader.keys(_BODY).items()}
    for name, field in flat.items():
        body[name] = joined(body[name], field) if name in body and "object" in body[name].shape.types else field
    return Table(
        history([(package.version, body)]),
        (package.version,),
        strict=True,
        source="types and the method's arguments of the published client",
    )


def _closed(field: Field) -> Field:
    """Take off what the client's models allow: keys that it does not know yet in answers."""
    return msgspec.structs.replace(
        field, shape=msgspec.structs.replace(field.shape, free=field.shape.free and not field.shape.nested)
    )
