"""Builds the language server: its state, its documents and its handlers."""

import importlib
import logging
import os
import pkgutil
import sys
import threading
import time
from collections.abc import Callable
from typing import Any, Final, TypeVar

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from tunelint import __version__
from tunelint.lsp import handlers
from tunelint.lsp.documents import LineDocument, LineWorkspace, unit_of
from tunelint.lsp.files import OpenFile
from tunelint.settings import SettingsFinder
from tunelint.text.lines import ColumnUnit

__all__ = ["TuneLintServer", "build_server", "guarded"]

F = TypeVar("F", bound=Callable[..., Any])

_LOG: Final = logging.getLogger("tunelint")
_WATCH_SECONDS: Final = 5.0


class TuneLintServer(LanguageServer):
    """The server with its open files. Handlers run on the event loop; linting runs in threads."""

    def __init__(self) -> None:
        super().__init__("tunelint", __version__, text_document_sync_kind=types.TextDocumentSyncKind.Incremental)
        self.files: dict[str, OpenFile] = {}
        self.finder = SettingsFinder()
        self.crashed: set[str] = set()

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


def guarded(feature: str) -> Callable[[F], F]:
    """Keep a crash in one handler from ending the server: it is written to the log once, and the request has no answer."""

    def decorate(handler: F) -> F:
        import functools
        import inspect

        def note(server: TuneLintServer, problem: Exception) -> None:
            _LOG.exception("%s crashed", feature)
            if feature not in server.crashed:
                server.crashed.add(feature)
                server.say(f"{feature} crashed and goes on: {type(problem).__name__}: {problem}", types.MessageType.Error)

        if inspect.iscoroutinefunction(handler):

            @functools.wraps(handler)
            async def waiting(server: TuneLintServer, *arguments: Any) -> Any:
                try:
                    return await handler(server, *arguments)
                except Exception as problem:  # noqa: BLE001
                    note(server, problem)
                    return None

            return waiting  # type: ignore[return-value]

        @functools.wraps(handler)
        def calling(server: TuneLintServer, *arguments: Any) -> Any:
            try:
                return handler(server, *arguments)
            except Exception as problem:  # noqa: BLE001
                note(server, problem)
                return None

        return calling  # type: ignore[return-value]

    return decorate


def build_server() -> TuneLintServer:
    """Return a server with all its features."""
    logging.getLogger("pygls").setLevel(logging.WARNING)  # it would log every text that is sent
    server = TuneLintServer()

    @server.feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        protocol = server.protocol
        old = protocol.workspace
        folders = list(old.folders.values())
        protocol._workspace = LineWorkspace(old.root_uri, types.TextDocumentSyncKind.Incremental, folders, old.position_encoding)
        if params.process_id and sys.platform != "win32":
            threading.Thread(target=_end_with, args=(params.process_id,), daemon=True).start()

    for module in pkgutil.iter_modules(handlers.__path__):
        importlib.import_module(f"{handlers.__name__}.{module.name}").register(server)
    return server


def _end_with(process_id: int) -> None:
    """End this process when the client's is gone, however that ended."""
    while True:
        time.sleep(_WATCH_SECONDS)
        try:
            os.kill(process_id, 0)
        except ProcessLookupError:
            os._exit(0)
        except PermissionError:
            return
