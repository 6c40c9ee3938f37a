"""How a report may look."""

from typing import Final, NamedTuple

__all__ = ["Painter", "Style", "plural"]


class Style(NamedTuple):
    """What the user asked for beside the format."""

    color: bool = False
    statistics: bool = False
    quiet: bool = False


_CODES: Final = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "blue": "34", "cyan": "36"}


class Painter:
    """Puts text in colours, or leaves it as it is."""

    def __init__(self, color: bool) -> None:
        self._color = color

    def __call__(self, text: str, *looks: str) -> str:
        """Return `text` in the given looks."""
        if not self._color or not looks:
            return text
        return f"\x1b[{';'.join(_CODES[look] for look in looks)}m{text}\x1b[0m"


def plural(count: int, word: str, words: str = "") -> str:
    """Return a count with its word: "1 record", "2 records"."""
    return f"{count:,} {word if count == 1 else words or word + 's'}"
