"""Where text may have been read in a wrong encoding: the cheap look before a library that knows is asked.

A character beyond ASCII takes two bytes or more in UTF-8. Read in an encoding with one byte for each character it becomes as many
characters: one of few, for the first byte, and then symbols and letters that rarely follow it in any language.
"""

import functools
import re
from collections.abc import Iterable, Iterator
from typing import Final

__all__ = ["PATTERNS", "may_be_mojibake"]

_WINDOWS: Final = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ" + "".join(map(chr, range(0x80, 0xC0)))
"""What Windows-1252 and Latin-1 make of the bytes 0x80 to 0xBF, which are never the first of a character in UTF-8."""

_CYRILLIC: Final = "ЂЃѓ‚„†‡€‰ЉЊЌЋЏђ‘’“•™љњќћџЎўЈҐЄЇІіґєјѕї" + "".join(map(chr, range(0x80, 0xC0)))
"""The same for Windows-1251, without quotes and dashes that follow words."""

_ANY: Final = ""
"""Anything beyond ASCII."""

_PAIRS: Final = (
    ("".join(map(chr, range(0xC2, 0xF5))), _WINDOWS),
    ("Ã", " "),
    ("ĂĐŃŐğĞ", _WINDOWS),
    ("ÄĹŘŮƒ", _ANY),
    ("РСГВп", _CYRILLIC),
    ("√≈◊", _ANY),
    ("‚", "Äâó"),
    ("Γ┬╬╨╤Θ", _ANY),
    ("ß", "║╗"),
    ("в", "Ђ"),
)
"""First characters and what follows them, in Latin, Cyrillic, Mac and DOS encodings."""

_CONTROLS: Final = "".join(map(chr, range(0x80, 0xA0)))
"""Control characters that no text has: letters and quotes of Windows encodings that were read as Latin-1."""

_ESCAPED: Final = (
    rb"\\u(?:00[c-eC-E][0-9a-fA-F]\\u(?:00[89abAB]|20[123]|0[12][0-9a-fA-F])|00[89][0-9a-fA-F]"
    rb"|04[12][0-9a-fA-F]\\u(?:00[89abAB]|20|040))"
)
"""The commonest of them as JSON escapes."""


_BEYOND_ASCII: Final = rb"[\xc2-\xf4]"


def _one_of(texts: Iterable[bytes]) -> bytes:
    """Return a pattern for one of some short byte strings: those that differ only in the last byte share a class."""
    lasts: dict[bytes, set[int]] = {}
    for text in texts:
        lasts.setdefault(text[:-1], set()).add(text[-1])
    classes = (
        re.escape(first) + b"[" + b"".join(b"\\x%02x" % last for last in sorted(ends)) + b"]" for first, ends in lasts.items()
    )
    return b"(?:" + b"|".join(sorted(classes)) + b")"


def _patterns() -> Iterator[bytes]:
    """Yield patterns over UTF-8, each of which begins with a byte of its own, and the one over escapes."""
    behind: dict[bytes, list[bytes]] = {}
    for firsts, followers in _PAIRS:
        follower = _one_of(map(str.encode, followers)) if followers else _BEYOND_ASCII
        for byte in sorted({one.encode()[:1] for one in firsts}):
            rests = (encoded[1:] for one in firsts if (encoded := one.encode()).startswith(byte))
            behind.setdefault(byte, []).append(_one_of(rests) + follower)
    behind.setdefault(b"\xc2", []).append(_one_of(one.encode()[1:] for one in _CONTROLS))
    for byte, rests_there in sorted(behind.items()):
        yield byte + b"(?:" + b"|".join(rests_there) + b")"
    yield _ESCAPED


PATTERNS: Final = tuple(_patterns())
"""Patterns over JSON text in UTF-8, one of which is in every text that may be mojibake."""


@functools.cache
def _suspect() -> re.Pattern[str]:
    pairs = (f"[{firsts}]" + (f"[{followers}]" if followers else "[^\\x00-\\x7f]") for firsts, followers in _PAIRS)
    return re.compile("|".join([f"[{_CONTROLS}]", *pairs]))


def may_be_mojibake(text: str) -> bool:
    """Tell whether a text holds what mojibake is made of; it may be sound all the same."""
    return not text.isascii() and _suspect().search(text) is not None
