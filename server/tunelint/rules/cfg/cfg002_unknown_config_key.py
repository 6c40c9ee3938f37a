"""CFG002: see the class."""

from collections.abc import Iterator

import msgspec

from tunelint.core.finding import Edit, Finding, Fix, Place, Severity
from tunelint.rules.base import ConfigRule
from tunelint.text.distance import within
from tunelint.text.parse import Path
from tunelint.trainers.base import Config, dotted
from tunelint.trainers.keys import Key, KeyTable
from tunelint.trainers.synonyms import own_name, takes_the_same

_PRIVATE = ("x-", "_", ".")
"""What names of keys begin with that are there for anchors and notes."""


class UnknownConfigKey(ConfigRule):
    """The tool does not know a key.

    ## Why

    Axolotl drops what it does not know and says nothing: a misspelt `learning_rat` trains with another rate, and a key of an older
    release has been dead since. Other tools refuse the file, but only when they start, on the machine that was rented.

    ## What to do

    Spell it right, move it where it belongs, or remove it. Keys of plugins are known where the plugin is listed; with a plugin that
    does not come with the tool nothing is reported.

    ## Fix

    A misspelt key that is one letter away from a known one is renamed. Where two letters differ, or where another tool's name for
    the setting was written, the fix is unsafe, and drops the key as it was written.

    ## Examples

    ```yaml good
    base_model: meta-llama/Llama-3.1-8B
    plugins:
      - axolotl.integrations.liger.LigerPlugin
    liger_rope: true
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    learning_rate: 0.00002
    val_set_size: 0.05
    ```

    ```yaml bad context_parapllel_size
    base_model: meta-llama/Llama-3.1-8B
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    learning_rate: 0.00002
    val_set_size: 0.05
    context_parapllel_size: 2
    ```

    ```yaml fixed
    base_model: meta-llama/Llama-3.1-8B
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    learning_rate: 0.00002
    val_set_size: 0.05
    context_parallel_size: 2
    ```

    Another tool's name for a setting is as unknown as any other, and the default trains instead:

    ```yaml bad cutoff_len lr
    base_model: meta-llama/Llama-3.1-8B
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    cutoff_len: 4096
    micro_batch_size: 2
    lr: 0.00002
    learning_rate: 0.00001
    val_set_size: 0.05
    ```

    ```yaml bad liger_rope
    base_model: meta-llama/Llama-3.1-8B
    liger_rope: true
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    learning_rate: 0.00002
    val_set_size: 0.05
    ```

    Sources: the tools' published packages; the releases that were read stand in the tables of `trainers/`. Axolotl 0.19.0, run.
    """

    code = "CFG002"
    name = "unknown-config-key"
    severity = Severity.WARNING
    fix = "either"

    def check(self, config: Config) -> Iterator[Finding]:
        """Yield the keys that are not known, not those below them."""
        yield from (self.said(one) for one in config.conflicts if one.code == self.code)
        known = config.keys
        if known is None:
            return
        unknown: set[Path] = {one.at for one in config.conflicts if one.code in {"CFG002", "CFG003"}}
        for path, entry, key, is_known in config.members:
            if key is not None:
                if key.plugin is not None and not self._listed(config, key):
                    yield self._unlisted(config, path, key)
            elif not is_known and not (unknown and any(path[:length] in unknown for length in range(1, len(path) + 1))):
                unknown.add(path)
                finding = self._unknown(config, known, path)
                if finding is not None:
                    empty = entry.scalar and config.tree.decode(entry, config.loader) is None
                    yield finding if not empty or config.refuses_unknown(path) else _harmless(finding)

    def _listed(self, config: Config, key: Key) -> bool:
        plugins = [str(one) for _, one in config.items("plugins")]
        return any(one.startswith(str(key.plugin)) or not one.startswith("axolotl.") for one in plugins)

    def _unlisted(self, config: Config, path: Path, key: Key) -> Finding:
        return self.finding(
            f"{path[-1]} is a key of the plugin {key.plugin}, which is not in plugins"[:120],
            Place(path, "key"),
            help=f"{config.trainer.title} drops it without a word: list the plugin, or remove the key",
        )

    def _unknown(self, config: Config, known: KeyTable, path: Path) -> Finding | None:
        name = str(path[-1])
        meant = known.suggest(dotted(path))
        leaf = meant.rpartition(".")[2].removesuffix("[]") if meant else ""
        if config.takes_any_key or name.startswith(_PRIVATE):
            return None
        refused = config.refuses_unknown(path)
        severity = Severity.ERROR if refused else Severity.WARNING
        consequence = "refuses it when it starts" if refused else "drops it without a word"
        if config.trainer.drops_near_misses_only and f"${{{dotted(path)}" in config.tree.text:
            return None  # a variable of the config's own
        if leaf and config.entry((*path[:-1], leaf)) is None:
            near = within(name, leaf, 1)
            drops = "" if near else f", dropping {name!r}"
            fix = Fix(f"rename {name!r} to {leaf!r}{drops}", "safe" if near else "unsafe", (Edit("rename", path, leaf),))
            message = f"{config.trainer.title} has no key {name!r}; {leaf!r} is probably meant"
            return self.finding(
                message[:120], Place(path, "key"), severity=severity, help=f"{config.trainer.title} {consequence}", fix=fix
            )
        if config.trainer.drops_near_misses_only:
            return None
        own = own_name(known, dotted(path))
        if own is not None:
            return self._foreign(config, path, own.rpartition(".")[2], severity, consequence)
        homes = [home for home in known.home(name) if home.rpartition(".")[0] != dotted(path[:-1])]
        where, remedy = _home(homes[0], within_section=len(path) > 1) if len(homes) == 1 else ("", "spell it right")
        message = f"{config.trainer.title} has no key {name!r}{f' in {dotted(path[:-1])}' if len(path) > 1 else ''}{where}"
        return self.finding(
            message[:120],
            Place(path, "key"),
            severity=severity,
            help=f"{config.trainer.title} {consequence}: remove it, or {remedy}",
        )

    def _foreign(self, config: Config, path: Path, own: str, severity: Severity, consequence: str) -> Finding:
        """Return what to say of another tool's name for a setting that this tool calls `own`."""
        name, title = str(path[-1]), config.trainer.title
        free = config.entry((*path[:-1], own)) is None
        fix = None
        if free and takes_the_same(name, own):
            fix = Fix(f"rename {name!r} to {own!r}, dropping {name!r}", "unsafe", (Edit("rename", path, own),))
        message = f"{title} has no key {name!r}: it reads {own!r}"
        return self.finding(
            message[:120],
            Place(path, "key"),
            severity=severity,
            help=f"{title} {consequence}" + (f", and {own} keeps its default" if free else f"; {own} is there as well"),
            fix=fix,
        )


def _harmless(finding: Finding) -> Finding:
    """Return what to say of a key without a value that the tool drops: nothing is lost, and nothing was meant by it."""
    return msgspec.structs.replace(finding, severity=Severity.INFORMATION)


def _home(home: str, *, within_section: bool) -> tuple[str, str]:
    """Say where the only key of a name lies, and what to do with one that lies elsewhere.

    A key within a section may be there by mistake, or because the section is like the one that has the key: `loss_scale` in `bf16`.
    """
    section = home.rpartition(".")[0]
    if not section:
        return "; it belongs at the top level", "move it there"
    if not within_section:
        return f"; it belongs under {section}", "move it there"
    return f", only in {section}", f"move it to {section} if it is meant for that"
