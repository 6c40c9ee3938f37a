"""Bytes of a file, a compressed file or a pipe, that can be read from the start more than once."""

import contextlib
import gzip
import io
import stat
import tempfile
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final, cast

from tunelint.engine.sources.base import SourceError

__all__ = ["COMPRESSIONS", "ByteStream", "from_bytes", "from_path", "from_pipe", "unpacked"]

_SPOOL: Final = 64 << 20
"""Bytes of a pipe that are kept in memory; more of them go to a temporary file."""

_PACKED: Final = 1 << 17
"""Packed bytes that are unpacked at once."""

_PIPES: Final = ("/dev/fd/", "/proc/self/fd/", "/dev/stdin")


class ByteStream:
    """Opens the same bytes anew each time. `size` is what is stored, None for a pipe; `seekable` where offsets can be sought."""

    def __init__(self, name: str, size: int | None, compression: str, opening: Callable[[], BinaryIO], seekable: bool) -> None:
        self.name = name
        self.size = size
        self.compression = compression
        self.seekable = seekable
        self._opening = opening

    @contextlib.contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """Open the bytes at their start; trouble while reading becomes a `SourceError` that names the file."""
        try:
            with self._opening() as file:
                yield file
        except FileNotFoundError as problem:
            raise SourceError(f"{self.name}: the file is not there any more") from problem
        except PermissionError as problem:
            raise SourceError(f"{self.name}: no permission to read it") from problem
        except (EOFError, gzip.BadGzipFile) as problem:
            raise SourceError(f"{self.name}: the {self.compression} data is damaged or cut off ({problem})") from problem
        except OSError as problem:
            raise SourceError(f"{self.name}: cannot be read ({problem.strerror or problem})") from problem


def _open_zst(file: BinaryIO) -> BinaryIO:
    return io.BufferedReader(_ZstReader(file), 1 << 20)


class _ZstReader(io.RawIOBase):
    """Unpacks frame after frame. zstandard's own reader takes a file that was cut off for one that ends there."""

    def __init__(self, file: BinaryIO) -> None:
        import zstandard

        self._zstandard = zstandard
        self._file = file
        self._frame = zstandard.ZstdDecompressor().decompressobj()
        self._unpacked = b""
        self._started = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._unpacked:
            packed = self._frame.unused_data if self._frame.eof else b""
            if self._frame.eof:
                self._frame = self._zstandard.ZstdDecompressor().decompressobj()
                self._started = False
            packed = packed or self._file.read(_PACKED)
            if not packed:
                if self._started:
                    raise OSError("the zst data is damaged or cut off")
                return 0
            self._started = True
            try:
                self._unpacked = self._frame.decompress(packed)
            except self._zstandard.ZstdError as problem:
                raise OSError(f"the zst data is damaged or cut off: {problem}") from problem
        size = min(len(buffer), len(self._unpacked))
        buffer[:size] = self._unpacked[:size]
        self._unpacked = self._unpacked[size:]
        return size

    def close(self) -> None:
        self._file.close()
        super().close()


class _GzipReader(gzip.GzipFile):
    """Unpacks a file and closes it with itself."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(fileobj=file, mode="rb")
        self._packed = file

    def close(self) -> None:
        super().close()
        self._packed.close()


def _open_gzip(file: BinaryIO) -> BinaryIO:
    return cast("BinaryIO", _GzipReader(file))


COMPRESSIONS: Final[dict[str, Callable[[BinaryIO], BinaryIO]]] = {"gz": _open_gzip, "zst": _open_zst}
"""File name suffixes that are unpacked while reading."""


def from_path(path: Path, name: str) -> ByteStream:
    """Return the bytes at `path`, unpacked where its suffix says so; a `SourceError` says why that cannot be."""
    try:
        status = path.stat()
    except FileNotFoundError as problem:
        raise SourceError(f"{name}: no such file") from problem
    except PermissionError as problem:
        raise SourceError(f"{name}: no permission to look at it") from problem
    except (OSError, ValueError) as problem:
        raise SourceError(f"{name}: cannot be read ({problem})") from problem
    if stat.S_ISDIR(status.st_mode):
        raise SourceError(f"{name}: is a directory")
    if not stat.S_ISREG(status.st_mode):
        if name.startswith(_PIPES):
            with path.open("rb") as file:
                return from_pipe(file, name)
        kind = "a named pipe" if stat.S_ISFIFO(status.st_mode) else "no regular file"
        raise SourceError(f"{name}: is {kind}; pipe the data to `tunelint check -` instead")
    return unpacked(name, status.st_size, lambda: path.open("rb"))


def unpacked(name: str, size: int | None, opening: Callable[[], BinaryIO]) -> ByteStream:
    """Return the bytes of a stored file, unpacked where the suffix of its name says so."""
    suffix = PurePosixPath(name).suffix.lstrip(".").lower()
    unpack = COMPRESSIONS.get(suffix)
    if unpack is not None:
        return ByteStream(name, size, suffix, lambda: unpack(opening()), seekable=False)
    return ByteStream(name, size, "", opening, seekable=True)


def from_bytes(data: bytes, name: str) -> ByteStream:
    """Return bytes that are at hand, such as an editor's buffer."""
    return ByteStream(name, len(data), "", lambda: io.BytesIO(data), seekable=True)


def from_pipe(pipe: BinaryIO, name: str) -> ByteStream:
    """Read a pipe to its end and keep what it gave."""
    spool = tempfile.SpooledTemporaryFile(max_size=_SPOOL)  # closed with the stream  # noqa: SIM115
    size = 0
    while data := pipe.read(1 << 20):
        size += len(data)
        spool.write(data)

    def opening() -> BinaryIO:
        spool.seek(0)
        return cast("BinaryIO", _Kept(spool))

    stream = ByteStream(name, size, "", opening, seekable=True)
    weakref.finalize(stream, spool.close)
    return stream


class _Kept(io.RawIOBase):
    """A view of the spool that can be closed without closing it."""

    def __init__(self, spool: "tempfile.SpooledTemporaryFile[bytes]") -> None:
        self._spool = spool

    def read(self, size: int = -1) -> bytes:
        return self._spool.read(size)

    def readline(self, size: int | None = -1) -> bytes:
        return self._spool.readline() if size is None or size < 0 else self._spool.readline(size)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._spool.seek(offset, whence)

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True
