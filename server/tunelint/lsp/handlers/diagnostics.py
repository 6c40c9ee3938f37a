"""Diagnostics: published after a short quiet, with the version of the text that they are about."""

import asyncio
from typing import Final

from lsprotocol import types

from tunelint.lsp.convert import to_protocol
from tunelint.lsp.files import OpenFile, is_dataset
from tunelint.lsp.server import TuneLintServer, guarded
from tunelint.settings import SettingsFinder

__all__ = ["publish_now", "register"]

_QUIET_SECONDS: Final = 0.1
_SETTINGS: Final = ("tunelint.toml", ".tunelint.toml", "pyproject.toml")


class _Scheduler:
    """At most one lint a document at a time; the next one starts after the last edit and a short quiet."""

    def __init__(self, server: TuneLintServer) -> None:
        self._server = server
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def wake(self, uri: str, quiet: float = _QUIET_SECONDS) -> None:
        """Lint a document soon."""
        task = self._tasks.get(uri)
        if task is not None:
            task.cancel()
        self._tasks[uri] = asyncio.get_running_loop().create_task(self._run(uri, quiet))

    def forget(self, uri: str) -> None:
        """Lint a document no more."""
        task = self._tasks.pop(uri, None)
        if task is not None:
            task.cancel()

    async def _run(self, uri: str, quiet: float) -> None:
        await asyncio.sleep(quiet)
        await publish_now(self._server, uri)


@guarded("linting")
async def publish_now(server: TuneLintServer, uri: str) -> None:
    """Lint a document in a thread and publish what was found, unless it has changed again in the meantime."""
    file = server.files.get(uri)
    if file is None:
        return
    version = file.document.version
    problem = file.problem
    found = await asyncio.to_thread(file.lint, server.finder)
    if file.problem and file.problem != problem:
        server.say(f"{file.problem}; the defaults hold until it is mended", types.MessageType.Error)
    if server.files.get(uri) is not file or file.document.version != version:
        return
    diagnostics = to_protocol(found, file.document.lines, uri, server.unit)
    server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, diagnostics, version))


def register(server: TuneLintServer) -> None:
    """Follow documents and settings."""
    scheduler = _Scheduler(server)

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    @guarded("opening")
    def opened(server: TuneLintServer, params: types.DidOpenTextDocumentParams) -> None:
        document = server.document(params.text_document.uri)
        if is_dataset(document):
            server.files[document.uri] = OpenFile(document)
            scheduler.wake(document.uri, 0.0)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    @guarded("editing")
    def changed(server: TuneLintServer, params: types.DidChangeTextDocumentParams) -> None:
        if params.text_document.uri in server.files:
            scheduler.wake(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    @guarded("saving")
    def saved(server: TuneLintServer, params: types.DidSaveTextDocumentParams) -> None:
        if params.text_document.uri.endswith(_SETTINGS):
            _settings_changed(server, scheduler)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    @guarded("closing")
    def closed(server: TuneLintServer, params: types.DidCloseTextDocumentParams) -> None:
        uri = params.text_document.uri
        scheduler.forget(uri)
        if server.files.pop(uri, None) is not None:
            server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    @guarded("watching")
    def watched(server: TuneLintServer, params: types.DidChangeWatchedFilesParams) -> None:
        if any(change.uri.endswith(_SETTINGS) for change in params.changes):
            _settings_changed(server, scheduler)


def _settings_changed(server: TuneLintServer, scheduler: _Scheduler) -> None:
    server.finder = SettingsFinder()
    for uri, file in server.files.items():
        file.settings_changed()
        scheduler.wake(uri)
