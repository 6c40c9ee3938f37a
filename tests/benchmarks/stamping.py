"""A language server that tells when its handler of an edit was entered: TuneLint's, or one of the bare library.

    python -m tests.benchmarks.stamping tunelint|pygls

The clock is the machine's, so a client can subtract when it sent the edit. The bare one does nothing with a document but keep it.
"""

import sys
import time
from typing import Any, Final

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from tunelint.lsp.server import build_server

__all__ = ["ENTERED"]

ENTERED: Final = "bench/entered"
"""A request, answered with the version of the document that was edited last and when the handler of that edit was entered."""


def bare_server() -> LanguageServer:
    """Return a server that keeps documents as the library does, and lints nothing."""
    server = LanguageServer("bare", "1", text_document_sync_kind=types.TextDocumentSyncKind.Incremental)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def changed(params: types.DidChangeTextDocumentParams) -> None:
        """Do nothing."""

    return server


def stamp(server: LanguageServer) -> LanguageServer:
    """Note when the handler of edits is entered, and answer for that."""
    handler = server.protocol.fm.features[types.TEXT_DOCUMENT_DID_CHANGE]
    last: tuple[int, float] = (0, 0.0)

    def changed(params: types.DidChangeTextDocumentParams) -> Any:
        nonlocal last
        last = (params.text_document.version, time.perf_counter())
        return handler(params)

    server.protocol.fm.features[types.TEXT_DOCUMENT_DID_CHANGE] = changed

    @server.feature(ENTERED)
    def entered(params: Any) -> tuple[int, float]:
        return last

    return server


if __name__ == "__main__":
    stamp(build_server() if sys.argv[1] == "tunelint" else bare_server()).start_io()
