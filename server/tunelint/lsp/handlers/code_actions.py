"""Quick fixes, one action for all safe fixes of a document, rewriting records, and ways not to see a finding again."""

from typing import Any, Final

import msgspec
from lsprotocol import types

from tunelint.analysis import messages
from tunelint.lsp.analyst import AnalystGoneError
from tunelint.lsp.convert import to_edits
from tunelint.lsp.files import OpenFile
from tunelint.lsp.handlers.ignoring import ways_to_ignore
from tunelint.lsp.handlers.prompts import CREATE_PROMPT, MEASURE
from tunelint.lsp.server import TuneLintServer, guarded
from tunelint.text.config import syntax_of

__all__ = ["EDIT", "FIX_ALL", "EditData", "asked_edits", "register", "to_workspace_edit"]

FIX_ALL: Final = "source.fixAll.tunelint"
PROMPT: Final = "source.prompt.tunelint"
EDIT: Final = "tunelint.edit"
"""The command in the place of an action's edit for clients that cannot ask for the edit once the action is chosen."""

_KINDS: Final = (types.CodeActionKind.QuickFix, FIX_ALL, PROMPT, types.CodeActionKind.RefactorRewrite)
_PROMPTED: Final = frozenset({"ADV001", "ADV002", "ADV004", "ADV009", "ADV012"})
"""Rules whose findings a prompt may answer."""
_CHATTED: Final = frozenset({"prompt-completion", "prompt-completion-chat", "alpaca", "query-response"})
"""Formats whose records can be written as chats."""


class EditData(msgspec.Struct, frozen=True):
    """What the analyst is asked for the edits of an action: see `analysis/answers.py`."""

    question: str
    uri: str
    first: int = 0
    last: int = 0
    code: str = ""

    @classmethod
    def of(cls, data: Any) -> "EditData | None":
        """Return what an action carries; None where it carries something else. Commands get objects instead of dictionaries."""
        values = data._asdict() if hasattr(data, "_asdict") else data
        try:
            return msgspec.convert(values, cls)
        except msgspec.ValidationError:
            return None


def register(server: TuneLintServer) -> None:
    """Offer actions."""

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=list(_KINDS), resolve_provider=True)
    )
    @guarded("code actions")
    def actions(server: TuneLintServer, params: types.CodeActionParams) -> list[types.CodeAction]:
        uri = params.text_document.uri
        file = server.files.get(uri)
        if file is None:
            return []
        only = params.context.only
        ours = [one for one in params.context.diagnostics if one.source == "tunelint" and isinstance(one.data, dict)]
        found: list[types.CodeAction] = []
        if _wanted(types.CodeActionKind.QuickFix, only):
            found += [action for one in ours if (action := _quick_fix(one, file)) is not None]
            found += _prompting(file, types.CodeActionKind.QuickFix, [one for one in ours if one.code in _PROMPTED])
            for one in _by_code(ours).values():
                found += [*_commenting(server, one, file), *ways_to_ignore(server, one, file)]
        if _wanted(FIX_ALL, only):
            found.append(_later(server, "Fix all that can be fixed safely", FIX_ALL, EditData("mend", uri)))
        if _wanted(PROMPT, only):
            found += _prompting(file, PROMPT, [])
        if _wanted(types.CodeActionKind.RefactorRewrite, only) and file.facts is not None and file.facts.format in _CHATTED:
            kind = types.CodeActionKind.RefactorRewrite
            these = EditData("chat", uri, params.range.start.line, params.range.end.line)
            every = EditData("chat", uri, 0, len(file.document.lines) - 1)
            found.append(_later(server, "Rewrite as chat: these records", kind, these))
            found.append(_later(server, "Rewrite as chat: all records", kind, every))
        return found

    @server.feature(types.CODE_ACTION_RESOLVE)
    @guarded("code actions")
    async def resolve(server: TuneLintServer, action: types.CodeAction) -> types.CodeAction:
        asked = EditData.of(action.data)
        file = server.files.get(asked.uri) if asked is not None else None
        if file is not None and asked is not None:
            edits = await asked_edits(server, file, asked)
            if edits is not None:
                action.edit = to_workspace_edit(file, edits)
        return action


async def asked_edits(server: TuneLintServer, file: OpenFile, asked: EditData) -> list[types.TextEdit] | None:
    """Let the analyst work out edits; None where it says why there are none, or the document has changed in the meantime."""
    try:
        answer = await server.analyst.ask(
            lambda number: messages.Ask(number, asked.uri, asked.question, asked.first, asked.last, asked.code)
        )
    except AnalystGoneError as problem:
        server.complain(str(problem))
        return None
    if answer.problem or answer.version != file.document.version:
        server.complain(answer.problem or "the document has changed in the meantime; try again")
        return None
    return to_edits(answer.edits, file.document.lines, file.document.unit)


def to_workspace_edit(file: OpenFile, edits: list[types.TextEdit]) -> types.WorkspaceEdit:
    """Return an edit of this version of the document: a client refuses it for a later one."""
    identifier = types.OptionalVersionedTextDocumentIdentifier(file.document.uri, file.document.version)
    return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(identifier, list(edits))])


def _later(
    server: TuneLintServer, title: str, kind: str, asked: EditData, found: list[types.Diagnostic] | None = None
) -> types.CodeAction:
    """Return an action whose edit is worked out once it is chosen: when the client asks, or by a command where it cannot."""
    documents = server.client_capabilities.text_document
    actions = documents.code_action if documents is not None else None
    resolved = actions is not None and actions.resolve_support is not None and "edit" in actions.resolve_support.properties
    data = msgspec.to_builtins(asked)
    if resolved:
        return types.CodeAction(title, kind=kind, diagnostics=found, data=data)
    return types.CodeAction(title, kind=kind, diagnostics=found, command=types.Command(title, EDIT, arguments=[title, data]))


def _commenting(server: TuneLintServer, one: types.Diagnostic, file: OpenFile) -> list[types.CodeAction]:
    """Return the action that ignores a finding where it stands, in a config that can have comments."""
    if file.facts is None or not file.facts.summary or syntax_of(file.name) not in {"yaml", "toml"}:
        return []
    data: Any = one.data
    place = file.document.position(one.range.start)
    asked = EditData("silence", file.document.uri, place.line, place.column, data["code"])
    return [_later(server, f"Ignore {data['code']} here (comment)", types.CodeActionKind.QuickFix, asked, [one])]


def _wanted(kind: str, only: Any) -> bool:
    """Tell whether a client that wants `only` some kinds wants this one; a kind stands for all that it begins."""
    if only is None:
        return True
    name = str(getattr(kind, "value", kind))
    return any(f"{name}.".startswith(f"{getattr(one, 'value', one)}.") for one in only)


def _by_code(diagnostics: list[types.Diagnostic]) -> dict[str, types.Diagnostic]:
    return {one.data["code"]: one for one in diagnostics if isinstance(one.data, dict)}


def _prompting(file: OpenFile, kind: str, found: list[types.Diagnostic]) -> list[types.CodeAction]:
    """Return the actions that make a few-shot prompt and measure it; as quick fixes only of findings that call for one."""
    if file.facts is None or not file.facts.records or (kind == types.CodeActionKind.QuickFix and not found):
        return []
    arguments = [file.document.uri]
    return [
        types.CodeAction(title, kind=kind, diagnostics=found or None, command=types.Command(title, command, arguments=arguments))
        for title, command in (
            ("Create a few-shot prompt from this dataset", CREATE_PROMPT),
            ("Measure the few-shot prompt…", MEASURE),
        )
    ]


def _quick_fix(one: types.Diagnostic, file: OpenFile) -> types.CodeAction | None:
    data: Any = one.data
    if "fix" not in data:
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
        edit=to_workspace_edit(file, edits),
    )
