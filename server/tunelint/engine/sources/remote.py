"""Files on object stores and hubs, read through fsspec and the user's own package for each store: s3fs, gcsfs, huggingface_hub.

Nothing here is asked unless the user names such a file: a search never finds one, and a linter opens nothing by itself.
"""

import re
from typing import Any, BinaryIO, Final, cast

from tunelint.engine.sources.base import SourceError
from tunelint.engine.sources.streams import ByteStream, unpacked

__all__ = ["from_url", "is_url"]

_URL: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]+://")
"""Two letters or more before the colon: one alone is a drive of Windows."""

_AHEAD: Final = 8 << 20
"""Bytes that are fetched at once: a request costs some tens of milliseconds whatever it brings."""


def is_url(name: str) -> bool:
    """Tell whether a file is named by a URL, such as ``s3://bucket/train.jsonl``."""
    return _URL.match(name) is not None


def from_url(url: str) -> ByteStream:
    """Return the bytes at a URL, unpacked where its suffix says so; a `SourceError` says why that cannot be.

    Credentials and addresses are those that the user's package for the store finds by itself.
    """
    try:
        import fsspec
    except ModuleNotFoundError as problem:
        raise SourceError(f"{url}: reading URLs needs fsspec: pip install 'tunelint[remote]'") from problem
    try:
        store, path = fsspec.core.url_to_fs(url)
        facts: dict[str, Any] = store.info(path)
    except FileNotFoundError as problem:
        raise SourceError(f"{url}: no such file") from problem
    except ImportError as problem:  # fsspec says which package the store needs
        raise SourceError(f"{url}: {problem}") from problem
    except Exception as problem:  # each store has errors of its own
        raise SourceError(f"{url}: cannot be reached ({type(problem).__name__}: {problem})") from problem
    if facts.get("type") == "directory":
        raise SourceError(f"{url}: is a directory; name the files in it")

    def opening() -> BinaryIO:
        try:
            return cast("BinaryIO", store.open(path, "rb", block_size=_AHEAD))
        except OSError:
            raise
        except Exception as problem:
            raise OSError(f"{type(problem).__name__}: {problem}") from problem

    size = facts.get("size")
    return unpacked(url, int(size) if size is not None else None, opening)
