"""CFG006: see the class."""

from collections.abc import Iterator

from tunelint.core.finding import Edit, Finding, Fix, Place, Severity
from tunelint.rules.base import ConfigRule
from tunelint.rules.cfg._misread import is_number_text
from tunelint.trainers.base import Config


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
        for member in config.members:
            if is_number_text(config, member):
                path, entry = member.path, member.entry
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
