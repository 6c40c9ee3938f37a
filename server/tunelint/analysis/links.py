"""The datasets that open configs name: the text of an open one counts, not the file; each is read once until it changes."""

import os
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import msgspec

from tunelint.core.dataset import FileFacts
from tunelint.core.errors import UserError
from tunelint.engine.disk_files import DiskFiles
from tunelint.engine.linter import Linter, Request
from tunelint.engine.locate import Origin
from tunelint.engine.plan import Selection
from tunelint.engine.project import Linker
from tunelint.engine.sources.base import Batch, Source
from tunelint.engine.sources.opening import open_stream
from tunelint.engine.sources.streams import from_bytes
from tunelint.trainers import Config

if TYPE_CHECKING:
    from tunelint.costs.report import CostReport
    from tunelint.engine.lengths import FileLengths

__all__ = ["Links", "NotYetError"]


class NotYetError(BaseException):
    """A dataset would have to be read, which takes longer than a keystroke may. No fault that a rule's guard would catch."""


class HasText(Protocol):
    """An open document."""

    @property
    def text(self) -> str:
        """The whole text."""
        ...


class Links:
    """Finds and reads datasets for the configs of all open documents.

    `open_at` gives the open document with an absolute path, None where none is open. `pulse` is called while a
    dataset is read, and may raise to give it up. `request_of` gives what the settings say of a dataset.
    """

    def __init__(
        self,
        open_at: Callable[[str], HasText | None],
        pulse: Callable[[], None],
        request_of: Callable[[str], Request] = lambda path: Request(selection=Selection(frozenset())),
    ) -> None:
        self._files = _OpenFiles(open_at, pulse)
        self._linker = Linker(self._files)
        self._request_of = request_of
        self._lengths: dict[str, FileLengths | None] = {}

    def linker(self, *, quick: bool) -> Linker:
        """Return what links configs.

        A quick one takes what was known of a dataset before it changed, and raises NotYetError for one that was never read.
        """
        for path in self._files.changed():
            self._gone(path)
        self._files.quick = self._linker.lenient = quick
        self._linker.used_old = False
        return self._linker

    def costs(self, config: Config, request: Request, *, quick: bool) -> "CostReport":
        """Return what a config's run or job costs, with its datasets; a quick answer is made as `linker` says."""
        from tunelint.costs.refreshed import refreshed_prices
        from tunelint.engine.run_costs import RunCoster  # 40 ms that only an open config needs

        link = self.linker(quick=quick).link(config, lengths=True)
        today = date.fromisoformat(request.today)
        return RunCoster(self._files, self._count, today, refreshed_prices()).report(link, request.use)

    def _count(self, path: str) -> "FileLengths | None":
        from tunelint.engine.lengths import read_lengths

        if path not in self._lengths:
            request = msgspec.structs.replace(self._request_of(path), selection=Selection(frozenset()), limit=None)
            try:
                self._lengths[path] = read_lengths(Linter(self._files.source(path), request))
            except (UserError, OSError, ValueError, ModuleNotFoundError):
                self._lengths[path] = None
        return self._lengths[path]

    @property
    def stale(self) -> bool:
        """Whether the last config was linted with what was known of a dataset before that changed."""
        return self._linker.used_old

    def forget(self, path: str) -> bool:
        """Forget what was read of a file, whose text has changed; tell whether anything was."""
        path = os.path.abspath(path)  # noqa: PTH100  # pathlib's resolves links, under which no editor knows a file
        known = [name for name in self._files.stamps if os.path.abspath(name) == path]  # noqa: PTH100
        for name in known:
            self._files.stamps.pop(name)
            self._gone(name)
        return bool(known)

    def _gone(self, path: str) -> None:
        self._linker.forget(path)
        self._lengths.pop(path, None)

    def reset(self) -> None:
        """Forget everything."""
        self._files.stamps.clear()
        self._lengths.clear()
        self._linker = Linker(self._files)


class _OpenFiles(DiskFiles):
    """The disk with open documents before it."""

    def __init__(self, open_at: Callable[[str], HasText | None], pulse: Callable[[], None]) -> None:
        self._open_at = open_at
        self._pulse = pulse
        self.quick = False
        self.stamps: dict[str, tuple[int, int] | None] = {}
        """When and how large the files were that were read; None for texts of open documents."""

    def _text(self, path: str) -> bytes | None:
        document = self._open_at(os.path.abspath(path))  # noqa: PTH100
        return document.text.encode("utf-8", "surrogatepass") if document is not None else None

    def changed(self) -> list[str]:
        """Return the files that are not as they were when they were read, and forget when that was."""
        found = [path for path, stamp in self.stamps.items() if stamp is not None and stamp != self._stamp(path)]
        for path in found:
            del self.stamps[path]
        return found

    def _stamp(self, path: str) -> tuple[int, int] | None:
        try:
            status = Path(path).stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size

    def kind(self, path: str) -> str:
        """Return what lies at a path."""
        return "file" if self._open_at(os.path.abspath(path)) is not None else super().kind(path)  # noqa: PTH100

    def read(self, path: str) -> bytes:
        """Return the bytes of a file."""
        text = self._text(path)
        self.stamps[path] = self._stamp(path) if text is None else None
        return text if text is not None else super().read(path)

    def size(self, path: str) -> int:
        """Return the bytes of a file."""
        text = self._text(path)
        return len(text) if text is not None else super().size(path)

    def source(self, path: str) -> Source:
        """Return the records of a file."""
        if self.quick:
            raise NotYetError
        text = self._text(path)
        self.stamps[path] = self._stamp(path) if text is None else None
        source = open_stream(from_bytes(text, path)) if text is not None else super().source(path)
        return _Pulsed(source, self._pulse)


class _Pulsed:
    """A source whose reading can be given up."""

    def __init__(self, source: Source, pulse: Callable[[], None]) -> None:
        self._source = source
        self._pulse = pulse

    @property
    def facts(self) -> FileFacts:
        """What is known of the file."""
        return self._source.facts

    @facts.setter
    def facts(self, facts: FileFacts) -> None:
        self._source.facts = facts

    def batches(self) -> Iterator[Batch]:
        """Yield the records in the order of the file."""
        for batch in self._source.batches():
            self._pulse()
            yield batch

    def fetch(self, handles: Iterable[int]) -> dict[int, tuple[bytes, Origin]]:
        """Read some records again."""
        return self._source.fetch(handles)
