"""Linting from disk, in a process of its own that ends with the work or when the user cancels it."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pygls.uris import to_fs_path

from tunelint.analysis import messages
from tunelint.lsp.analyst import Analyst, AnalystGoneError
from tunelint.lsp.files import name_of

if TYPE_CHECKING:
    from tunelint.lsp.server import TuneLintServer

__all__ = ["Jobs"]

_QUIET: Final = 0.3
"""Seconds in which changes of files are gathered."""


class Jobs:
    """The work on files that are not open."""

    def __init__(self, server: "TuneLintServer") -> None:
        self._server = server
        self._running: dict[str, Analyst] = {}
        self._cancelled: set[Analyst] = set()
        self._changed: dict[str, None] = {}
        self._following = False

    def follow(self, uri: str) -> None:
        """Lint a file that has changed, soon: many may change at once, and all of them take one process."""
        self._changed[uri] = None
        if not self._following:
            self._following = True
            self._server.spawn(self._lint_changed())

    async def _lint_changed(self) -> None:
        try:
            while self._changed:
                await asyncio.sleep(_QUIET)
                uris = list(self._changed)
                self._changed.clear()
                await self.lint(uris)
        finally:
            self._following = False

    async def lint(self, uris: Sequence[str], *, searched: bool = False) -> dict[str, Any]:
        """Lint files or folders; return how many files there were and how many findings, or why that was not to be had."""
        server = self._server
        paths = [path for uri in uris if (path := to_fs_path(uri))]
        key = f"disk:{','.join(paths)}"
        if key in self._running:
            self.cancel(key)

        title = "Linting the workspace" if searched else "Linting from disk"

        def receive(message: messages.FromWorker) -> None:
            if isinstance(message, messages.Progress):
                server.progresses.report(key, title, message.done, message.total, Path(name_of(message.uri)).name)
            else:
                if isinstance(message, messages.Found):
                    server.from_disk[message.path] = message.uri
                server.publisher.receive(message)

        analyst = self._running[key] = Analyst(receive, lambda: None, server.complain)
        analyst.start()
        server.progresses.report(key, title, 0, 1)
        overrides = server.configuration.of(uris[0]) if uris else server.configuration.of("")
        try:
            answer = await analyst.ask(lambda number: messages.LintDisk(number, paths, server.unit, overrides, searched=searched))
        except AnalystGoneError as gone:
            return {"files": 0, "findings": 0, "problem": "cancelled" if analyst in self._cancelled else str(gone)}
        finally:
            if self._running.get(key) is analyst:
                del self._running[key]
                server.progresses.end(key)
            self._cancelled.discard(analyst)
            await analyst.stop()
        return {**answer.result, "problem": answer.problem}

    def cancel(self, key: str) -> None:
        """End a piece of work."""
        analyst = self._running.get(key)
        if analyst is not None:
            self._cancelled.add(analyst)
            self._server.spawn(analyst.stop())
