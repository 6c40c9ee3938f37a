"""Output formats, one module each. A module is imported when its format is asked for."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Final

from tunelint.core.run import Run
from tunelint.report.style import Style

__all__ = ["Style", "formats", "write"]

_SHARED: Final = frozenset({"contract", "encoding", "page", "statistics", "style", "summary"})
"""Modules that are no formats but serve several."""


def formats() -> tuple[str, ...]:
    """Return the names of all output formats, the default one first."""
    found = sorted(module.name for module in pkgutil.iter_modules(__path__) if module.name not in _SHARED)
    return ("full", *(name for name in found if name != "full"))


def write(name: str, run: Run, style: Style) -> Iterator[str]:
    """Yield the text of a run in the format `name`, piece by piece."""
    module = importlib.import_module(f"{__name__}.{name}")
    return module.write(run, style)  # type: ignore[no-any-return]
