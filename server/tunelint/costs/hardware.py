"""GPUs: memory, speed and the price of an hour, from a dated table."""

import re
from typing import Final

import msgspec

from tunelint.costs.tables import read_table

__all__ = ["CONSUMER", "Gpu", "all_gpus", "find_gpu"]

CONSUMER: Final = ("RTX",)
"""How the names of cards begin that have no fast link to each other."""


class Gpu(msgspec.Struct, frozen=True, kw_only=True):
    """One GPU: memory in GB of 10^9 bytes as the driver reports it, peak of dense 16-bit TFLOPS, price range of an hour."""

    name: str
    aliases: tuple[str, ...]
    memory_gb: float
    tflops: float
    bf16: bool
    usd_hour: tuple[float, float, float] | None
    as_of: str
    source: str

    @property
    def consumer(self) -> bool:
        """Whether several of these are linked over PCI Express only."""
        return self.name.startswith(CONSUMER)


class _Table(msgspec.Struct, frozen=True):
    note: str
    gpus: tuple[Gpu, ...]


def all_gpus() -> tuple[Gpu, ...]:
    """Return the GPUs of the table."""
    return read_table("gpus", _Table).gpus


def find_gpu(name: str) -> Gpu | None:
    """Return the GPU of a name; case, spaces, hyphens and the maker's name do not matter. ``A100`` is the larger one."""
    wanted = _plain(name)
    return next((gpu for gpu in all_gpus() if wanted in {_plain(one) for one in (gpu.name, *gpu.aliases)}), None)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]|nvidia|tesla|geforce|amd", "", name.lower())
