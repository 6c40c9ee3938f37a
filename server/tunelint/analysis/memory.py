"""Gives memory that was freed back to the system, where that has to be asked for: after a large document was read."""

import ctypes
import functools
import sys
from collections.abc import Callable

__all__ = ["give_back"]


@functools.cache
def _trim() -> Callable[[int], int] | None:
    if not sys.platform.startswith("linux"):
        return None
    try:
        trim: Callable[[int], int] = ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError):  # a C library that has no such function, such as musl
        return None
    return trim


def give_back() -> None:
    """Give back what the allocator keeps for later; takes some milliseconds, and does nothing where that cannot be asked for."""
    trim = _trim()
    if trim is not None:
        trim(0)
