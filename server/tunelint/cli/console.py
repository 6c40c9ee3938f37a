"""What a command says to the terminal: results to standard output, everything else to standard error."""

import contextlib
import errno
import io
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, TextIO

from tunelint.core.errors import UserError

__all__ = ["Console", "UsageError", "words_of", "write_atomically"]

_QUIET_SECONDS: Final = 1.0
_STEP_SECONDS: Final = 0.1


class UsageError(UserError):
    """A command line that cannot be carried out; the text says what to change, and the exit code is 2."""


def words_of(problem: Exception) -> str:
    """Return what went wrong in words: of a file that cannot be opened its name and why, without Python's number of the error."""
    if isinstance(problem, OSError) and problem.filename is not None and problem.strerror:
        return f"{problem.filename}: {problem.strerror[:1].lower()}{problem.strerror[1:]}"
    return str(problem)


class Console:
    """Standard streams, with colours where the terminal has them."""

    def __init__(self, *, color: str = "auto", progress: bool = True, verbose: bool = False, quiet: bool = False) -> None:
        self.out = _utf8(sys.stdout)
        self.err = _utf8(sys.stderr)
        self.color = _wants_color(color, self.out)
        self.interactive = self.out.isatty()
        """Whether a person reads the results as they come."""
        self.columns = shutil.get_terminal_size().columns if self.interactive else 0
        """How wide the terminal is, 0 without one."""
        self.verbose = verbose
        self.quiet = quiet
        self._progress = progress and not quiet and self.err.isatty()
        self._began = time.monotonic()
        self._drawn = 0.0
        self._file, self._file_began, self._done = "", 0.0, 0
        self._line = ""

    def write(self, pieces: Iterable[str]) -> None:
        """Write results."""
        self.clear()
        try:
            for piece in pieces:
                self.out.write(piece)
            self.out.flush()
        except BrokenPipeError:
            raise
        except OSError as problem:
            if sys.platform == "win32" and problem.errno == errno.EINVAL:  # what Windows says of a pipe that nobody reads
                raise BrokenPipeError from problem
            with contextlib.suppress(OSError):  # else Python tries once more to write what is left, and complains
                os.dup2(os.open(os.devnull, os.O_WRONLY), self.out.fileno())
            raise UsageError(f"standard output cannot be written ({problem.strerror})") from problem

    def note(self, text: str) -> None:
        """Say something that is no result."""
        if not self.quiet:
            self.complain(text)

    def complain(self, text: str) -> None:
        """Say something that must be read."""
        self.clear()
        self.err.write(f"tunelint: {text}\n")
        self.err.flush()

    def progress(self, name: str, done: int, total: int | None) -> None:
        """Show how far a file is, how fast it is read and how long that will take, on a terminal and after the first second."""
        now = time.monotonic()
        if name != self._file or done < self._done:
            self._file, self._file_began = name, now
        self._done = done
        if not self._progress or now - self._began < _QUIET_SECONDS or now - self._drawn < _STEP_SECONDS:
            return
        self._drawn = now
        self.clear()
        self._line = f"{_pace(done, total, now - self._file_began)}  {name}"[:79]
        self.err.write(f"\r{self._line}")
        self.err.flush()

    def stepper(self, name: str, total: int | None) -> Callable[[int], None]:
        """Return what is told of the bytes of a file that were read since it was last told, and shows how far that is."""
        done = 0

        def step(size: int) -> None:
            nonlocal done
            done += size
            self.progress(name, done, total)

        return step

    def clear(self) -> None:
        """Take the progress away."""
        if self._line:
            self.err.write(f"\r{' ' * len(self._line)}\r")
            self._line = ""


def _pace(done: int, total: int | None, seconds: float) -> str:
    """Return how much of a file is done, MB a second, and the minutes and seconds that are left, as far as that is known."""
    parts = [f"{min(done / total, 1):4.0%}" if total else f"{done / 1e6:,.0f} MB"]
    if seconds > 0 and done:
        parts.append(f"{done / 1e6 / seconds:,.1f} MB/s")
        if total and done < total:
            minutes, rest = divmod(round(seconds * (total - done) / done), 60)
            parts.append(f"{minutes}:{rest:02} left")
    return "  ".join(parts)


def _utf8(stream: TextIO) -> TextIO:
    """Make a stream write UTF-8 whatever the locale says, and line feeds only."""
    if isinstance(stream, io.TextIOWrapper):
        with contextlib.suppress(io.UnsupportedOperation, ValueError):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    return stream


def _wants_color(color: str, out: TextIO) -> bool:
    if color != "auto":
        return color == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return out.isatty() and os.environ.get("TERM") != "dumb"


def write_atomically(path: Path, pieces: Iterable[str]) -> None:
    """Write a file that is either the old or the new one, whatever happens."""
    import tempfile

    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    except OSError as problem:
        raise UsageError(f"{path}: cannot be written ({problem.strerror})") from problem
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n", errors="backslashreplace") as file:
            for piece in pieces:
                file.write(piece)
        mode = path.stat().st_mode if path.exists() else 0o666 & ~_umask()
        Path(temporary).chmod(mode & 0o777)
        Path(temporary).replace(path)
    except OSError as problem:
        raise UsageError(f"{path}: cannot be written ({problem.strerror})") from problem
    finally:
        with contextlib.suppress(FileNotFoundError):
            Path(temporary).unlink()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
