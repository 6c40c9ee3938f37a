"""Quick fixes, and one action for all safe fixes of a document."""

import asyncio
from typing import Any, Final

from lsprotocol import types

from tunelint.lsp.files import OpenFile
from tunelint.lsp.fixing import mended_lines
from tunelint.lsp.server import TuneLintServer, guarded

__all__ = ["register"]

FIX_ALL: Final = "source.fixAll.tunelint"


def register(server: TuneLintServer) -> None:
    """Offer actions."""

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix, FIX_ALL], resolve_provider=True),
    )
    @guarded("code actions")
    def actions(server: TuneLintServer, params: types.CodeActionParams) -> list[types.CodeAction]:
        uri = params.text_document.uri
        file = server.files.get(uri)
        if file is None:
            return []
        only = params.context.only
        found: list[types.CodeAction] = []
        if _wanted(types.CodeActionKind.QuickFix, only):
            found += [action for one in params.context.diagnostics if (action := _quick_fix(one, file)) is not None]
        if _wanted(FIX_ALL, only):
            data = {"uri": uri, "version": file.document.version}
            found.append(types.CodeAction("Fix all that can be fixed safely", kind=FIX_ALL, data=data))
        return found

    @server.feature(types.CODE_ACTION_RESOLVE)
    @guarded("code actions")
    async def resolve(server: TuneLintServer, action: types.CodeAction) -> types.CodeAction:
        data: Any = action.data
        file = server.files.get(data["uri"]) if isinstance(data, dict) and "uri" in data else None
        if file is not None and action.kind == FIX_ALL:
            lines = list(file.document.lines)
            edits = await asyncio.to_thread(mended_lines, file, lines, server.unit)
            action.edit = _edit(file, edits)
        return action


def _wanted(kind: str, only: Any) -> bool:
    return only is None or any(kind == one or str(kind).startswith(f"{getattr(one, 'value', one)}.") for one in only)


def _quick_fix(one: types.Diagnostic, file: OpenFile) -> types.CodeAction | None:
    data: Any = one.data
    if one.source != "tunelint" or not isinstance(data, dict) or "fix" not in data:
        return None
    fix = data["fix"]
    safe = fix["safety"] == "safe"
    edits = [
        types.TextEdit(
            types.Range(types.Position(**edit["range"]["start"]), types.Position(**edit["range"]["end"])), edit["newText"]
        )
        for edit in fix["edits"]
    ]
    title = fix["title"][:1].upper() + fix["title"][1:]
    return types.CodeAction(
        title if safe else f"{title} (unsafe)",
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[one],
        is_preferred=safe,
        edit=_edit(file, edits),
    )


def _edit(file: OpenFile, edits: list[types.TextEdit]) -> types.WorkspaceEdit:
    """Return an edit of this version of the document: a client refuses it for a later one."""
    identifier = types.OptionalVersionedTextDocumentIdentifier(file.document.uri, file.document.version)
    return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(identifier, list(edits))])
