"""A training config together with the datasets that it names."""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from tunelint.core.dataset import DatasetSummary
from tunelint.core.plan import DatasetRef
from tunelint.trainers.base import Config

__all__ = ["Link", "LinkedDataset"]


class LinkedDataset(msgspec.Struct, frozen=True, kw_only=True):
    """A dataset that a config names, and what was found under that name.

    `state` is ``found``, ``missing`` where it should lie on this machine and does not, ``unlisted`` where the registry has no
    entry of that name, or ``elsewhere`` where nobody can look; `reason` says why. `files` are the names of its files for reports.
    `suggestion` is an entry of the registry that was probably meant. `entry` is what the registry says of it.
    """

    ref: DatasetRef
    state: Literal["found", "missing", "unlisted", "elsewhere"]
    files: tuple[str, ...] = ()
    reason: str = ""
    suggestion: str = ""
    registry: str = ""
    entry: Mapping[str, Any] = {}
    summary: DatasetSummary | None = None


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """A config with the datasets that it names.

    `deepspeed` is what DeepSpeed's own file says that the config names, empty where there is none that can be read.
    """

    config: Config
    train: tuple[LinkedDataset, ...] = ()
    evaluation: tuple[LinkedDataset, ...] = ()
    deepspeed: Mapping[str, Any] = {}

    @property
    def rows(self) -> int | None:
        """How many records are trained on; None unless all datasets were read."""
        summaries = [one.summary for one in self.train]
        if not summaries or any(one is None for one in summaries):
            return None
        most = self.config.number("max_samples")
        counts = [one.records for one in summaries if one is not None]
        whole = sum(min(count, int(most)) if most is not None and most > 0 else count for count in counts)
        share = self.config.plan.evaluation_share or 0.0
        kept = int(whole * share) if share < 1 else int(share)
        return max(whole - kept, 0)
