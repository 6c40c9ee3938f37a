"""What the rules about memory and time have in common."""

from typing import TYPE_CHECKING

from tunelint.rules.base import ConfigRule
from tunelint.text.parse import Path
from tunelint.trainers.base import Config

if TYPE_CHECKING:
    from tunelint.costs.config import ConfigCosts

__all__ = ["RunRule", "gigabytes"]

_GB = 1e9


class RunRule(ConfigRule):
    """A rule about a run on a GPU that the settings name. Most configs have none, so estimates are imported where needed."""

    def concerns(self, config: Config) -> bool:
        """Speak only of runs on one's own hardware that the settings describe."""
        hardware = config.use.hardware
        return bool(hardware.gpu or hardware.memory_gb) and not config.plan.hosted

    def costs(self, config: Config) -> "ConfigCosts":
        """Return what the run takes."""
        from tunelint.costs.config import config_costs
        from tunelint.costs.planned import model_of

        trainer = config.trainer.name
        model = model_of(config.plan, trainer, config.get, config.read)
        return config_costs(config.plan, trainer, config.get, config.use, model=model)

    def place(self, config: Config) -> Path:
        """Return the key that a finding about the whole run sits on."""
        return config.plan.path("micro_batch", "sequence_length", "model")


def gigabytes(bytes_: float) -> str:
    """Write a size in GB for a message."""
    value = bytes_ / _GB
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}"
