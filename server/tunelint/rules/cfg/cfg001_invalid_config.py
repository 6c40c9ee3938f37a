"""CFG001: see the class."""

from collections.abc import Iterator

from tunelint.core.finding import Finding, Place, Severity
from tunelint.rules.base import ConfigRule
from tunelint.trainers.base import Config


class InvalidConfig(ConfigRule):
    """The config is no sound YAML, JSON or TOML.

    ## Why

    The run ends before it begins. The lines that can be read are checked all the same.

    ## What to do

    Mend the place that is marked. In YAML it is most often a missing space behind a colon, a quote or bracket that is never closed,
    a tab, or a line that is indented differently from its neighbours.

    ## Examples

    ```yaml good
    base_model: meta-llama/Llama-3.1-8B
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    learning_rate: 0.00002
    val_set_size: 0.05
    ```

    ```yaml bad 6:
    base_model: meta-llama/Llama-3.1-8B
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size 2
    learning_rate: 0.00002
    val_set_size: 0.05
    ```

    ```json bad 3: name=ds_config.json
    {
      "train_micro_batch_size_per_gpu": "auto",
      "gradient_clipping": 1.0,,
      "zero_optimization": {"stage": 2}
    }
    ```

    Sources: YAML 1.1, RFC 8259, TOML 1.0; the complaints are those of libyaml, which the trainers read with.
    """

    code = "CFG001"
    name = "invalid-config"
    severity = Severity.ERROR

    def check(self, config: Config) -> Iterator[Finding]:
        """Yield the faults of the text, the first of each line."""
        tree = config.tree
        lines = set()
        for fault in tree.faults:
            line = tree.text.count("\n", 0, fault.start)
            if line not in lines:
                lines.add(line)
                message = f"no sound {tree.syntax.upper()}: {fault.problem}"
                yield self.finding(
                    message[:120], Place(raw=(fault.start, fault.end)), help="nothing starts from a file that cannot be read"
                )
        if tree.second >= 0:
            yield self.finding(
                f"a second document begins here, and {config.trainer.title} reads one only",
                Place(raw=(tree.second, tree.second + 3)),
                help="keep one document in the file",
            )
