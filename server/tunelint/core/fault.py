"""A way in which a record does not have the shape of its format."""

from typing import Any, Literal

import msgspec

from tunelint.text.parse import Path
from tunelint.text.spans import Part

__all__ = ["Fault", "FaultKind"]

FaultKind = Literal[
    "missing-key",
    "unknown-key",
    "wrong-type",
    "wrong-value",
    "wrong-length",
    "ambiguous",
    "wrong-key",
    "invalid-mask",
]


class Fault(msgspec.Struct, frozen=True):
    """One departure from a declared shape.

    `path` is the object that lacks `key`, the unknown member itself, or the value of the wrong type. `expected` says in words
    what the format wants there, `found` what the record has. `suggestion` is the key, or the value, that was probably meant.
    """

    kind: FaultKind
    path: Path
    expected: str
    found: str = ""
    key: str = ""
    suggestion: Any = None
    part: Part = "value"
