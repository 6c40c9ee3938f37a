"""Commands that clients call: fixing, linting from disk, facts for bug reports."""

import platform
import sys
from typing import Any

from lsprotocol import types

from tunelint import __version__
from tunelint.lsp.handlers.code_actions import EDIT, EditData, asked_edits, to_workspace_edit
from tunelint.lsp.server import TuneLintServer
from tunelint.rules import all_rules

__all__ = ["register"]


def register(server: TuneLintServer) -> None:
    """Offer the commands."""

    @server.command("tunelint.fixAll")
    async def fix_all(server: TuneLintServer, uri: str) -> int:
        """Make all safe fixes of an open document; return how many edits that took."""
        return await edit(server, "Fix all that can be fixed safely", {"question": "mend", "uri": uri})

    @server.command(EDIT)
    async def edit(server: TuneLintServer, title: str, data: Any) -> int:
        """Work out the edits of an action, for clients that cannot ask for them, and let the client make them."""
        asked = EditData.of(data)
        file = server.files.get(asked.uri) if asked is not None else None
        edits = await asked_edits(server, file, asked) if file is not None and asked is not None else None
        if file is None or not edits:
            return 0
        await server.workspace_apply_edit_async(types.ApplyWorkspaceEditParams(to_workspace_edit(file, edits), title))
        return len(edits)

    @server.command("tunelint.lintFile")
    async def lint_file(server: TuneLintServer, uri: str) -> dict[str, Any]:
        """Lint a file from disk."""
        return await server.jobs.lint([uri])

    @server.command("tunelint.lintWorkspace")
    async def lint_workspace(server: TuneLintServer) -> dict[str, Any]:
        """Lint all datasets of the workspace from disk."""
        folders = list(server.workspace.folders) or [server.workspace.root_uri or ""]
        return await server.jobs.lint([uri for uri in folders if uri], searched=True)

    @server.command("tunelint.info")
    def info(server: TuneLintServer) -> str:
        """Return what a bug report needs; nothing of any dataset."""
        longest = max((len(file.document.lines) for file in server.files.values()), default=0)
        lines = [
            f"tunelint {__version__}",
            f"Python {platform.python_version()} ({sys.implementation.name}), {platform.platform()}",
            f"client {server.client}, columns in {server.unit}",
            f"{len(all_rules())} rules, {len(server.files)} datasets open, the longest with {longest:,} lines",
        ]
        return "\n".join(lines)
