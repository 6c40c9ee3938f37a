"""CFG007: see the class."""

from collections.abc import Iterator
from typing import Final

from tunelint.core.finding import Edit, Finding, Fix, Place, Severity
from tunelint.rules.base import ConfigRule
from tunelint.text.tree import Entry, Repeated
from tunelint.trainers.base import Config

_SHOWN: Final = 40


class DuplicateConfigKey(ConfigRule):
    """A key stands twice in the same mapping.

    ## Why

    Most loaders keep the last value and say nothing, so whoever changes the first one changes nothing. OmegaConf (LLaMA-Factory,
    torchtune) and DeepSpeed refuse the file.

    ## What to do

    Keep one of the two.

    ## Fix

    The unsafe fix removes the earlier one, whose value most loaders drop.

    ## Examples

    ```yaml good
    base_model: meta-llama/Llama-3.1-8B
    datasets:
      - path: a/b
        type: alpaca
      - path: c/d
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    learning_rate: 0.00002
    val_set_size: 0.05
    ```

    ```yaml bad 8:learning_rate
    base_model: meta-llama/Llama-3.1-8B
    datasets:
      - path: a/b
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    learning_rate: 0.0001
    learning_rate: 0.00002
    val_set_size: 0.05
    ```

    ```yaml fixed
    base_model: meta-llama/Llama-3.1-8B
    datasets:
      - path: a/b
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    learning_rate: 0.00002
    val_set_size: 0.05
    ```

    Sources: PyYAML 6.0.3 and OmegaConf 2.3, run; DeepSpeed, `dict_raise_error_on_duplicate_keys`.
    """

    code = "CFG007"
    name = "duplicate-config-key"
    severity = Severity.WARNING
    fix = "unsafe"

    def check(self, config: Config) -> Iterator[Finding]:
        """Yield each key that hides an earlier one."""
        if config.tree.syntax == "toml":
            return  # a fault of the syntax there
        refused = config.trainer.refuses_repeated_keys
        for one in config.tree.repeated:
            same = config.tree.decode(one.first, config.loader) == config.tree.decode(one.entry, config.loader)
            kept = "" if same else f", and {_shown(config, one.first)} above is not what holds"
            yield self.finding(
                f"the key {one.path[-1]!r} stands here a second time{kept}"[:120],
                Place(one.path, "key"),
                severity=Severity.ERROR if refused else Severity.WARNING,
                help=f"{config.trainer.title} refuses a file with the same key twice"
                if refused
                else "the last one holds, and nobody is told: keep one",
                fix=self._removal(config, one),
            )

    def _removal(self, config: Config, one: Repeated) -> Fix | None:
        """Return a fix that takes the lines of the first one out, where it has lines of its own."""
        text = config.tree.text
        parent = config.tree.find(one.path[:-1])
        begin = max(text.rfind("\n", 0, one.first.key_start), text.rfind("\r", 0, one.first.key_start)) + 1
        if parent is None or parent.flow or text[begin : one.first.key_start].strip():
            return None
        end = text.find("\n", max(one.first.end - 1, one.first.key_end))
        if end < 0 or end >= one.entry.key_start:
            return None
        return Fix(
            f"remove the first {one.path[-1]!r}, whose value is dropped", "unsafe", (Edit("raw", new="", chars=(begin, end + 1)),)
        )


def _shown(config: Config, entry: Entry) -> str:
    text = config.tree.text[entry.start : entry.end].strip()
    return text if entry.scalar and "\n" not in text and len(text) <= _SHOWN else "the value"
