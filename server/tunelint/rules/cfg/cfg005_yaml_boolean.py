"""CFG005: see the class."""

from collections.abc import Iterator
from typing import Final

from tunelint.core.finding import Edit, Finding, Fix, Place, Severity
from tunelint.rules.base import ConfigRule
from tunelint.trainers.base import Config

_STRATEGIES: Final = ("eval_strategy", "evaluation_strategy", "save_strategy", "logging_strategy", "hub_strategy")
_MEANT: Final = {"report_to": "none"}
_WORDS: Final = frozenset({"no", "off", "yes", "on", "n", "y"})


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
        for key in (*_STRATEGIES, *_MEANT):
            entry = config.entry(key)
            if (
                entry is None
                or entry.style != "plain"
                or entry.text.casefold() not in _WORDS
                or not isinstance(config.get(key), bool)
            ):
                continue
            meant = _MEANT.get(key, entry.text)
            value = str(config.get(key)).casefold()
            yield self.finding(
                f"{key}: {entry.text} is the boolean {value} in YAML, and a word is meant",
                Place((key,)),
                help=f"put it in quotes: {config.trainer.title} gets {value} and stops"
                if meant == entry.text
                else f"write {meant}",
                fix=Fix(
                    f"write {key}: {meant!r}" if meant != entry.text else "put the word in quotes",
                    "safe",
                    (Edit("replace", (key,), meant),),
                ),
            )
