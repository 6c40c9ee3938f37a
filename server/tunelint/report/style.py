"""How a report may look."""

import unicodedata
from typing import Final, NamedTuple

__all__ = ["Painter", "Style", "plural", "visible", "width"]


class Style(NamedTuple):
    """What the user asked for beside the format."""

    color: bool = False
    statistics: bool = False
    quiet: bool = False
    summary: bool = False
    """Whether each dataset is summed up for a person: records, tokens, cost, verdict. Machine formats do not know it."""
    columns: int = 0
    """How wide the terminal is that a person reads on; 0 where there is none, and lines may be as long as they are."""


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


_TAB: Final = "    "
_IDEOGRAPHIC_SPACE: Final = "\u3000"
_JOINERS: Final = "\u200c\u200d"
"""Characters without a width that belong to the spelling of Persian, of Indian languages, and of some emoji."""


def visible(text: str) -> str:
    """Return a text of one line in which nothing is hidden and that moves nothing around it, nor the terminal's cursor.

    Tabs become spaces; control, format and unassigned characters, line ends and odd spaces are named, such as ``<U+001B>``.
    """
    if text.isprintable():
        return text
    pieces: list[str] = []
    before = ""
    for character in text:
        pieces.append(character if character in _JOINERS and _spells(before) else _visible(character))
        before = character
    return "".join(pieces)


def _spells(before: str) -> bool:
    return bool(before) and unicodedata.category(before)[0] in "LM"


def _visible(character: str) -> str:
    if character.isprintable() or character == _IDEOGRAPHIC_SPACE:
        return character
    return _TAB if character == "\t" else f"<U+{ord(character):04X}>"


def width(text: str) -> int:
    """Return how many columns of a terminal a visible text takes."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"} or "\u1160" <= character <= "\u11ff":  # the latter: Hangul vowels
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
