"""Diagnostics on request, for clients that ask for them instead of having them pushed."""

from lsprotocol import types

from tunelint.lsp.server import TuneLintServer, guarded

__all__ = ["register", "register_now", "wanted"]


def register(server: TuneLintServer) -> None:
    """Offer nothing yet: whether the client wants to ask is known when it starts."""


def wanted(server: TuneLintServer, capabilities: types.ClientCapabilities) -> bool:
    """Tell whether the client wants to ask: it says so, or it can do nothing else."""
    documents = capabilities.text_document
    if documents is None or documents.diagnostic is None:
        return False
    return server.options.get("diagnostics") == "pull" or documents.publish_diagnostics is None


def register_now(server: TuneLintServer) -> None:
    """Answer requests for diagnostics, and push none."""
    server.publisher.pull = True

    @server.feature(
        types.TEXT_DOCUMENT_DIAGNOSTIC,
        types.DiagnosticOptions(inter_file_dependencies=True, workspace_diagnostics=False, identifier="tunelint"),
    )
    @guarded("diagnostics")
    def diagnostics(server: TuneLintServer, params: types.DocumentDiagnosticParams) -> types.DocumentDiagnosticReport:
        file = server.files.get(params.text_document.uri)
        if file is None:
            return types.RelatedFullDocumentDiagnosticReport([])
        result = f"{file.document.version}-{file.revision}-{file.complete}"
        if params.previous_result_id == result and file.complete:
            return types.RelatedUnchangedDocumentDiagnosticReport(result)
        return types.RelatedFullDocumentDiagnosticReport(server.publisher.diagnostics(file), result_id=result)
