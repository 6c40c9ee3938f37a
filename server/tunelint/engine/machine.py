"""What this machine lends to a run."""

import os
from typing import Final

__all__ = ["default_memory"]

_UNKNOWN: Final = 8 << 30
"""Bytes of memory that a machine is taken to have that does not say."""


def default_memory() -> int:
    """Return how many bytes the rows of group rules may take when nobody says: a quarter of the machine's memory."""
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # not known to this system
        total = _UNKNOWN
    return total // 4
