"""What the tool of a config takes of the format of a dataset, for rules over both."""

from typing import Final

from tunelint.core.dataset import DatasetSummary
from tunelint.formats import find_target
from tunelint.formats.base import Dialect
from tunelint.rules.base import Link

__all__ = ["dialect_of"]

_TARGETS: Final = {name: name for name in ("trl", "unsloth", "llama-factory", "ms-swift", "torchtune")}
"""Trainers whose configs have no setting for what of a message is read, with the targets that say what that is."""


def dialect_of(link: Link, summary: DatasetSummary) -> Dialect | None:
    """Return what a config's tool takes of a dataset; None where the config or the tool leaves that open."""
    target = find_target(_TARGETS.get(link.config.trainer.name, ""))
    return target.dialects.get(summary.format or "") if target is not None else None
