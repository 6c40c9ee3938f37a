"""Subcommands of tunelint that an editor starts: each a process of its own, with progress, that the user can cancel."""

import asyncio
import contextlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tunelint.lsp.server import TuneLintServer

__all__ = ["Ended", "Programs"]


class Ended(NamedTuple):
    """How a subcommand ended: its exit code, None if it was cancelled, and what it wrote."""

    code: int | None
    out: str
    notes: tuple[str, ...]
    """The lines that it wrote beside its result, without its name before them."""

    @property
    def problem(self) -> str:
        """What went wrong, in a line; empty where nothing did."""
        if self.code is None:
            return "cancelled"
        return "" if not self.code else self.notes[-1] if self.notes else f"ended with code {self.code}"


class Programs:
    """The subcommands that run."""

    def __init__(self, server: "TuneLintServer") -> None:
        self._server = server
        self._running: dict[str, asyncio.subprocess.Process] = {}
        self._cancelled: set[str] = set()

    async def run(self, title: str, arguments: Sequence[str], folder: Path) -> Ended:
        """Run a subcommand in a folder; a second run of the same waits for nobody and is not shown as its own."""
        key = f"program:{' '.join(arguments)}"
        server = self._server
        environment = {**os.environ, "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1"}
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tunelint",
            *arguments,
            cwd=folder,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        self._running[key] = process
        server.progresses.report(key, title, 0, 1)
        try:
            out, notes = await process.communicate()
        finally:
            self._running.pop(key, None)
            server.progresses.end(key)
        cancelled = key in self._cancelled
        self._cancelled.discard(key)
        lines = notes.decode("utf-8", "replace").splitlines()
        said = tuple(line.removeprefix("tunelint: ") for line in lines if line.strip())
        return Ended(None if cancelled else process.returncode, out.decode("utf-8", "replace"), said)

    def cancel(self, key: str) -> None:
        """End a subcommand."""
        process = self._running.get(key)
        if process is not None:
            self._cancelled.add(key)
            with contextlib.suppress(ProcessLookupError):
                process.terminate()

    def cancel_all(self) -> None:
        """End all of them."""
        for key in list(self._running):
            self.cancel(key)
