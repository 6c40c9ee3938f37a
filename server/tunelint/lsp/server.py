"""Builds the language server: its state, its documents and its handlers."""

import asyncio
import functools
import importlib
import inspect
import logging
import os
import pkgutil
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from tunelint import __version__
from tunelint.analysis import messages
from tunelint.lsp import handlers
from tunelint.lsp.analyst import Analyst
from tunelint.lsp.configuration import Configuration
from tunelint.lsp.documents import LineDocument, LineWorkspace, unit_of
from tunelint.lsp.files import OpenFile
from tunelint.lsp.jobs import Jobs
from tunelint.lsp.programs import Programs
from tunelint.lsp.progress import Progresses
from tunelint.lsp.protocol import Protocol
from tunelint.lsp.publishing import Publisher
from tunelint.text.lines import ColumnUnit

__all__ = ["TuneLintServer", "build_server", "guarded"]

F = TypeVar("F", bound=Callable[..., Any])

_LOG: Final = logging.getLogger("tunelint")
_WATCH_SECONDS: Final = 5.0


class TuneLintServer(LanguageServer):
    """The server with its open files. Its handlers only pass on and convert; the analyst's process does the work."""

    def __init__(self) -> None:
        super().__init__(
            "tunelint",
            __version__,
            text_document_sync_kind=types.TextDocumentSyncKind.Incremental,
            protocol_cls=Protocol,
        )
        self.files: dict[str, OpenFile] = {}
        self.from_disk: dict[str, str] = {}
        """Paths of files that were linted from disk, and are again when they change, with the addresses of their findings."""
        self.options: dict[str, Any] = {}
        """What the client said when it started: see `handlers.lifecycle`."""
        self.client = "unknown"
        """Name and version of the client."""
        self.rule_scheme = ""
        """The scheme under which the client shows pages of rules."""
        self.crashed: set[str] = set()
        self.publisher = Publisher(self)
        self.progresses = Progresses(self)
        self.configuration = Configuration(self)
        self.jobs = Jobs(self)
        self.programs = Programs(self)
        self.analyst = Analyst(self.publisher.receive, self.reopen, self.complain)
        self._tasks: set[asyncio.Task[Any]] = set()

    @property
    def unit(self) -> ColumnUnit:
        """What a column of the client counts."""
        return unit_of(self.workspace.position_encoding)

    def document(self, uri: str) -> LineDocument:
        """Return a document."""
        document = self.workspace.get_text_document(uri)
        assert isinstance(document, LineDocument)
        return document

    def say(self, text: str, kind: types.MessageType = types.MessageType.Info) -> None:
        """Write to the client's log."""
        self.window_log_message(types.LogMessageParams(kind, text))

    def tell(self, text: str) -> None:
        """Show the user something that is no problem."""
        self.window_show_message(types.ShowMessageParams(types.MessageType.Info, f"TuneLint: {text}"))

    def complain(self, text: str) -> None:
        """Show a message to the user."""
        self.window_show_message(types.ShowMessageParams(types.MessageType.Warning, f"TuneLint: {text}"))

    def open(self, uri: str, *, asked: bool = False) -> None:
        """Let the analyst follow a document, from the text it has now."""
        file = self.files[uri]
        file.document.take_pending()
        self.analyst.send(
            messages.Open(uri, file.name, file.document.source, file.document.version, self.configuration.of(uri), asked)
        )

    def reopen(self) -> None:
        """Tell a new process of all open documents."""
        for uri in self.files:
            self.open(uri)

    def spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        """Do something beside the handling of messages."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def guarded(feature: str) -> Callable[[F], F]:
    """Keep a crash in one handler from ending the server: it is written to the log once, and the request has no answer."""

    def note(server: TuneLintServer, problem: Exception) -> None:
        if feature not in server.crashed:
            server.crashed.add(feature)
            _LOG.error("%s crashed", feature, exc_info=problem)
            server.say(f"{feature} crashed and goes on: {type(problem).__name__}: {problem}", types.MessageType.Error)

    def decorate(handler: F) -> F:
        if inspect.iscoroutinefunction(handler):

            @functools.wraps(handler)
            async def waiting(server: TuneLintServer, *arguments: Any) -> Any:
                try:
                    return await handler(server, *arguments)
                except Exception as problem:  # one feature's crash must not end the others  # noqa: BLE001
                    note(server, problem)
                    return None

            return waiting  # type: ignore[return-value]

        @functools.wraps(handler)
        def calling(server: TuneLintServer, *arguments: Any) -> Any:
            try:
                return handler(server, *arguments)
            except Exception as problem:  # one feature's crash must not end the others  # noqa: BLE001
                note(server, problem)
                return None

        return calling  # type: ignore[return-value]

    return decorate


def build_server() -> TuneLintServer:
    """Return a server with all its features."""
    logging.getLogger("pygls").setLevel(logging.WARNING)  # it would log every text that is sent
    server = TuneLintServer()
    for module in pkgutil.iter_modules(handlers.__path__):
        importlib.import_module(f"{handlers.__name__}.{module.name}").register(server)
    return server


def use_own_documents(server: TuneLintServer) -> None:
    """Put documents that are lines in the place of pygls' own."""
    old = server.protocol.workspace
    folders = list(old.folders.values())
    server.protocol._workspace = LineWorkspace(  # pygls has no public way to choose the documents' class
        old.root_uri, types.TextDocumentSyncKind.Incremental, folders, old.position_encoding
    )


def end_with(process_id: int | None) -> None:
    """End this process when the client's is gone, however that ended."""
    if process_id and sys.platform != "win32":
        threading.Thread(target=_watch, args=(process_id,), daemon=True).start()


def _watch(process_id: int) -> None:
    while True:
        time.sleep(_WATCH_SECONDS)
        try:
            os.kill(process_id, 0)
        except ProcessLookupError:
            os._exit(0)
        except PermissionError:
            return
