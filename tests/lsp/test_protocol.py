"""The protocol as well-behaved clients speak it, with the capabilities that real editors announce: one test a feature.

What such clients cannot say, broken and badly ordered messages, is in `test_server.py`.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from tests.lsp.profiles import PROFILES, Editor
from tests.lsp.test_server import BROKEN, ROLE, URI, good, served

VSCODE, OLD_NEOVIM, NEOVIM, EMACS = PROFILES
DOCUMENT = types.TextDocumentIdentifier(URI)
CONFIG = "base_model: NousResearch/Meta-Llama-3-8B\ndatasets:\n  - path: x.jsonl\n    type: alpaca\nadapter: lora\nmicro_batch_size: 2\n"


def has(code: str, *, gone: bool = False) -> Callable[[list[types.Diagnostic]], bool]:
    """Return what accepts diagnostics with a code, or without it."""
    return lambda found: any(one.code == code for one in found) is not gone


def by_code(found: list[types.Diagnostic], code: str) -> types.Diagnostic:
    """Return the one diagnostic with a code."""
    (one,) = [one for one in found if one.code == code]
    return one


@pytest.mark.parametrize("profile", PROFILES)
def test_lifecycle(profile: str) -> None:
    async def run() -> None:
        editor = await Editor.start(profile)
        assert editor.result.server_info.name == "tunelint"
        editor.open(URI, good(12) + ROLE)
        await editor.published(URI, 1, has("CHT001"))
        assert not [one for one in editor.client.log_messages if one.type == types.MessageType.Error]
        assert await editor.close() == 0

    asyncio.run(asyncio.wait_for(run(), 120))


@pytest.mark.parametrize(
    ("profile", "encoding", "column"), [(VSCODE, "utf-16", 58), (NEOVIM, "utf-8", 60), (EMACS, "utf-32", 57)]
)
def test_position_encodings(profile: str, encoding: str, column: int) -> None:
    async def run() -> None:
        editor = await Editor.start(profile)
        assert editor.result.capabilities.position_encoding == encoding
        editor.open(URI, good(12) + ROLE.replace('"q"', '"😀"'))
        found = await editor.published(URI, 1, has("CHT001"))
        assert by_code(found, "CHT001").range.start == types.Position(12, column)
        where = types.Range(types.Position(12, column + 1), types.Position(12, column + 1 + len("asistant")))
        change = types.TextDocumentContentChangePartial(text="assistant", range=where)
        identifier = types.VersionedTextDocumentIdentifier(uri=URI, version=2)
        editor.client.text_document_did_change(types.DidChangeTextDocumentParams(identifier, [change]))
        await editor.published(URI, 2, has("CHT001", gone=True))
        await editor.close()

    asyncio.run(asyncio.wait_for(run(), 120))


@served
async def test_pushed_diagnostics() -> None:
    editor = await Editor.start(VSCODE, options={"ruleScheme": "tunelint-rule"})
    editor.open(URI, good(12) + ROLE + good(1))
    found = await editor.published(URI, 1, has("DUP001"))
    role = by_code(found, "CHT001")
    assert (role.source, role.severity) == ("tunelint", types.DiagnosticSeverity.Error)
    assert role.code_description == types.CodeDescription("tunelint-rule:/CHT001.md")
    copy: Any = by_code(found, "DUP001")
    assert list(copy.tags) == [types.DiagnosticTag.Unnecessary]
    assert copy.related_information[0].location.range.start.line == 0
    editor.client.text_document_did_close(types.DidCloseTextDocumentParams(DOCUMENT))
    await editor.published(URI, None, lambda found: not found)
    await editor.close()


@served
async def test_pulled_diagnostics() -> None:
    editor = await Editor.start(NEOVIM, options={"diagnostics": "pull"})
    assert editor.result.capabilities.diagnostic_provider.identifier == "tunelint"
    editor.open(URI, good(12) + ROLE)
    report: Any = None
    for _ in range(500):  # this client has said nothing of refreshing, so it asks again
        params = types.DocumentDiagnosticParams(DOCUMENT, previous_result_id=None)
        report = await editor.client.text_document_diagnostic_async(params)
        if has("CHT001")(report.items):
            break
        await asyncio.sleep(0.02)
    assert by_code(report.items, "CHT001").range.start.line == 12
    assert URI not in editor.client.diagnostics
    await editor.close()


@served
async def test_quick_fixes_are_whole() -> None:
    editor = await Editor.start(VSCODE)
    editor.open(URI, good(12) + BROKEN)
    found = await editor.published(URI, 1, has("JSN001"))
    actions = await editor.actions(URI, [by_code(found, "JSN001")], types.CodeActionKind.QuickFix)
    (fix,) = [one for one in actions if one.is_preferred]
    (change,) = fix.edit.document_changes
    assert (change.text_document.uri, change.text_document.version) == (URI, 1)
    assert all(one.kind == types.CodeActionKind.QuickFix for one in actions)
    await editor.close()


@served
async def test_fix_all_is_worked_out_when_it_is_chosen() -> None:
    editor = await Editor.start(VSCODE)
    editor.open(URI, good(12) + BROKEN)
    await editor.published(URI, 1, has("JSN001"))
    (action,) = await editor.actions(URI, [], "source.fixAll")
    assert action.edit is None
    resolved = await editor.client.code_action_resolve_async(action)
    assert resolved.edit.document_changes[0].edits[0].new_text == BROKEN.rstrip("\n").replace(",}", "}")
    await editor.close()


@served
async def test_fix_all_is_a_command_for_a_client_that_resolves_nothing() -> None:
    editor = await Editor.start(EMACS)
    editor.open(URI, good(12) + BROKEN)
    await editor.published(URI, 1, has("JSN001"))
    (action,) = await editor.actions(URI, [], "source.fixAll")
    await editor.command(action.command.command, *action.command.arguments)
    (params,) = editor.applied
    assert params.edit.document_changes[0].edits[0].new_text == BROKEN.rstrip("\n").replace(",}", "}")
    await editor.close()


@served
async def test_hover() -> None:
    editor = await Editor.start(VSCODE)
    editor.open(URI, good(12) + ROLE)
    await editor.published(URI, 1, has("CHT001"))
    hover = await editor.client.text_document_hover_async(types.HoverParams(DOCUMENT, types.Position(12, 58)))
    assert hover.contents.kind == types.MarkupKind.Markdown
    assert "CHT001" in hover.contents.value
    config = "file:///nowhere/axolotl.yaml"
    editor.open(config, CONFIG, "yaml")
    await editor.published(config, 1, lambda found: True)
    key = types.Position(CONFIG.splitlines().index("micro_batch_size: 2"), 3)
    hover = await editor.client.text_document_hover_async(types.HoverParams(types.TextDocumentIdentifier(config), key))
    assert "micro_batch_size" in hover.contents.value
    await editor.close()


@served
async def test_code_lens() -> None:
    editor = await Editor.start(VSCODE)
    editor.open(URI, good(12))
    await editor.published(URI, 1, lambda found: True)
    (lens,) = await editor.client.text_document_code_lens_async(types.CodeLensParams(DOCUMENT))
    assert lens.range.start == types.Position(0, 0)
    assert lens.command.title.startswith("12 records · openai-chat · ")
    await editor.close()


@served
async def test_inlay_hints_come_where_they_are_switched_on() -> None:
    where = types.Range(types.Position(1, 0), types.Position(3, 0))
    for wanted in (True, False):
        editor = await Editor.start(NEOVIM, settings={"inlayHints": wanted})
        editor.open(URI, good(12))
        await editor.published(URI, 1, lambda found: True)
        hints = await editor.client.text_document_inlay_hint_async(types.InlayHintParams(DOCUMENT, where))
        assert [hint.position.line for hint in hints or ()] == ([1, 2, 3] if wanted else [])
        await editor.close()


@served
async def test_symbols() -> None:
    editor = await Editor.start(EMACS)
    editor.open(URI, good(12))
    await editor.published(URI, 1, lambda found: True)
    symbols = await editor.client.text_document_document_symbol_async(types.DocumentSymbolParams(DOCUMENT))
    assert [one.range.start.line for one in symbols] == list(range(12))
    assert all(one.range.start <= one.selection_range.start <= one.selection_range.end <= one.range.end for one in symbols)
    await editor.close()


@pytest.mark.parametrize("profile", PROFILES)
def test_completion(profile: str) -> None:
    async def run() -> None:
        typed = '{"messages": [{"role": "'
        editor = await Editor.start(profile)
        editor.open(URI, good(12) + typed)
        await editor.published(URI, 1, lambda found: True)
        params = types.CompletionParams(DOCUMENT, types.Position(12, len(typed)))
        items = await editor.client.text_document_completion_async(params)
        assert {"system", "user", "assistant"} <= {item.label for item in items}
        await editor.close()

    asyncio.run(asyncio.wait_for(run(), 120))


@served
async def test_a_command_shows_its_progress(tmp_path: Path) -> None:
    (tmp_path / "train.jsonl").write_text(good(12) + ROLE, encoding="utf-8")
    editor = await Editor.start(VSCODE, folder=tmp_path)
    result = await editor.command("tunelint.lintWorkspace")
    assert result["files"] == 1
    assert has("CHT001")(editor.client.diagnostics[(tmp_path / "train.jsonl").as_uri()])
    await editor.until(lambda: bool(editor.client.progress_reports))
    (reports,) = editor.client.progress_reports.values()
    assert isinstance(reports[0], types.WorkDoneProgressBegin)
    assert reports[0].cancellable
    await editor.until(lambda: isinstance(reports[-1], types.WorkDoneProgressEnd))
    await editor.close()


@served
async def test_a_cancelled_request_is_answered_so() -> None:
    editor = await Editor.start(VSCODE)
    editor.open(URI, good(20_000))
    data = {"question": "mend", "uri": URI, "first": 0, "last": 0}
    action = types.CodeAction("x", kind="source.fixAll.tunelint", data=data)
    request = asyncio.ensure_future(editor.client.protocol.send_request_async(types.CODE_ACTION_RESOLVE, action, msg_id="fix"))
    await asyncio.sleep(0.05)
    editor.client.cancel_request(types.CancelParams("fix"))
    with pytest.raises(JsonRpcException) as refused:
        await asyncio.wait_for(request, 30)
    assert refused.value.code == -32800
    await editor.close()
