"""What the rules about memory and time have in common."""

from typing import TYPE_CHECKING, Final

from tunelint.rules.base import Link, ProjectRule
from tunelint.text.parse import Path
from tunelint.trainers.base import Config

if TYPE_CHECKING:
    from tunelint.costs.config import ConfigCosts

__all__ = ["RunRule", "gigabytes"]

_GB: Final = 1e9


class RunRule(ProjectRule):
    """A rule about a run on a GPU that the settings name, with the lengths of its data where they can be read.

    Most runs of the linter have no such settings, so what estimates is imported where it is needed.
    """

    needs_lengths = True

    def concerns(self, config: Config) -> bool:
        """Speak only of runs on one's own hardware that the settings describe.

        A config that divides its weights among devices is for several, so of it nothing is said until it is known how many.
        """
        hardware, plan = config.use.hardware, config.plan
        if not (hardware.gpu or hardware.memory_gb) or plan.hosted:
            return False
        return plan.effective("sharding") is None or hardware.gpus is not None or plan.devices is not None

    def costs(self, link: Link) -> "ConfigCosts":
        """Return what the run takes."""
        from tunelint.costs.config import config_costs
        from tunelint.costs.planned import lengths_from, model_of

        config, plan = link.config, link.config.plan
        trainer = config.trainer.name
        model = model_of(plan, trainer, config.get, config.read)
        lengths = lengths_from([one.summary for one in link.train if one.summary is not None], link.rows, plan)
        return config_costs(plan, trainer, config.get, config.use, model=model, lengths=lengths)

    def place(self, config: Config) -> Path:
        """Return the key that a finding about the whole run sits on."""
        return config.plan.path("micro_batch", "sequence_length", "model")


def gigabytes(bytes_: float) -> str:
    """Write a size in GB for a message."""
    value = bytes_ / _GB
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}"
