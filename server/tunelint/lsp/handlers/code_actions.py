"""Quick fixes, one action for all safe fixes of a document, and ways not to see a finding again."""

from pathlib import Path
from typing import Any, Final

from lsprotocol import types
from pygls.uris import from_fs_path

from tunelint.analysis import messages
from tunelint.lsp.analyst import AnalystGoneError
from tunelint.lsp.convert import to_edits
from tunelint.lsp.files import OpenFile
from tunelint.lsp.handlers.prompts import CREATE_PROMPT, MEASURE
from tunelint.lsp.server import TuneLintServer, guarded
from tunelint.settings.discovery import nearest_settings
from tunelint.settings.editing import ignoring
from tunelint.settings.resolve import relative_name
from tunelint.text.lines import LineStore, from_code_points

__all__ = ["FIX_ALL", "asked_edits", "register", "to_workspace_edit"]

FIX_ALL: Final = "source.fixAll.tunelint"
ADD_TO_BASELINE: Final = "tunelint.addToBaseline"
PROMPT: Final = "source.prompt.tunelint"
_KINDS: Final = (types.CodeActionKind.QuickFix, FIX_ALL, PROMPT, types.CodeActionKind.RefactorRewrite)
_PROMPTED: Final = frozenset({"ADV001", "ADV002", "ADV004", "ADV009", "ADV012"})
"""Rules whose findings a prompt may answer."""
_CHATTED: Final = frozenset({"prompt-completion", "prompt-completion-chat", "alpaca", "query-response"})
"""Formats whose records can be written as chats."""


def register(server: TuneLintServer) -> None:
    """Offer actions."""

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=list(_KINDS), resolve_provider=True)
    )
    @guarded("code actions")
    def actions(server: TuneLintServer, params: types.CodeActionParams) -> list[types.CodeAction]:
        file = server.files.get(params.text_document.uri)
        if file is None:
            return []
        only = params.context.only
        ours = [one for one in params.context.diagnostics if one.source == "tunelint" and isinstance(one.data, dict)]
        found: list[types.CodeAction] = []
        if _wanted(types.CodeActionKind.QuickFix, only):
            found += [action for one in ours if (action := _quick_fix(one, file)) is not None]
            found += _prompting(file, types.CodeActionKind.QuickFix, [one for one in ours if one.code in _PROMPTED])
            found += [action for code, one in _by_code(ours).items() for action in _silencing(code, one, file)]
        if _wanted(FIX_ALL, only):
            found.append(types.CodeAction("Fix all that can be fixed safely", kind=FIX_ALL, data=_data("mend", file)))
        if _wanted(PROMPT, only):
            found += _prompting(file, PROMPT, [])
        if _wanted(types.CodeActionKind.RefactorRewrite, only) and file.facts is not None and file.facts.format in _CHATTED:
            kind = types.CodeActionKind.RefactorRewrite
            first, last = params.range.start.line, params.range.end.line
            found.append(types.CodeAction("Rewrite as chat: these records", kind=kind, data=_data("chat", file, first, last)))
            last = len(file.document.lines) - 1
            found.append(types.CodeAction("Rewrite as chat: all records", kind=kind, data=_data("chat", file, 0, last)))
        return found

    @server.feature(types.CODE_ACTION_RESOLVE)
    @guarded("code actions")
    async def resolve(server: TuneLintServer, action: types.CodeAction) -> types.CodeAction:
        data: Any = action.data
        file = server.files.get(data["uri"]) if isinstance(data, dict) and "question" in data else None
        if file is not None:
            edits = await asked_edits(server, file, data["question"], data["first"], data["last"])
            if edits is not None:
                action.edit = to_workspace_edit(file, edits)
        return action


async def asked_edits(
    server: TuneLintServer, file: OpenFile, question: str, first: int = 0, last: int = 0
) -> list[types.TextEdit] | None:
    """Let the analyst work out edits; None where it says why there are none, or the document has changed in the meantime."""
    uri = file.document.uri
    try:
        answer = await server.analyst.ask(lambda number: messages.Ask(number, uri, question, first, last))
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


def _data(question: str, file: OpenFile, first: int = 0, last: int = 0) -> dict[str, Any]:
    return {"question": question, "uri": file.document.uri, "first": first, "last": last}


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


def _silencing(code: str, one: types.Diagnostic, file: OpenFile) -> list[types.CodeAction]:
    """Return the actions that switch a rule off, and the one that adds a finding to the baseline."""
    kind = types.CodeActionKind.QuickFix
    path = Path(file.name)
    settings = nearest_settings(path.parent) or path.parent / "tunelint.toml"
    found = []
    for title, pattern in (
        (f"Ignore {code} in {path.name}", relative_name(path, settings.parent)),
        (f"Ignore {code} everywhere", ""),
    ):
        edit = _settings_edit(settings, code, pattern)
        if edit is not None:
            found.append(types.CodeAction(f"{title} ({settings.name})", kind=kind, diagnostics=[one], edit=edit))
    data: Any = one.data
    command = types.Command("Add to the baseline", ADD_TO_BASELINE, arguments=[file.document.uri, code, data["fingerprint"]])
    found.append(types.CodeAction(f"Add this {code} to the baseline", kind=kind, diagnostics=[one], command=command))
    return found


def _settings_edit(path: Path, code: str, pattern: str) -> types.WorkspaceEdit | None:
    """Return the edit of a settings file, which is created where it is not there."""
    uri = from_fs_path(str(path))
    try:
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
    except (OSError, UnicodeDecodeError):
        return None
    insertion = ignoring(text, code, pyproject=path.name == "pyproject.toml", pattern=pattern)
    if insertion is None or uri is None:
        return None
    lines = LineStore(text[: insertion.offset]).lines
    where = types.Position(len(lines) - 1, from_code_points(lines[-1], len(lines[-1]), "utf-16"))
    edit = types.TextDocumentEdit(
        types.OptionalVersionedTextDocumentIdentifier(uri), [types.TextEdit(types.Range(where, where), insertion.text)]
    )
    if path.is_file():
        return types.WorkspaceEdit(document_changes=[edit])
    return types.WorkspaceEdit(document_changes=[types.CreateFile(uri), edit])
