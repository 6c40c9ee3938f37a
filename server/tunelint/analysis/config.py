"""What an editor can be told of a training config: what it comes to, what a key means, and which keys and values fit a place."""

import math
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from tunelint.analysis.messages import NamedData
from tunelint.engine.config_edits import locate_in_tree
from tunelint.rules.base import Link
from tunelint.text.numbers import plain
from tunelint.text.parse import Path
from tunelint.text.tree import Entry, Tree
from tunelint.trainers import Config
from tunelint.trainers.base import dotted
from tunelint.trainers.keys import Key, KeyTable
from tunelint.trainers.usual import OF_RANK, Usual, kind_of, usual_of, usual_table

if TYPE_CHECKING:
    from tunelint.costs.report import CostReport

__all__ = ["complete_config", "describe_key", "entry_at", "named_data", "summary_of"]

_MOST_VALUES: Final = 12
_FEW: Final = 3
_NAME: Final = 48
"""Characters of a model's name that a line has room for."""

_DEAR: Final = frozenset(
    {
        "micro_batch", "accumulation", "global_batch", "sequence_length", "epochs", "max_steps", "bits", "tuning", "lora_rank",
        "checkpointing", "packing", "optimizer", "sharding",
    }
)  # fmt: skip
"""Fields that decide what a run costs; that is said where they are set."""

_LINE_END: Final = re.compile(r"\r\n|\n|\r")
_YAML_LINE: Final = re.compile(r"(?P<indent> *)(?P<dashes>(?:- +)*)(?:(?P<key>[A-Za-z_][\w.\-/]*) *:(?= |$|\r|\n))?")
_VALUE: Final = re.compile(r"^[ \-]*[\"']?(?P<key>[\w.\-/]+)[\"']?[ ]*[:=][ ]*[\"']?[^\s\"',]*$")
_TYPED_KEY: Final = re.compile(r"[ \-{,]*[\"']?[\w.\-/]*")


def summary_of(config: Config, costs: "CostReport | None") -> str:
    """Return in a line what a config asks for and, once that was worked out, what it costs."""
    plan = config.plan
    parts = [f"{config.trainer.title} config"]
    parts += [str(one) for one in (plan.effective("method"), _short(plan.model or "")) if one]
    if costs is not None:
        from tunelint.analysis.cost_words import line_of

        parts.append(line_of(costs, hosted=plan.hosted))
    return " · ".join(filter(None, parts))


def _short(name: str) -> str:
    """Return the end of a name that is too long for a line."""
    return name if len(name) <= _NAME else f"…{name[-_NAME:]}"


def named_data(link: Link) -> list[NamedData]:
    """Return what is known of the datasets that a config names, each at the line where it does."""
    tree = link.config.tree
    found = []
    for one in (*link.train, *link.evaluation):
        summary = one.summary
        if summary is None or not one.files:
            continue
        start, _ = locate_in_tree(tree, one.ref.at, key=False)
        line = len(_LINE_END.findall(tree.text, 0, start))
        parts = [f"{summary.records:,} record{'s' if summary.records != 1 else ''}", summary.format or "no known format"]
        if summary.counted:
            every = summary.counted == summary.records
            tokens = sum(summary.lengths) * summary.records / summary.counted
            parts.append(f"{'' if every else 'about '}{tokens:,.0f} tokens ({summary.encoding})")
        if len(one.files) > 1:
            parts.append(f"{len(one.files)} files")
        found.append(NamedData(line, one.files[0], " · ".join(parts)))
    return found


def describe_key(config: Config, costs: "CostReport | None", offset: int) -> str | None:
    """Return in Markdown what the key at an offset means to the tool, and at the base model what the run costs.

    None where no known key stands.
    """
    found = entry_at(config.tree, offset)
    if found is None:
        return None
    key = config.key(found[0])
    said = list(_about(key, config)) if key is not None else []
    if costs is not None and found[0]:
        from tunelint.analysis.cost_words import line_of, table_of

        field = next((field for field, path in config.plan.at.items() if path == found[0]), "")
        if field == "model":
            said.append(table_of(costs))
        elif field in _DEAR:
            said.append(line_of(costs, hosted=config.plan.hosted))
    return "\n\n".join(filter(None, said)) or None


def _about(key: Key, config: Config) -> Iterator[str]:
    kind = " or ".join(key.types) or "anything"
    yield f"**`{key.name}`** – {config.trainer.title}, {kind}"
    if key.help:
        yield key.help
    facts = []
    if key.default is not None:
        facts.append(f"default `{_shown(key.default)}`")
    elif key.by_command:
        facts.append("default " + ", ".join(f"`{_shown(value)}` for {command}" for command, value in key.by_command.items()))
    if key.enum:
        names = ", ".join(f"`{_shown(one)}`" for one in key.enum[:_MOST_VALUES])
        facts.append(f"one of {names}" + (" …" if len(key.enum) > _MOST_VALUES else ""))
    bounds = (("at least", key.least), ("at most", key.most), ("above", key.above), ("below", key.below))
    facts += [f"{word} {plain(bound)}" for word, bound in bounds if bound is not None]
    if key.required:
        facts.append("required")
    if facts:
        yield "; ".join(facts)
    lives = []
    if key.since:
        lives.append(f"since {key.since}")
    if key.deprecated:
        lives.append(f"deprecated in {key.deprecated}")
    if key.until:
        lives.append(f"gone in {key.until}")
    if key.replacement or key.instead:
        lives.append(f"write `{key.replacement}` instead" if key.replacement else f"instead: {key.instead}")
    if key.plugin:
        lives.append(f"read by the plugin `{key.plugin}`")
    if lives:
        yield "; ".join(lives)
    yield from _others(key, config)
    keys = config.keys
    if keys is None:
        return
    releases = keys.versions
    yield f"*{keys.tool} {releases[0]} to {releases[-1]}, read on {keys.date}*" if releases else f"*as of {keys.date}*"


def _others(key: Key, config: Config) -> Iterator[str]:
    """Yield what published configs of the same tool, which train the same, set a key to."""
    usual = usual_of(config.trainer.name, key.name, kind_of(config.plan))
    if usual is None:
        return
    values = ", ".join(f"`{_shown(value)}` in {count}" for value, count in usual.values)
    kind = usual.kind or "of all kinds"
    yield f"others write {values} of {usual.configs} published configs ({kind}; {usual_table().date})"
    multiple = usual_of(config.trainer.name, key.name + OF_RANK, usual.kind)
    if multiple is not None:
        times = ", ".join(f"{_shown(value)} in {count}" for value, count in multiple.values)
        yield f"as a multiple of the rank: {times} of {multiple.configs}"


def _shown(value: Any) -> str:
    """Return a value as a config writes it; numbers without an exponent, which loaders differ about."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and math.isfinite(value):
        return f"{Decimal(repr(value)):f}"
    return "null" if value is None else str(value)


def entry_at(tree: Tree, offset: int) -> tuple[Path, Entry] | None:
    """Return the innermost entry whose key or scalar stands at an offset."""
    best = None
    for path, entry in tree.walk():
        on_key = 0 <= entry.key_start <= offset <= entry.key_end
        if on_key or (entry.scalar and entry.start <= offset <= entry.end):
            best = path, entry
    return best


def complete_config(config: Config, lines: list[str], line: int, column: int) -> list[dict[str, Any]]:
    """Return what fits where the user types: items with `label`, `kind` (key or value), `detail` and whether the key is `old`."""
    keys = config.keys
    if keys is None or line >= len(lines):
        return []
    before = lines[line][:column]
    offset = sum(map(len, lines[:line])) + column
    kind = kind_of(config.plan)
    above = _yaml_parent(lines, line) if config.tree.syntax == "yaml" else _parent(config.tree, offset)
    if (match := _VALUE.match(before)) is not None:
        key = keys.find(f"{above}.{match['key']}" if above else match["key"])
        return list(_values(key, usual_of(config.trainer.name, key.name, kind))) if key is not None else []
    if not _TYPED_KEY.fullmatch(before):
        return []
    return list(_keys(keys, above, _present(config.tree, above, offset), config.trainer.name, kind))


def _keys(keys: KeyTable, above: str, present: frozenset[str], tool: str, kind: str) -> Iterator[dict[str, Any]]:
    for name, key in keys.keys.items():
        head, _, leaf = name.rpartition(".")
        leaf = leaf.removesuffix("[]")
        if head != above or key.until is not None or leaf == "*" or leaf in present:
            continue
        detail = " or ".join(key.types) + (f", default {_shown(key.default)}" if key.default is not None else "")
        usual = usual_of(tool, name, kind)
        if usual is not None:
            detail += "; others: " + ", ".join(_shown(value) for value, _ in usual.values[:_FEW])
        yield {"label": leaf, "kind": "key", "detail": detail, "old": key.deprecated is not None}


def _values(key: Key, usual: Usual | None) -> Iterator[dict[str, Any]]:
    """Yield the values of a key, those that others write first; where any value will do, only those and the default."""
    seen = dict(usual.values) if usual is not None else {}
    known = key.enum or ((True, False) if "boolean" in key.types else ())
    listed = known or ((key.default,) if key.default is not None else ())
    for value in (*(one for one in seen if key.loose or not known or one in known), *(one for one in listed if one not in seen)):
        if isinstance(value, str | int | float):
            notes = ["default"] if value == key.default else []
            if usual is not None and value in seen:
                notes.append(f"in {seen[value]} of {usual.configs} published configs")
            yield {"label": _shown(value), "kind": "value", "detail": ", ".join(notes), "old": False}


def _plain(path: Path) -> str:
    return re.sub(r"\[\d+\]", "[]", dotted(path))


def _mappings(tree: Tree) -> Iterator[tuple[Path, Entry]]:
    if tree.root is not None:
        yield (), tree.root
    for path, entry in tree.walk():
        if isinstance(entry.children, dict):
            yield path, entry


def _present(tree: Tree, above: str, offset: int) -> frozenset[str]:
    """Return the keys that the mapping called `above` has already; of several in a list, the one that is nearest before."""
    found: frozenset[str] = frozenset()
    for path, entry in _mappings(tree):
        if entry.start <= offset and _plain(path) == above and isinstance(entry.children, dict):
            found = frozenset(entry.children)
    return found


def _parent(tree: Tree, offset: int) -> str:
    """Return the name of the mapping that an offset lies in: inside its brackets in JSON, behind its header in TOML."""
    best: Path = ()
    for path, entry in _mappings(tree):
        if entry.start < offset and (tree.syntax == "toml" or offset <= entry.end):
            best = path
    return _plain(best)


def _yaml_parent(lines: list[str], line: int) -> str:
    """Return the name of the mapping that a line of YAML belongs to, by its indent: the line itself is still being typed.

    A key belongs to the nearest key above that stands further left. An item of a list may stand below its key or as far left.
    """
    steps: list[str] = []
    match = _YAML_LINE.match(lines[line])
    assert match is not None  # it matches anything
    limit, item = match.end("dashes"), bool(match["dashes"])
    if item:
        steps.append("[]")
        limit = len(match["indent"])
    for number in range(line - 1, -1, -1):
        if not limit and not item:
            break
        match = _YAML_LINE.match(lines[number])
        if match is None or match["key"] is None:
            continue
        column, dashed = match.end("dashes"), bool(match["dashes"])
        if column < limit or (item and column == limit and not dashed):
            steps.append(match["key"])
        elif item or not dashed or column != limit:
            continue
        limit, item = column, dashed
        if dashed:
            steps.append("[]")
            limit = len(match["indent"])
    return ".".join(reversed(steps)).replace(".[]", "[]")
