"""CFG006: see the class."""

import re
from collections.abc import Iterator
from typing import Final

from tunelint.core.finding import Edit, Finding, Fix, Place, Severity
from tunelint.rules.base import ConfigRule
from tunelint.text.tree import Entry
from tunelint.trainers.base import Config

_NUMBER: Final = re.compile(r"[-+]?[0-9][0-9_]*(?:\.[0-9_]*)?[eE][-+]?[0-9]+")
_WHOLE: Final = frozenset(
    {
        "max_steps", "eval_steps", "save_steps", "logging_steps", "warmup_steps", "sequence_len", "max_length", "max_seq_length",
        "micro_batch_size", "per_device_train_batch_size", "per_device_eval_batch_size", "gradient_accumulation_steps", "save_total_limit",
        "lora_r", "seed", "max_samples", "cutoff_len", "fsdp_min_num_params", "min_num_params", "dataset_num_proc", "num_generations",
        "max_completion_length", "max_prompt_length", "seq_len", "batch_size", "eval_batch_size", "num_processes",
    }
)  # fmt: skip
"""Keys that hold whole numbers in all tools that have them. Rates are left alone: every tool turns `1e-4` into a number."""


class YamlNumberString(ConfigRule):
    """YAML reads `1e3` as a text, and a whole number is meant.

    ## Why

    In YAML 1.1 a number with an exponent needs a dot and a sign. `max_steps: 1e3` is the text "1e3", which is no whole number.
    Tools whose loader reads it as a number, and keys such as `learning_rate`, where each tool converts the text, are not reported.

    ## What to do

    Write the number out.

    ## Examples

    ```yaml good
    base_model: meta-llama/Llama-3.1-8B
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    learning_rate: 1e-5
    val_set_size: 0.05
    max_steps: 1000
    ```

    ```yaml bad max_steps
    base_model: meta-llama/Llama-3.1-8B
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    learning_rate: 1e-5
    val_set_size: 0.05
    max_steps: 1e3
    ```

    ```yaml fixed
    base_model: meta-llama/Llama-3.1-8B
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    learning_rate: 1e-5
    val_set_size: 0.05
    max_steps: 1000
    ```

    Sources: YAML 1.1, float; PyYAML 6.0.3, run.
    """

    code = "CFG006"
    name = "yaml-number-string"
    severity = Severity.WARNING
    fix = "safe"

    def check(self, config: Config) -> Iterator[Finding]:
        """Yield the keys of whole numbers whose number was taken for a text."""
        if config.tree.syntax != "yaml":
            return
        for path, entry in config.tree.walk():
            if path[-1] in _WHOLE and entry.scalar and self._is_text(config, entry):
                number = float(entry.text.replace("_", ""))
                fix = None
                if number.is_integer() and abs(number) < 1e15:
                    fix = Fix(f"write {int(number)}", "safe", (Edit("replace", path, int(number)),))
                yield self.finding(
                    f"{path[-1]}: {entry.text} is a text in YAML, and a whole number is meant",
                    Place(path),
                    help=f"write the number out: {config.trainer.title} reads YAML 1.1, where this is no number",
                    fix=fix,
                )

    def _is_text(self, config: Config, entry: Entry) -> bool:
        return (
            entry.style == "plain"
            and _NUMBER.fullmatch(entry.text) is not None
            and isinstance(config.tree.decode(entry, config.loader), str)
        )
