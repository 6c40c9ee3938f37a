"""What torchtune's configs may name in `_component_`: a table that `python -m tunelint.dev trainer-keys torchtune` writes."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

__all__ = ["Component", "Components", "torchtune_components"]

_FILE: Final = Path(__file__).with_name("components") / "torchtune.json"


class Component(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that a config can have built: its arguments, or any where it is `open`.

    `until` is the first release without it, None where it is still there; `moved` is where something of its name is now.
    """

    arguments: tuple[str, ...] = ()
    open: bool = False
    until: str | None = None
    moved: str | None = None


class Components(msgspec.Struct, frozen=True):
    """What the table's file holds: the releases that were read, oldest first, the day, and the components by their paths."""

    versions: tuple[str, ...]
    date: str
    components: Mapping[str, Component]


@cache
def torchtune_components() -> Components:
    """Return the table, read when it is asked for."""
    return msgspec.json.decode(_FILE.read_bytes(), type=Components)
