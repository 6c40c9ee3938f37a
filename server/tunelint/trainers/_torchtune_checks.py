"""What torchtune builds of a config: paths that lead nowhere any more, and keys that what is built does not take."""

from collections.abc import Iterator
from typing import Final

from tunelint.core.finding import Edit, Fix, Severity
from tunelint.text.distance import within
from tunelint.text.parse import Path
from tunelint.trainers.base import Config, Conflict
from tunelint.trainers.components import Component, Components, torchtune_components

__all__ = ["component_conflicts"]

_BUILT: Final = "_component_"
_OWN: Final = "torchtune."
_LATE: Final = "the recipe stops when it is built, after the model was downloaded"
_UNRELEASED: Final = frozenset({"load_dataset_kwargs"})
"""Arguments that the repository gave to components after the last release, seen in its configs of April 2026."""


def component_conflicts(config: Config) -> Iterator[Conflict]:
    """Yield what is wrong with the components that a config names.

    Of a path that no release has nothing is said where it may be of the repository, which went on after the last release.
    """
    table = torchtune_components()
    for member in config.members:
        if member.path[-1] != _BUILT:
            continue
        name = config.get(member.path)
        if not isinstance(name, str) or not name.startswith(_OWN):
            continue
        one = table.components.get(name)
        if one is None:
            yield from _nowhere(table, member.path, name)
        elif one.until is not None:
            yield _moved(member.path, name, one)
        else:
            yield from _keys(config, member.path[:-1], name, one)


def _nowhere(table: Components, path: Path, name: str) -> Iterator[Conflict]:
    parent, _, leaf = name.rpartition(".")
    beside = [other for other, one in table.components.items() if one.until is None and other.rpartition(".")[0] == parent]
    near = [other for other in beside if within(leaf, other.rpartition(".")[2], 1) and not _differ_by_number(leaf, other)]
    if len(near) == 1:
        meant = near[0].rpartition(".")[2]
        fix = Fix(f"write {meant!r}, dropping {leaf!r}", "unsafe", (Edit("replace", path, near[0]),))
        message = f"{parent} has no {leaf!r}; {meant!r} is probably meant"
        yield Conflict("CFG004", path, message[:120], _LATE, fix=fix)


def _differ_by_number(leaf: str, other: str) -> bool:
    """Tell whether two names are those of different sizes or versions of a model."""
    digits = str.maketrans("", "", "0123456789")
    return leaf.translate(digits) == other.rpartition(".")[2].translate(digits)


def _moved(path: Path, name: str, one: Component) -> Conflict:
    parent, _, leaf = name.rpartition(".")
    message = f"{parent} has no {leaf!r} since torchtune {one.until}"
    if one.moved is None:
        return Conflict("CFG003", path, message[:120], _LATE)
    fix = Fix(f"write {one.moved}, dropping the old path", "unsafe", (Edit("replace", path, one.moved),))
    return Conflict("CFG003", path, message[:120], f"write {one.moved}: {_LATE}", fix=fix)


def _keys(config: Config, path: Path, name: str, one: Component) -> Iterator[Conflict]:
    entry = config.entry(path)
    members = entry.children if entry is not None else None
    leaf = name.rpartition(".")[2]
    for key in members if isinstance(members, dict) else ():
        if key == _BUILT or key in one.arguments or key in _UNRELEASED:
            continue
        if one.open and key == "max_seq_len" and name.startswith("torchtune.datasets."):
            message = f"{leaf} takes no max_seq_len; the length is max_seq_len of the tokenizer"
            yield Conflict("CFG002", (*path, key), message[:120], f"load_dataset is given it, and refuses it: {_LATE}")
            continue
        near = [other for other in one.arguments if within(str(key), other, 1) and other not in (members or ())]
        at = (*path, key)
        if len(near) == 1:
            fix = Fix(f"rename {key!r} to {near[0]!r}", "safe", (Edit("rename", at, near[0]),))
            yield Conflict("CFG002", at, f"{leaf} takes no {key!r}; {near[0]!r} is probably meant"[:120], _LATE, fix=fix)
        elif not one.open:
            yield Conflict("CFG002", at, f"{leaf} takes no {key!r} in torchtune 0.6.1"[:120], _LATE, Severity.WARNING)
