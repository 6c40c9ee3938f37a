"""Documents: opened, edited, saved and closed. An edit is passed on at once, and what is shown moves with it."""

import asyncio
from typing import Final

from lsprotocol import types

from tunelint.analysis import messages
from tunelint.analysis.memory import give_back
from tunelint.lsp.documents import LineDocument
from tunelint.lsp.files import OpenFile, is_followed, name_of
from tunelint.lsp.server import TuneLintServer, guarded
from tunelint.lsp.settings_files import is_settings, settings_diagnostics

__all__ = ["register"]

_LARGE: Final = 4 << 20
"""Characters of a document whose message took memory that is worth giving back."""

_LATER: Final = 2.0
"""Seconds after which the message is gone."""


def _show_settings(server: TuneLintServer, document: LineDocument) -> None:
    found = settings_diagnostics(document)
    server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(document.uri, found, document.version))


def register(server: TuneLintServer) -> None:
    """Follow documents."""

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    @guarded("opening")
    async def opened(server: TuneLintServer, params: types.DidOpenTextDocumentParams) -> None:
        uri = params.text_document.uri
        document = server.document(uri)
        if is_settings(uri):
            _show_settings(server, document)
            return
        if not is_followed(document):
            return
        file = server.files[uri] = OpenFile(document)
        await server.configuration.fetch(uri)
        if server.files.get(uri) is file:
            file.following = True
            server.open(uri)
            if len(params.text_document.text) >= _LARGE:
                asyncio.get_running_loop().call_later(_LATER, give_back)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    @guarded("editing")
    def changed(server: TuneLintServer, params: types.DidChangeTextDocumentParams) -> None:
        file = server.files.get(params.text_document.uri)
        if is_settings(params.text_document.uri):
            _show_settings(server, server.document(params.text_document.uri))
        if file is None:
            return
        changes, splices = file.document.take_pending()
        if file.following:
            file.follow(splices)
            server.analyst.send(messages.Edit(file.document.uri, file.document.version, changes))

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    @guarded("saving")
    def saved(server: TuneLintServer, params: types.DidSaveTextDocumentParams) -> None:
        file = server.files.get(params.text_document.uri)
        if is_settings(params.text_document.uri):
            server.analyst.send(messages.Refresh())
        if file is not None and not file.following:  # it was cancelled; saving asks for it again
            file.following = True
            server.open(file.document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    @guarded("closing")
    def closed(server: TuneLintServer, params: types.DidCloseTextDocumentParams) -> None:
        uri = params.text_document.uri
        server.configuration.forget(uri)
        if server.files.pop(uri, None) is not None:
            server.analyst.send(messages.Close(uri))
            server.progresses.end(uri)
            server.publisher.clear(uri)
            if name_of(uri) in server.from_disk:  # what is in the file is shown again in the place of what was in the editor
                server.jobs.follow(uri)
        elif is_settings(uri):
            server.publisher.clear(uri)
