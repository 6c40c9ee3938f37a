"""What a rule's evidence may hold beside plain data, as plain data: for msgspec's encoders, which do not know numpy."""

from typing import Any

__all__ = ["plain"]


def plain(value: Any) -> Any:
    """Return numbers and arrays of numpy as those of Python, and anything else as its text."""
    listed = getattr(value, "tolist", None)
    return listed() if callable(listed) else str(value)
