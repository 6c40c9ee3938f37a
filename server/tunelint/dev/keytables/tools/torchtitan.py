"""torchtitan: the dataclass that its TOML files fill. From 0.3 on configs are Python functions."""

from typing import Final

from tunelint.dev.keytables.classes import Reader
from tunelint.dev.keytables.history import Fields, history
from tunelint.dev.keytables.shelf import Shelf, Table

_SINCE: Final = "0.1"
_LAST: Final = "0.2"
_PLACES: Final = ("torchtitan.config.job_config.JobConfig", "torchtitan.config_manager.JobConfig")


def build(shelf: Shelf) -> Table:
    """Read the releases that have TOML files."""
    versions = [one for one in shelf.versions("torchtitan", _SINCE, every=_SINCE) if one.startswith(("0.1.", f"{_LAST}."))]
    releases = [(version, _own(Reader(shelf.package("torchtitan", version)))) for version in versions]
    return Table(
        history(releases),
        tuple(versions),
        strict=True,
        source="dataclasses of the published packages up to 0.2; later releases read no TOML files",
    )


def _own(reader: Reader) -> Fields:
    path = next(path for path in _PLACES if reader.find(path) is not None)
    return reader.keys(path)
