"""Reports of large files that have not changed since they were last checked, kept between runs.

A report is found again by everything that it was made from: the bytes of the file and its name, what was asked, what was
measured of it, the day, and the program itself. What rests on more than that is not kept: media files beside a dataset, other
datasets that it is compared with, and runs in which a rule was skipped.
"""

import contextlib
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
from xxhash import xxh3_128

from tunelint import __version__
from tunelint.advice.files import MEASURED
from tunelint.core.diagnostic import FileReport
from tunelint.core.plain import plain
from tunelint.engine.linter import Request

__all__ = ["CACHED_FROM", "ReportCache", "cache_folder"]

CACHED_FROM: Final = 4 << 20
"""Bytes of a file whose report is kept; smaller ones are read again in the time that it takes to look."""

_BLOCK: Final = 1 << 20
_MOST_BYTES: Final = 64 << 20
"""Bytes of all reports together; the oldest go first."""

_KIND: Final = rb'"(?:input_|listed_)?(?:image|video|audio|media|document)'
_MEDIA: Final = re.compile(_KIND + rb'[A-Za-z_]*"\s{0,16}:|"type"\s{0,16}:\s{0,16}' + _KIND)
"""Such a key or type stands in every dataset whose records may name media files; inside a text its quotes would be escaped."""

_LONGEST: Final = 128
"""Bytes of the longest such key or type, and more."""


def cache_folder() -> Path:
    """Return the folder of kept reports: ``TUNELINT_CACHE_DIR``, or where the platform keeps such things."""
    named = os.environ.get("TUNELINT_CACHE_DIR")
    if named:
        return Path(named)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "tunelint" / "Cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "tunelint"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tunelint"


class ReportCache:
    """The kept reports. Whatever goes wrong with the folder, a run goes on without it."""

    def __init__(self, folder: Path, most: int = _MOST_BYTES) -> None:
        self._folder = folder
        self._most = most

    def key(self, path: Path, name: str, request: Request) -> str | None:
        """Return what a report is found again by; None for a file whose report is not to be kept."""
        if request.references:
            return None
        digest = xxh3_128()
        try:
            if not path.is_file() or path.stat().st_size < CACHED_FROM:
                return None
            for part in _made_from(name, request):
                digest.update(part)
                digest.update(b"\x00")
            with path.open("rb") as file:
                while block := file.read(_BLOCK):
                    digest.update(block)
        except OSError:
            return None
        return digest.hexdigest()

    def find(self, key: str) -> FileReport | None:
        """Return the report that was kept under a key."""
        try:
            data = (self._folder / f"{key}.report").read_bytes()
            report = msgspec.msgpack.decode(data, type=FileReport)
        except (OSError, msgspec.MsgspecError, ValueError):
            return None
        with contextlib.suppress(OSError):
            os.utime(self._folder / f"{key}.report")
        return report

    def keep(self, key: str, path: Path, report: FileReport) -> None:
        """Keep a report, unless it may rest on more than its key says."""
        if report.skipped or report.fixed:
            return
        with contextlib.suppress(OSError, TypeError, ValueError):
            if _names_media(path):
                return
            data = msgspec.msgpack.encode(report, enc_hook=plain)
            self._folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(suffix=".part", dir=self._folder)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                Path(name).replace(self._folder / f"{key}.report")
            except OSError:
                Path(name).unlink(missing_ok=True)
                raise
            self._shrink()

    def _shrink(self) -> None:
        """Drop the reports that were not asked for longest, until the rest is small enough."""
        found = []
        for file in self._folder.glob("*.report"):
            with contextlib.suppress(OSError):  # another run may have dropped it
                status = file.stat()
                found.append((status.st_mtime, status.st_size, file))
        total = sum(size for _, size, _ in found)
        for _, size, file in sorted(found):
            if total <= self._most:
                break
            file.unlink(missing_ok=True)
            total -= size


def _made_from(name: str, request: Request) -> Iterator[bytes]:
    """Yield what a report is made from beside the bytes of its file."""
    yield __version__.encode()
    yield _program()
    yield name.encode("utf-8", "surrogatepass")
    selection = request.selection
    asked: list[Any] = [
        sorted(selection.codes),
        sorted((code, str(severity)) for code, severity in selection.severities.items()),
        {code: dict(options) for code, options in sorted(selection.options.items())},
        request.target.name if request.target is not None else None,
        request.model,
        request.method,
        request.form.name if request.form is not None else None,
        request.limit,
        request.tokenizer,
        _stamp(request.tokenizer),
        sorted(request.grader_fields) if request.grader_fields is not None else None,
        request.use,
        request.today,
        request.keep_all,
        request.read(MEASURED) if request.read is not None else None,
    ]
    yield msgspec.json.encode(asked, enc_hook=plain, order="deterministic")


def _program() -> bytes:
    """Return what tells this state of the program from any other: when its modules were written, and how large they are."""
    digest = xxh3_128()
    root = Path(__file__).parents[1]
    for folder, _, names in os.walk(root):
        for name in sorted(names):
            if name.endswith((".py", ".json")):
                status = (Path(folder) / name).stat()
                digest.update(f"{name} {status.st_mtime_ns} {status.st_size}".encode())
    return digest.digest()


def _stamp(tokenizer: str) -> tuple[int, int] | None:
    try:
        status = Path(tokenizer).stat() if tokenizer else None
    except (OSError, ValueError):
        return None
    return (status.st_mtime_ns, status.st_size) if status is not None else None


def _names_media(path: Path) -> bool:
    """Tell whether records of a file may name media files, which may come and go without it."""
    if path.suffix not in {".jsonl", ".ndjson", ".json"}:
        return True  # of a packed or binary file that cannot be told from its bytes
    tail = b""
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            text = tail + block
            if _MEDIA.search(text) is not None:
                return True
            tail = text[-_LONGEST:]
    return False
