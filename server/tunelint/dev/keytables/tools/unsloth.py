"""Unsloth's command line: pydantic models with sections."""

from typing import Final

from tunelint.dev.keytables.history import history
from tunelint.dev.keytables.shelf import Shelf, Table

_SINCE: Final = "2026.7"
_CONFIG: Final = "unsloth_cli.config.Config"


def build(shelf: Shelf) -> Table:
    """Read the first release of each month from July 2026 on, and the newest."""
    releases = shelf.read("unsloth", _SINCE, lambda reader: reader.keys(_CONFIG))
    return Table(
        history(releases),
        tuple(version for version, _ in releases),
        strict=True,
        source="pydantic models of the published packages",
    )
