"""Clients with the capabilities of real editors, as pytest-lsp ships them; what a server sends against them fails the test.

pytest-lsp is used as a library: its client warns of what the client did not say it can do, and here warnings are errors.
"""

import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Union

import pytest
from lsprotocol import types

from tests.lsp.client import PATIENCE

if os.environ.get("CI"):  # where all that the tests need is installed, its absence is no reason to skip them
    import pytest_lsp
else:
    pytest_lsp = pytest.importorskip("pytest_lsp", reason="pytest-lsp is not installed")

__all__ = ["PROFILES", "Editor"]

PROFILES: Final = ("visual_studio_code@1.65.2", "neovim@0.6.1", "neovim@0.11.0", "emacs@29.1")


def _unbound(method: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return a method as a function, on which pygls can leave its marks."""

    def call(params: Any) -> Any:
        return method(params)

    return call


def _action(client: Any) -> Callable[[Any, type], Any]:
    """Return what reads an action of a server: lsprotocol takes each that holds a command for no more than a command."""

    def read(value: Any, kind: type) -> Any:
        bare = isinstance(value.get("command"), str)
        return client.protocol._converter.structure(value, types.Command if bare else types.CodeAction)

    return read


class Editor:
    """An editor with one server, which it starts and ends as the protocol says."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.result: Any = None
        self.applied: list[Any] = []
        client.feature(types.WORKSPACE_APPLY_EDIT)(_unbound(self._apply))
        for method in (types.WORKSPACE_CODE_LENS_REFRESH, types.WORKSPACE_INLAY_HINT_REFRESH, types.CLIENT_REGISTER_CAPABILITY):
            client.feature(method)(lambda params: None)

    @classmethod
    async def start(
        cls, profile: str, *, folder: Path | None = None, options: dict[str, Any] | None = None, settings: Any = None
    ) -> "Editor":
        """Start a server and shake hands with it, with the capabilities of an editor."""
        client = pytest_lsp.make_test_lsp_client()
        client.protocol._converter.register_structure_hook(Union[types.Command, types.CodeAction], _action(client))  # noqa: UP007
        client.set_configuration(settings or {}, section="tunelint")
        editor = cls(client)
        await client.start_io(sys.executable, "-m", "tunelint", "server")
        editor.result = await client.initialize_session(
            types.InitializeParams(
                capabilities=pytest_lsp.client_capabilities(profile),
                client_info=types.ClientInfo(*profile.split("@")),
                workspace_folders=[types.WorkspaceFolder(folder.as_uri(), folder.name)] if folder is not None else None,
                initialization_options=options,
            )
        )
        return editor

    async def close(self) -> int:
        """End the server as an editor does; return its exit code."""
        await self.client.shutdown_session()
        assert self.client.error is None
        code: int = self.client._server.returncode
        await self.client.stop()
        return code

    def open(self, uri: str, text: str, language: str = "jsonl") -> None:
        """Open a document."""
        item = types.TextDocumentItem(uri=uri, language_id=language, version=1, text=text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    async def published(
        self, uri: str, version: int | None, accept: Callable[[list[types.Diagnostic]], bool]
    ) -> list[types.Diagnostic]:
        """Wait for diagnostics of a version that a condition accepts."""
        while True:
            waiting = self.client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
            params = await asyncio.wait_for(waiting, PATIENCE)
            if params.uri == uri and params.version == version and accept(params.diagnostics):
                return list(params.diagnostics)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until what the server sent makes a condition true."""

        async def look() -> None:
            while not condition():
                await asyncio.sleep(0.01)

        await asyncio.wait_for(look(), PATIENCE)

    async def command(self, name: str, *arguments: Any) -> Any:
        """Execute a command of the server."""
        params = types.ExecuteCommandParams(name, arguments=list(arguments))
        return await asyncio.wait_for(self.client.workspace_execute_command_async(params), PATIENCE)

    async def actions(self, uri: str, diagnostics: list[types.Diagnostic], *only: str) -> list[Any]:
        """Ask what can be done about diagnostics, or about the first line."""
        start = types.Position(0, 0)
        where = diagnostics[0].range if diagnostics else types.Range(start, start)
        context = types.CodeActionContext(diagnostics, only=list(only) or None)
        params = types.CodeActionParams(types.TextDocumentIdentifier(uri), where, context)
        return list(await self.client.text_document_code_action_async(params) or [])

    def _apply(self, params: Any) -> types.ApplyWorkspaceEditResult:
        self.applied.append(params)
        return types.ApplyWorkspaceEditResult(applied=True)
