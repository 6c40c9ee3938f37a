"""A client of a language server that only reads and writes messages, and can say what no library would let it."""

import asyncio
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tunelint.text.lines import LineStore, Position, to_code_points

RESOLVES = {"textDocument": {"codeAction": {"resolveSupport": {"properties": ["edit"]}}}}
"""Capabilities of a client that asks for the edits of an action once it is chosen."""

PATIENCE = 30.0
"""Seconds after which a test fails that waits for what never comes."""


class Client:
    """One server process. `answers` say what the client answers to requests of the server, by method."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.published: asyncio.Queue[tuple[float, dict[str, Any]]] = asyncio.Queue()
        self.notifications: list[tuple[str, Any]] = []
        self.requests: list[tuple[str, Any]] = []
        self.answers: dict[str, Callable[[Any], Any]] = {}
        self.result: Any = None
        self._pending: dict[int, asyncio.Future[Any]] = {}
        self._number = 0
        self._news = asyncio.Event()
        self._reader = asyncio.create_task(self._read())

    @classmethod
    async def launch(cls, server: Sequence[str] = ("tunelint", "server")) -> "Client":
        """Start a server, which is a module with its arguments, and say nothing to it."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            *server,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=1 << 26,
        )
        return cls(process)

    @classmethod
    async def start(
        cls,
        *,
        capabilities: dict[str, Any] | None = None,
        options: dict[str, Any] | None = None,
        root: Path | None = None,
        answers: dict[str, Callable[[Any], Any]] | None = None,
        process_id: int | None = None,
        server: Sequence[str] = ("tunelint", "server"),
    ) -> "Client":
        """Start a server and shake hands with it."""
        client = await cls.launch(server)
        client.answers = answers or {}
        folders = [{"uri": root.as_uri(), "name": root.name}] if root is not None else None
        client.result = await client.ask(
            "initialize",
            {
                "processId": process_id,
                "rootUri": root.as_uri() if root is not None else None,
                "workspaceFolders": folders,
                "capabilities": capabilities or {},
                "initializationOptions": options,
                "clientInfo": {"name": "tests", "version": "1"},
            },
        )
        client.tell("initialized", {})
        return client

    def tell(self, method: str, params: Any) -> None:
        """Send a notification."""
        self.write({"method": method, "params": params})

    def request(self, method: str, params: Any) -> "tuple[int, asyncio.Future[Any]]":
        """Send a request; return its number and what its result will be in."""
        self._number += 1
        future = self._pending[self._number] = asyncio.get_running_loop().create_future()
        self.write({"id": self._number, "method": method, "params": params})
        return self._number, future

    async def ask(self, method: str, params: Any) -> Any:
        """Send a request and wait for its result."""
        return await asyncio.wait_for(self.request(method, params)[1], PATIENCE)

    async def command(self, name: str, *arguments: Any) -> Any:
        """Execute a command of the server."""
        return await self.ask("workspace/executeCommand", {"command": name, "arguments": list(arguments)})

    async def diagnostics(
        self, uri: str, version: int | None = None, until: Callable[[list[Any]], bool] | None = None
    ) -> list[Any]:
        """Wait for findings of a document, of that version and such as `until` accepts."""
        while True:
            _, params = await asyncio.wait_for(self.published.get(), PATIENCE)
            if params["uri"] != uri or (version is not None and params.get("version") != version):
                continue
            if until is None or until(params["diagnostics"]):
                found: list[Any] = params["diagnostics"]
                return found

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something that the server sends makes a condition true."""
        while not condition():
            self._news.clear()
            await asyncio.wait_for(self._news.wait(), PATIENCE)

    async def close(self) -> int:
        """End the server as a client does; return its exit code."""
        await self.ask("shutdown", None)
        self.tell("exit", None)
        code = await asyncio.wait_for(self.process.wait(), PATIENCE)
        self._reader.cancel()
        return code

    async def drain(self) -> None:
        """Wait until what was sent is on its way."""
        assert self.process.stdin is not None
        await self.process.stdin.drain()

    def write(self, message: dict[str, Any]) -> None:
        """Send a message."""
        self.write_raw(json.dumps({"jsonrpc": "2.0", **message}, ensure_ascii=False).encode("utf-8", "surrogatepass"))

    def write_raw(self, data: bytes) -> None:
        """Send bytes as a message."""
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(data) + data)

    async def _read(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while True:
            size = 0
            while (line := await stream.readline()).strip():
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    size = int(value)
            if not line:
                return
            self._take(json.loads(await stream.readexactly(size)))
            self._news.set()

    def _take(self, message: dict[str, Any]) -> None:
        method, params = message.get("method"), message.get("params")
        if method == "textDocument/publishDiagnostics":
            assert params is not None
            self.published.put_nowait((time.perf_counter(), params))
        elif method is not None and "id" in message:
            self.requests.append((method, params))
            answer = self.answers.get(method)
            self.write({"id": message["id"], "result": answer(params) if answer is not None else None})
        elif method is not None:
            self.notifications.append((method, params))
        else:
            future = self._pending.pop(message["id"], None) if isinstance(message.get("id"), int) else None
            if future is None or future.done():
                self.notifications.append(("stray", message))
            elif "error" in message:
                future.set_exception(RuntimeError(str(message["error"])))
            else:
                future.set_result(message["result"])


class Buffer:
    """A document in the client's editor, whose columns are UTF-16 code units."""

    def __init__(self, client: Client, uri: str, text: str, language: str = "jsonl") -> None:
        self.client = client
        self.uri = uri
        self.store = LineStore(text)
        self.version = 1
        client.tell(
            "textDocument/didOpen",
            {"textDocument": {"uri": uri, "languageId": language, "version": 1, "text": text}},
        )

    @property
    def text(self) -> str:
        """The text as the client has it."""
        return self.store.text

    @property
    def identifier(self) -> dict[str, Any]:
        """The document as requests name it."""
        return {"uri": self.uri}

    def edit(self, line: int, start: int, end: int, text: str, end_line: int | None = None) -> None:
        """Replace characters of a line, counted in UTF-16 code units."""
        where = {
            "start": {"line": line, "character": start},
            "end": {"line": end_line if end_line is not None else line, "character": end},
        }
        self._apply(where, text)
        self._tell([{"range": where, "text": text}])

    def apply(self, edits: list[dict[str, Any]]) -> None:
        """Carry out edits of the server, last one first, as an editor does."""
        ordered = sorted(edits, key=lambda one: (one["range"]["start"]["line"], one["range"]["start"]["character"]), reverse=True)
        for one in ordered:
            self._apply(one["range"], one["newText"])
        self._tell([{"range": one["range"], "text": one["newText"]} for one in ordered])

    def replace(self, text: str) -> None:
        """Replace all of the text."""
        self.store = LineStore(text)
        self._tell([{"text": text}])

    def close(self) -> None:
        """Close the document."""
        self.client.tell("textDocument/didClose", {"textDocument": self.identifier})

    def _tell(self, changes: list[dict[str, Any]]) -> None:
        self.version += 1
        self.client.tell(
            "textDocument/didChange",
            {"textDocument": {"uri": self.uri, "version": self.version}, "contentChanges": changes},
        )

    def _apply(self, where: dict[str, Any], text: str) -> None:
        self.store.splice(self._position(where["start"]), self._position(where["end"]), text)

    def _position(self, there: dict[str, int]) -> Position:
        line = there["line"]
        if line >= len(self.store.lines):
            return Position(line, 0)
        return Position(line, to_code_points(self.store.lines[line], there["character"], "utf-16"))
