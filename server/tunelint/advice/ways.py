"""The ways to ask a model that are measured beside each other."""

from typing import Final, Literal

__all__ = ["ROWS", "WAYS", "WayName"]

WayName = Literal["zero-shot", "few-shot", "nearest", "tuned"]
WAYS: Final[tuple[WayName, ...]] = ("zero-shot", "few-shot", "nearest")
"""The ways to prompt: without examples, with examples that were chosen once, with those nearest to each request."""

ROWS: Final = 200
"""Rows that are asked unless the user says otherwise: a share of nine in ten is then known to 4 points on each side."""
