"""Linting from disk, in a process of its own that ends with the work or when the user cancels it."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pygls.uris import to_fs_path

from tunelint.analysis import messages
from tunelint.lsp.analyst import Analyst, AnalystGoneError

if TYPE_CHECKING:
    from tunelint.lsp.server import TuneLintServer

__all__ = ["Jobs"]


class Jobs:
    """The work on files that are not open."""

    def __init__(self, server: "TuneLintServer") -> None:
        self._server = server
        self._running: dict[str, Analyst] = {}

    async def lint(self, uris: Sequence[str], *, searched: bool = False) -> dict[str, Any]:
        """Lint files or folders; return how many files there were and how many findings, or why that was not to be had."""
        server = self._server
        paths = [path for uri in uris if (path := to_fs_path(uri))]
        key = f"disk:{','.join(paths)}"
        if key in self._running:
            self.cancel(key)

        def receive(message: messages.FromWorker) -> None:
            if isinstance(message, messages.Progress):
                server.progresses.report(key, f"Linting {Path(message.uri).name}", message.done, message.total)
            else:
                if isinstance(message, messages.Found):
                    server.from_disk.add(message.uri)
                server.publisher.receive(message)

        analyst = self._running[key] = Analyst(receive, lambda: None, server.complain)
        analyst.start()
        server.progresses.report(key, "Linting the workspace" if searched else "Linting from disk", 0, 1)
        overrides = server.configuration.of(uris[0]) if uris else server.configuration.of("")
        try:
            answer = await analyst.ask(lambda number: messages.LintDisk(number, paths, server.unit, overrides, searched=searched))
        except AnalystGoneError:
            return {"files": 0, "findings": 0, "problem": "cancelled"}
        finally:
            if self._running.get(key) is analyst:
                del self._running[key]
                server.progresses.end(key)
            await analyst.stop()
        return {**answer.result, "problem": answer.problem}

    def cancel(self, key: str) -> None:
        """End a piece of work."""
        analyst = self._running.get(key)
        if analyst is not None:
            self._server.spawn(analyst.stop())
