"""Takes what the analyst found and shows it: diagnostics with the version they are about, progress, and the status."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from tunelint.analysis import messages
from tunelint.lsp.convert import to_protocol
from tunelint.lsp.files import OpenFile

if TYPE_CHECKING:
    from tunelint.lsp.server import TuneLintServer

__all__ = ["Publisher"]


class Publisher:
    """Shows findings. What is about an older version of a document is dropped: newer findings are on their way."""

    def __init__(self, server: "TuneLintServer") -> None:
        self._server = server
        self.pull = False
        """Whether the client asks for diagnostics, so that they are not pushed."""

    def receive(self, message: messages.FromWorker) -> None:
        """Take a message of the analyst."""
        match message:
            case messages.Touched():
                file = self._current(message.uri, message.version)
                if file is not None:
                    file.touch(message)
                    self.show(file)
            case messages.Found():
                self._found(message)
            case messages.Progress():
                name = Path(message.uri).name
                self._server.progresses.report(message.uri, f"Linting {name}", message.done, message.total)
                self._status(message.uri, "linting", f"{100 * message.done // max(message.total, 1)}%")

    def _current(self, uri: str, version: int | None) -> OpenFile | None:
        file = self._server.files.get(uri)
        return file if file is not None and file.document.version == version else None

    def _found(self, found: messages.Found) -> None:
        if found.path:
            self._from_disk(found)
            return
        file = self._current(found.uri, found.version)
        if file is None:
            return
        file.find(found)
        self.show(file)
        if found.problem and found.problem != file.problem:
            self._server.complain(f"{found.problem}; the defaults hold until it is mended")
        file.problem = found.problem
        if found.complete:
            self._server.progresses.end(found.uri)
            self._status(found.uri, "idle", facts=found.facts)
            self._refresh()
        for one in found.skipped:
            self._server.say(f"{one.code} was skipped: {one.reason}", types.MessageType.Warning)

    def _from_disk(self, found: messages.Found) -> None:
        self._server.progresses.end(found.uri)
        if any(file.name == found.path for file in self._server.files.values()):
            return  # what is open is linted as it stands in the editor
        diagnostics = to_protocol(found.diagnostics, None, found.uri, "utf-32", self._server.rule_scheme)
        self._server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(found.uri, diagnostics))
        self._status(found.uri, "failed" if found.problem else "idle", found.problem, found.facts, from_disk=True)
        if found.problem:
            self._server.say(found.problem, types.MessageType.Warning)

    def diagnostics(self, file: OpenFile) -> list[types.Diagnostic]:
        """Return what is shown in a document, in the client's terms."""
        return to_protocol(file.shown, file.document.lines, file.document.uri, file.document.unit, self._server.rule_scheme)

    def show(self, file: OpenFile) -> None:
        """Publish what is shown in a document."""
        if self.pull:
            workspace = self._server.client_capabilities.workspace
            diagnostics = workspace.diagnostics if workspace is not None else None
            if file.complete and diagnostics is not None and diagnostics.refresh_support:
                self._server.workspace_diagnostic_refresh(None)
            return
        self._server.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(file.document.uri, self.diagnostics(file), file.document.version)
        )

    def clear(self, uri: str) -> None:
        """Show nothing any more for an address."""
        if not self.pull:
            self._server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))

    def _refresh(self) -> None:
        """Let the client ask again for what stands on the finished findings."""
        workspace = self._server.client_capabilities.workspace
        if workspace is not None and workspace.code_lens is not None and workspace.code_lens.refresh_support:
            self._server.workspace_code_lens_refresh(None)
        if workspace is not None and workspace.inlay_hint is not None and workspace.inlay_hint.refresh_support:
            self._server.workspace_inlay_hint_refresh(None)

    def _status(
        self, uri: str, state: str, message: str = "", facts: messages.Facts | None = None, *, from_disk: bool = False
    ) -> None:
        """Tell clients that show a status; others ignore it."""
        if not self._server.options.get("status"):
            return
        values: dict[str, Any] = {"uri": uri, "state": state, "message": message, "fromDisk": from_disk}
        if facts is not None:
            values |= {"records": facts.records, "format": facts.format, "findings": dict(facts.counts), "summary": facts.summary}
            values["tokens"] = facts.tokens.total if facts.tokens is not None else None
        self._server.protocol.notify("tunelint/status", values)
