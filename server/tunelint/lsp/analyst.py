"""The other end of the process that follows documents: started at once, started again when it dies, ended with the server."""

import asyncio
import contextlib
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import msgspec

import tunelint
from tunelint.analysis import messages

__all__ = ["Analyst", "AnalystGoneError", "see_off"]

_MOST_STARTS: Final = 3
_WITHIN: Final = 60.0
"""The process is started again, but not more often than so many times in so many seconds."""

_ONE_CORE: Final = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
"""What is worked out beside somebody who types leaves the other cores alone."""

_LINGERING: Final = 2.0
"""Seconds that a process may take to end once it has closed its output."""


class AnalystGoneError(Exception):
    """The process ended before it could answer."""


class Analyst:
    """One process that follows documents. What is sent before it runs waits; nothing here blocks the event loop."""

    def __init__(
        self,
        receive: Callable[[messages.FromWorker], None],
        restarted: Callable[[], None],
        complain: Callable[[str], None],
    ) -> None:
        """Start nothing yet; `restarted` is called when a new process knows no document, `complain` when none is to be had."""
        self._receive = receive
        self._restarted = restarted
        self._complain = complain
        self._process: asyncio.subprocess.Process | None = None
        self._waiting: list[bytes] = []
        self._asked: dict[int, asyncio.Future[messages.Answer]] = {}
        self._numbers = 0
        self._starts: list[float] = []
        self._closing = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start the process, soon."""
        if self._task is None or self._task.done():
            self._closing = False
            self._task = asyncio.get_running_loop().create_task(self._run())

    @property
    def process_id(self) -> int | None:
        """The process, once it runs."""
        return self._process.pid if self._process is not None else None

    def send(self, message: messages.ToWorker) -> None:
        """Send a message."""
        data = messages.frame(message)
        stream = self._process.stdin if self._process is not None else None
        if stream is None or stream.is_closing():
            self._waiting.append(data)
        else:
            stream.write(data)

    async def ask(self, make: Callable[[int], messages.ToWorker]) -> messages.Answer:
        """Send a question, made from its number, and wait for the answer; raises AnalystGoneError when none will come."""
        self._numbers += 1
        number = self._numbers
        future: asyncio.Future[messages.Answer] = asyncio.get_running_loop().create_future()
        self._asked[number] = future
        self.send(make(number))
        try:
            return await future
        finally:
            self._asked.pop(number, None)

    async def stop(self) -> None:
        """End the process."""
        self._closing = True
        process = self._process
        if process is not None and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        self._give_up()

    def _give_up(self) -> None:
        for future in self._asked.values():
            if not future.done():
                future.set_exception(AnalystGoneError("the process that follows documents has ended"))

    async def _run(self) -> None:
        while not self._closing:
            now = time.monotonic()
            self._starts = [start for start in self._starts if now - start < _WITHIN]
            if len(self._starts) >= _MOST_STARTS:
                self._complain("the process that follows documents ended several times; close and open a document to try again")
                return
            again = bool(self._starts)
            self._starts.append(now)
            if again:
                self._waiting.clear()
            self._process = process = await _spawn()
            if again:
                self._complain("the process that follows documents ended and was started again")
                self._restarted()
            assert process.stdin is not None
            for data in self._waiting:
                process.stdin.write(data)
            self._waiting.clear()
            await self._listen(process)
            self._process = None
            self._give_up()

    async def _listen(self, process: asyncio.subprocess.Process) -> None:
        stream = process.stdout
        assert stream is not None
        decoder = msgspec.msgpack.Decoder(messages.FromWorker)
        try:
            while True:
                (size,) = messages.HEADER.unpack(await stream.readexactly(messages.HEADER.size))
                message: messages.FromWorker = decoder.decode(await stream.readexactly(size))
                if isinstance(message, messages.Answer):
                    future = self._asked.get(message.id)
                    if future is not None and not future.done():
                        future.set_result(message)
                else:
                    self._receive(message)
        except (asyncio.IncompleteReadError, ConnectionError):
            await see_off(process)


async def see_off(process: asyncio.subprocess.Process) -> None:
    """Wait for the end of a process that has closed its output; one that lingers is killed.

    To kill one that has ended would take its exit code away from the event loop, which complains on standard error.
    """
    try:
        await asyncio.wait_for(process.wait(), _LINGERING)
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def _spawn() -> asyncio.subprocess.Process:
    """Start the process with this interpreter and this package, wherever the package was found."""
    folder = str(Path(tunelint.__file__).parents[1])
    known = os.environ.get("PYTHONPATH")
    environment = {**_ONE_CORE, **os.environ, "PYTHONPATH": os.pathsep.join([folder, *([known] if known else [])])}
    options: dict[str, Any] = {"creationflags": 0x08000000} if sys.platform == "win32" else {}  # no console window
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tunelint.analysis",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=environment,
        limit=1 << 22,
        **options,
    )
