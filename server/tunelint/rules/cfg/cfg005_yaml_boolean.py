"""CFG005: see the class."""

from collections.abc import Iterator
from typing import Final

from tunelint.core.finding import Edit, Finding, Fix, Place, Severity
from tunelint.rules.base import ConfigRule
from tunelint.rules.cfg._misread import is_boolean_word
from tunelint.text.parse import Path
from tunelint.text.tree import Entry
from tunelint.trainers.base import Config

_MEANT: Final = {"report_to": "none"}


class YamlBoolean(ConfigRule):
    """YAML reads `no` as false, and a word is meant.

    ## Why

    In YAML 1.1, which the trainers' loaders speak, `no`, `off`, `yes` and `on` without quotes are booleans. `eval_strategy: no` gives
    the trainer `False`, which is no strategy, and the run ends while it starts.

    ## What to do

    Put the word in quotes.

    ## Examples

    ```yaml good
    model_name_or_path: Qwen/Qwen3-0.6B
    dataset_name: trl-lib/Capybara
    output_dir: out
    learning_rate: 2.0e-5
    per_device_train_batch_size: 2
    max_length: 2048
    eval_strategy: "no"
    ```

    ```yaml bad eval_strategy
    model_name_or_path: Qwen/Qwen3-0.6B
    dataset_name: trl-lib/Capybara
    output_dir: out
    learning_rate: 2.0e-5
    per_device_train_batch_size: 2
    max_length: 2048
    eval_strategy: no  # not yet
    ```

    ```yaml fixed
    model_name_or_path: Qwen/Qwen3-0.6B
    dataset_name: trl-lib/Capybara
    output_dir: out
    learning_rate: 2.0e-5
    per_device_train_batch_size: 2
    max_length: 2048
    eval_strategy: "no"  # not yet
    ```

    Sources: YAML 1.1, bool; PyYAML 6.0.3 and OmegaConf 2.3, run; transformers, IntervalStrategy.
    """

    code = "CFG005"
    name = "yaml-boolean"
    severity = Severity.ERROR
    fix = "safe"

    def check(self, config: Config) -> Iterator[Finding]:
        """Yield the keys whose word was taken for a boolean."""
        if config.tree.syntax != "yaml":
            return
        for member in config.members:
            if is_boolean_word(config, member):
                path, entry = member.path, member.entry
                yield self._finding(config, path, entry)

    def _finding(self, config: Config, path: Path, entry: Entry) -> Finding:
        name, title = str(path[-1]), config.trainer.title
        meant = _MEANT.get(name, entry.text)
        value = str(config.tree.decode(entry, config.loader)).casefold()
        quoted = meant == entry.text
        return self.finding(
            f"{name}: {entry.text} is the boolean {value} in YAML, and a word is meant"[:120],
            Place(path),
            help=f"put it in quotes: {title} gets {value} and stops"
            if quoted
            else f"write {meant}: {title} gets {value} and stops",
            fix=Fix("put the word in quotes" if quoted else f"write {meant}", "safe", (Edit("replace", path, meant),)),
        )
