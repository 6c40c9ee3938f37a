"""CFG003: see the class."""

from collections.abc import Iterator
from typing import Final

from tunelint.core.finding import Edit, Finding, Fix, Place, Severity
from tunelint.rules.base import ConfigRule
from tunelint.text.parse import Path
from tunelint.trainers.base import Config
from tunelint.trainers.keys import Key
from tunelint.trainers.synonyms import own_name

_MEANS_MORE = frozenset({"warmup_ratio"})
"""Keys whose successor takes their value in the newest releases only: in older ones a rename would change the run."""

_ALL_METHODS: Final = "rlhf"
"""A command of ms-swift that is no method, but stands for all that learn from preferences or rewards."""


class RemovedKey(ConfigRule):
    """A key was removed from the tool, or renamed.

    ## Why

    Recipes outlive releases. A strict tool refuses the key of an old one when it starts; Axolotl drops it, and trains without.

    ## What to do

    Write what the newer release reads. If the run uses an older release on purpose, silence the rule for the file.

    ## Fix

    Where the new key takes the same value, the key is renamed. `warmup_ratio` is renamed by the unsafe fix only: what its successor
    takes depends on the release, so the old meaning may be dropped.

    ## Examples

    ```yaml good name=sft.yaml
    model_name_or_path: Qwen/Qwen3-0.6B
    dataset_name: trl-lib/Capybara
    output_dir: out
    learning_rate: 2.0e-5
    per_device_train_batch_size: 2
    max_length: 2048
    eval_strategy: "no"
    ```

    ```yaml bad max_seq_length evaluation_strategy name=sft.yaml
    model_name_or_path: Qwen/Qwen3-0.6B
    dataset_name: trl-lib/Capybara
    output_dir: out
    learning_rate: 2.0e-5
    per_device_train_batch_size: 2
    max_seq_length: 2048  # as in the paper
    evaluation_strategy: "no"
    ```

    ```yaml fixed
    model_name_or_path: Qwen/Qwen3-0.6B
    dataset_name: trl-lib/Capybara
    output_dir: out
    learning_rate: 2.0e-5
    per_device_train_batch_size: 2
    max_length: 2048  # as in the paper
    eval_strategy: "no"
    ```

    Sources: the tools' published packages, release by release; the tables of `trainers/` name the releases.
    """

    code = "CFG003"
    name = "removed-key"
    severity = Severity.ERROR
    fix = "either"

    def check(self, config: Config) -> Iterator[Finding]:
        """Yield the keys that are gone, and those that the tool has renamed and still takes."""
        said = set()
        for one in config.conflicts:
            if one.code == self.code:
                said.add(one.at)
                yield self.said(one)
        if config.keys is None:
            return
        conflicting = {one.at for one in config.conflicts}
        for path, entry, key, _ in config.members:
            if key is None or path in said:
                continue
            if key.until is not None:
                valued = config.keys.strict or config.tree.decode(entry, config.loader) is not None
                if valued and not (config.takes_any_key and _may_be_another(key)):
                    yield self._gone(config, path, key)
            elif key.deprecated is not None and " " not in key.deprecated and path not in conflicting:
                if key.replacement:
                    yield self._renamed(config, path, key)
                elif key.instead and config.tree.decode(entry, config.loader):
                    yield self._leaving(config, path, key)

    def _gone(self, config: Config, path: Path, key: Key) -> Finding:
        assert config.keys is not None
        assert key.until is not None
        name = config.trainer.title
        since = key.until if " " in key.until else f"{name} {key.until}"
        refused = config.refuses_unknown(path) or key.name in config.trainer.refused_keys
        successor = self._successor(config, key)
        there = bool(successor) and config.has(successor.partition(":")[0])
        advice = f"write {successor}" if successor and not there else "remove it"
        fate = "refuses it when it starts" if refused else f"reads {successor} only" if there else "drops it without a word"
        severity = Severity.ERROR if refused and not config.takes_any_key else Severity.INFORMATION if there else Severity.WARNING
        return self.finding(
            f"{path[-1]!r} is gone since {since}; {advice}"[:120],
            Place(path, "key"),
            severity=severity,
            help=f"{name} {fate}: {advice}",
            fix=self._rename(config, path, key),
        )

    def _successor(self, config: Config, key: Key) -> str:
        """Return what to write instead, empty where the method of this run has no such key."""
        assert config.keys is not None
        successor = key.replacement or key.instead or own_name(config.keys, key.name) or ""
        found = config.keys.find(successor) if successor else None
        commands = found.by_command if found is not None else None
        method = config.plan.effective("method")
        judged = commands is not None and _ALL_METHODS not in commands and method is not None
        return "" if judged and str(method) not in (commands or ()) else successor

    def _renamed(self, config: Config, path: Path, key: Key) -> Finding:
        return self.finding(
            f"{path[-1]!r} is now called {str(key.replacement).rpartition('.')[2]!r}"[:120],
            Place(path, "key"),
            severity=Severity.INFORMATION,
            help=f"{config.trainer.title} warns of the old name since {key.deprecated}, and will drop it",
            fix=self._rename(config, path, key),
        )

    def _leaving(self, config: Config, path: Path, key: Key) -> Finding:
        return self.finding(
            f"{path[-1]!r} is on its way out; write {key.instead}"[:120],
            Place(path, "key"),
            severity=Severity.INFORMATION,
            help=f"{config.trainer.title} warns of it since {key.deprecated}, and will drop it",
        )

    def _rename(self, config: Config, path: Path, key: Key) -> Fix | None:
        if key.replacement is None:
            return None
        above, _, leaf = key.replacement.rpartition(".")
        old = key.name.rpartition(".")[0]
        if above != old or config.entry((*path[:-1], leaf)) is not None:
            return None
        if path[-1] in _MEANS_MORE:
            return Fix(
                f"rename it to {leaf!r}, which drops its meaning in older releases", "unsafe", (Edit("rename", path, leaf),)
            )
        return Fix(f"rename {path[-1]!r} to {leaf!r}", "safe", (Edit("rename", path, leaf),))


def _may_be_another(key: Key) -> bool:
    """Tell whether a gone key may well be one of the script's own: nothing took its place, and no library shared by all had it."""
    return not key.replacement and not key.instead and " " not in (key.until or "")
