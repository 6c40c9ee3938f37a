"""Writes a prompt as a file, one module a form: its `NAME`, the `SUFFIXES` of its files, and `write(prompt, about)`.

A module is imported when its form is asked for. The longest suffix that a file's name ends with decides.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import Final

from tunelint.advice.prompt import Prompt
from tunelint.advice.writers.about import About

__all__ = ["About", "form_for", "forms", "write"]

_SHARED: Final = frozenset({"about", "scoring"})


def forms() -> tuple[str, ...]:
    """Return the names of all forms."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__) if module.name not in _SHARED))


def form_for(name: str) -> str | None:
    """Return the form that a file's name asks for; None where it asks for none."""
    found = [(len(suffix), form) for form in forms() for suffix in _module(form).SUFFIXES if name.lower().endswith(suffix)]
    return max(found)[1] if found else None


def write(form: str, prompt: Prompt, about: About) -> Iterator[str]:
    """Yield the text of a file."""
    return _module(form).write(prompt, about)  # type: ignore[no-any-return]


def _module(form: str) -> ModuleType:
    return importlib.import_module(f"{__name__}.{form}")
