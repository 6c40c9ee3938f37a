"""Data URLs, and what the first bytes of an image say that it is."""

import binascii
import re
from typing import Final, NamedTuple

__all__ = ["DataUrl", "image_type", "looks_like_base64_image", "read_data_url"]

_DATA_URL: Final = re.compile(r"data:([\w.+-]+/[\w.+-]+)?((?:;[\w.+-]+=[^;,]*)*)(;base64)?,", re.IGNORECASE)
_HEADS: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)
_HEAD_CHARACTERS: Final = 44
_BASE64_HEADS: Final = ("/9j/", "iVBORw0KGgo", "R0lGODdh", "R0lGODlh", "UklGR")
"""How the first bytes of JPEG, PNG, GIF and WebP read in base64."""

_LEAST_BASE64: Final = 40
_NOT_BASE64: Final = re.compile(r"[^A-Za-z0-9+/=]")


class DataUrl(NamedTuple):
    """What a data URL holds. `problem` says in words what is broken, at the character `at`; then nothing else is known."""

    mime_type: str = ""
    size: int = 0
    head: bytes = b""
    problem: str = ""
    at: int = 0


def read_data_url(url: str) -> DataUrl:
    """Read a data URL without decoding all of it: only the first bytes and the size matter."""
    match = _DATA_URL.match(url)
    if match is None:
        return DataUrl(problem="is not written as data:TYPE;base64,DATA")
    if match.group(3) is None:
        return DataUrl(problem="is not marked as ;base64", at=match.end() - 1)
    start = match.end()
    wrong = _NOT_BASE64.search(url, start)
    if wrong is not None:
        return DataUrl(problem=f"has {wrong.group()!r} in its base64", at=wrong.start())
    data = url[start:].rstrip("=")
    padding = len(url) - start - len(data)
    if not data:
        return DataUrl(problem="holds no data", at=start - 1)
    if "=" in data or len(data) % 4 == 1 or (padding and (len(data) + padding) % 4):
        return DataUrl(problem="ends in the middle of its base64", at=len(url) - 1)
    first = data[:_HEAD_CHARACTERS]
    head = binascii.a2b_base64(first + "=" * (-len(first) % 4))
    return DataUrl((match.group(1) or "").lower(), len(data) * 3 // 4, head)


def image_type(head: bytes) -> str | None:
    """Return the MIME type that the first bytes of an image have, None for no image that is known."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp" and head[8:12] in {b"avif", b"avis"}:
        return "image/avif"
    if head[4:8] == b"ftyp" and head[8:12] in {b"heic", b"heix", b"mif1", b"msf1"}:
        return "image/heic"
    return next((mime_type for start, mime_type in _HEADS if head.startswith(start)), None)


def looks_like_base64_image(text: str) -> bool:
    """Tell whether a text is the base64 of an image without the head of a data URL."""
    return len(text) >= _LEAST_BASE64 and text.startswith(_BASE64_HEADS) and _NOT_BASE64.search(text) is None
