"""Dataset formats and who reads them. One module a format; `formats.targets` has one module a consumer.

A module of this package that defines ``FORMAT`` is a format; there is no list to keep. Modules are imported when formats are
first asked for.
"""

import functools
import importlib
import pkgutil

from tunelint.formats.base import Dialect, Format, Glance, Limits, MediaLimits, ModelLimits, Target

__all__ = [
    "Dialect",
    "Format",
    "Glance",
    "Limits",
    "MediaLimits",
    "ModelLimits",
    "Target",
    "all_formats",
    "all_targets",
    "find_format",
    "find_target",
]


@functools.cache
def all_formats() -> dict[str, Format]:
    """Return every format by name, sorted."""
    found: dict[str, Format] = {}
    for module in pkgutil.iter_modules(__path__):
        one = getattr(importlib.import_module(f"{__name__}.{module.name}"), "FORMAT", None)
        if isinstance(one, Format):
            found[one.name] = one
    return dict(sorted(found.items()))


@functools.cache
def all_targets() -> dict[str, Target]:
    """Return every target by name, sorted."""
    from tunelint.formats import targets

    found: dict[str, Target] = {}
    for module in pkgutil.iter_modules(targets.__path__):
        one = getattr(importlib.import_module(f"{targets.__name__}.{module.name}"), "TARGET", None)
        if isinstance(one, Target):
            found[one.name] = one
    return dict(sorted(found.items()))


def find_format(name: str) -> Format | None:
    """Return the format called `name`, by its name or one of its aliases."""
    formats = all_formats()
    if name in formats:
        return formats[name]
    return next((one for one in formats.values() if name in one.aliases), None)


def find_target(name: str) -> Target | None:
    """Return the target called `name`, by its name or one of its aliases; the part behind a slash is a model's name."""
    name = name.partition("/")[0]
    targets = all_targets()
    if name in targets:
        return targets[name]
    return next((one for one in targets.values() if name in one.aliases), None)
