"""The dated tables, read when they are first asked for."""

from typing import Any, Final, TypeVar

import msgspec

__all__ = ["read_table"]

_T = TypeVar("_T")
_READ: Final[dict[str, Any]] = {}


def read_table(name: str, kind: type[_T]) -> _T:
    """Return a table of this package as a value of `kind`; read once."""
    found = _READ.get(name)
    if found is None:
        from importlib.resources import files  # several milliseconds that a run without costs need not spend

        found = _READ[name] = msgspec.json.decode(files(__name__).joinpath(f"{name}.json").read_bytes(), type=kind)
    assert isinstance(found, kind)
    return found
