"""Short ways to write a check."""

from typing import Final

from tunelint.core.finding import Fix, Severity
from tunelint.trainers.base import Conflict, to_path

__all__ = ["REFUSES", "bad", "warn"]

REFUSES: Final = "Axolotl refuses to start like this"


def bad(
    code: str, at: str, message: str, help_line: str = REFUSES, also: tuple[str, ...] = (), fix: Fix | None = None
) -> Conflict:
    """Return what Axolotl refuses."""
    return Conflict(code, to_path(at), message, help_line, also=tuple(map(to_path, also)), fix=fix)


def warn(code: str, at: str, message: str, help_line: str, also: tuple[str, ...] = ()) -> Conflict:
    """Return what Axolotl warns of, or should."""
    return Conflict(code, to_path(at), message, help_line, Severity.WARNING, tuple(map(to_path, also)))
