"""CFG008: see the class."""

from collections.abc import Iterator

from tunelint.core.finding import Finding, Place, Severity
from tunelint.rules.base import ConfigRule
from tunelint.trainers.base import Config, Required, to_path


class MissingRequiredKey(ConfigRule):
    """A key is missing that the tool does not start without.

    ## Why

    The tool ends at once, mostly on the machine that was rented for it.

    ## What to do

    Add the key. A config that is not complete by itself, because the rest comes from the command line, is better silenced in
    the settings than completed.

    ## Examples

    ```yaml good
    base_model: meta-llama/Llama-3.1-8B
    pretraining_dataset:
      - path: allenai/c4
        type: pretrain
    streaming: true
    max_steps: 1000
    sequence_len: 4096
    micro_batch_size: 2
    learning_rate: 0.00002
    ```

    ```yaml bad 1:
    base_model: meta-llama/Llama-3.1-8B
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    val_set_size: 0.05
    ```

    Sources: the schemas of the tools, in the versions that are named in `trainers/`.
    """

    code = "CFG008"
    name = "missing-required-key"
    severity = Severity.ERROR

    def check(self, config: Config) -> Iterator[Finding]:
        """Yield what is missing. In a text with faults nothing is known to be missing."""
        if config.tree.faults:
            return
        for one in config.trainer.required:
            finding = self._missing(config, one)
            if finding is not None:
                yield finding
        yield from self.conflicts(config)

    def _missing(self, config: Config, one: Required) -> Finding | None:
        prefix = f"{one.within}." if one.within else ""
        if one.within and not isinstance(config.get(one.within), dict):
            return None
        if any(config.said(f"{prefix}{key}") for key in one.keys) or any(config.has(key) for key in one.unless):
            return None
        names = " or ".join(one.keys)
        empty = next((f"{prefix}{key}" for key in one.keys if config.has(f"{prefix}{key}")), None)
        if empty is not None:
            return self.finding(
                f"{empty} is empty, and {config.trainer.title} needs it", Place(to_path(empty), "key"), help=one.why
            )
        place = Place(to_path(one.within), "key") if one.within else Place()
        where = f" in {one.within}" if one.within else ""
        return self.finding(f"{names} is missing{where}, and {config.trainer.title} needs it", place, help=one.why)
