"""The server over its standard input and output, as clients of every kind talk to it."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.linting import lint
from tests.lsp.client import RESOLVES, Buffer, Client

GOOD = '{"messages": [{"role": "user", "content": "What is %d plus one?"}, {"role": "assistant", "content": "It is %d."}]}\n'
EMPTY = '{"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": ""}]}\n'
BROKEN = '{"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}],}\n'
ROLE = '{"messages": [{"role": "user", "content": "q"}, {"role": "asistant", "content": "a"}]}\n'
URI = "file:///nowhere/train.jsonl"


def good(count: int, first: int = 0) -> str:
    """Return records that nothing is wrong with."""
    return "".join(GOOD % (number, number + 1) for number in range(first, first + count))


def served(test: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    """Run a test's coroutine."""

    def run(**arguments: Any) -> None:
        asyncio.run(asyncio.wait_for(test(**arguments), 120))

    run.__name__ = test.__name__
    run.__doc__ = test.__doc__
    run.__signature__ = __import__("inspect").signature(test)  # type: ignore[attr-defined]
    return run


def codes(found: list[Any]) -> list[str]:
    """Return the codes of diagnostics."""
    return [one["code"] for one in found]


def has(code: str) -> Callable[[list[Any]], bool]:
    """Return what accepts diagnostics with a code."""
    return lambda found: code in codes(found)


def lacks(code: str) -> Callable[[list[Any]], bool]:
    """Return what accepts diagnostics without a code."""
    return lambda found: code not in codes(found)


@served
async def test_lifecycle_leaves_no_process() -> None:
    client = await Client.start()
    Buffer(client, URI, good(12))
    await client.diagnostics(URI, 1)
    children = Path(f"/proc/{client.process.pid}/task/{client.process.pid}/children")
    ids = [int(one) for one in children.read_text().split()] if children.exists() else []
    assert await client.close() == 0
    for process_id in ids:
        with pytest.raises(ProcessLookupError):
            os.kill(process_id, 0)


@served
async def test_findings_are_those_of_a_run_over_the_same_text() -> None:
    text = good(12) + EMPTY + '{"messages": [{"role": "user", "content": "a\u2028b 😀"}]}\n' + good(2) + BROKEN
    client = await Client.start(capabilities={"general": {"positionEncodings": ["utf-32"]}})
    Buffer(client, URI, text)
    found = await client.diagnostics(URI, 1, has("JSN001"))
    expected = lint(text, name="/nowhere/train.jsonl").diagnostics
    shown = sorted((one["code"], one["range"]["start"]["line"], one["range"]["start"]["character"]) for one in found)
    assert shown == sorted((one.code, one.line - 1, one.column - 1) for one in expected)
    assert all(one["source"] == "tunelint" and one["message"] for one in found)
    await client.close()


@pytest.mark.parametrize(("encoding", "column"), [("utf-8", 60), ("utf-16", 58), ("utf-32", 57)])
def test_columns_are_the_clients(encoding: str, column: int) -> None:
    async def run() -> None:
        client = await Client.start(capabilities={"general": {"positionEncodings": [encoding]}})
        assert client.result["capabilities"]["positionEncoding"] == encoding
        Buffer(client, URI, good(12) + ROLE.replace('"q"', '"😀"'))
        found = await client.diagnostics(URI, 1, has("CHT001"))
        one = next(one for one in found if one["code"] == "CHT001")
        assert one["range"]["start"] == {"line": 12, "character": column}
        await client.close()

    asyncio.run(asyncio.wait_for(run(), 120))


@served
async def test_an_edit_takes_its_finding_away_and_moves_the_others() -> None:
    client = await Client.start()
    buffer = Buffer(client, URI, good(12) + EMPTY + good(3, 50) + BROKEN)
    found = await client.diagnostics(URI, 1, has("JSN001"))
    assert [one["range"]["start"]["line"] for one in found if one["code"] in {"CHT006", "JSN001"}] == [12, 16]
    buffer.edit(0, 0, 0, good(2, 90))
    found = await client.diagnostics(URI, 2)
    assert [one["range"]["start"]["line"] for one in found if one["code"] in {"CHT006", "JSN001"}] == [14, 18]
    line = buffer.store.lines[18]
    buffer.edit(18, len(line) - 3, len(line) - 2, "")
    found = await client.diagnostics(URI, 3)
    assert "JSN001" not in codes(found)
    assert "CHT006" in codes(found)
    await client.close()


@served
async def test_line_separators_inside_strings_end_no_line() -> None:
    client = await Client.start()
    odd = '{"messages": [{"role": "user", "content": "a\u2028b\u0085c"}, {"role": "assistant", "content": "d"}]}\n'
    buffer = Buffer(client, URI, odd * 3 + good(12) + ROLE)
    found = await client.diagnostics(URI, 1, has("CHT001"))
    assert next(one for one in found if one["code"] == "CHT001")["range"]["start"]["line"] == 15
    buffer.edit(15, 56, 56, "s")
    await client.diagnostics(URI, 2, lacks("CHT001"))
    await client.close()


@served
async def test_all_of_the_text_can_be_replaced_and_become_an_array() -> None:
    client = await Client.start()
    buffer = Buffer(client, URI, good(12) + BROKEN)
    await client.diagnostics(URI, 1, has("JSN001"))
    buffer.replace(good(12))
    await client.diagnostics(URI, 2, lacks("JSN001"))
    buffer.replace("[" + ",".join(json.dumps(json.loads(GOOD % (one, one))) for one in range(12)) + "]")
    await client.diagnostics(URI, 3, has("FIL007"))
    buffer.replace(good(12) + ROLE)
    await client.diagnostics(URI, 4, has("CHT001"))
    await client.close()


@served
async def test_closing_clears() -> None:
    client = await Client.start()
    buffer = Buffer(client, URI, good(12) + BROKEN)
    await client.diagnostics(URI, 1, has("JSN001"))
    buffer.close()
    assert await client.diagnostics(URI) == []
    await client.close()


@served
async def test_what_is_no_dataset_is_left_alone() -> None:
    client = await Client.start()
    Buffer(client, "file:///nowhere/package.json", '{"name": "x", "version": 1,}', "json")
    Buffer(client, "file:///nowhere/notes.md", "# Title", "markdown")
    Buffer(client, URI, good(12) + BROKEN)
    await client.diagnostics(URI, 1, has("JSN001"))
    await asyncio.sleep(1)  # longer than the quiet after which a document is looked at as a whole
    published = [client.published.get_nowait()[1] for _ in range(client.published.qsize())]
    assert all(not params["diagnostics"] for params in published if params["uri"] != URI)
    await client.close()


@served
async def test_quick_fix_mends_what_it_is_offered_for() -> None:
    client = await Client.start()
    buffer = Buffer(client, URI, good(12) + BROKEN)
    found = await client.diagnostics(URI, 1, has("JSN001"))
    one = next(one for one in found if one["code"] == "JSN001")
    request = {"textDocument": buffer.identifier, "range": one["range"], "context": {"diagnostics": [one]}}
    actions = await client.ask("textDocument/codeAction", request)
    fix = next(action for action in actions if action.get("isPreferred"))
    change = fix["edit"]["documentChanges"][0]
    assert change["textDocument"] == {"uri": URI, "version": 1}
    buffer.apply(change["edits"])
    await client.diagnostics(URI, 2, lacks("JSN001"))
    await client.close()


@served
async def test_fix_all_makes_safe_fixes_only() -> None:
    client = await Client.start(capabilities=RESOLVES)
    twice = GOOD % (3, 4)
    odd = '{"messages": [{"role": "user", "content": "a\u2028b"}, {"role": "assistant", "content": "d"}]}\n'
    buffer = Buffer(client, URI, good(12) + odd + BROKEN + twice + ROLE.rstrip("\n"))
    await client.diagnostics(URI, 1, has("JSN001"))
    request = {
        "textDocument": buffer.identifier,
        "range": {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}},
        "context": {"diagnostics": [], "only": ["source.fixAll"]},
    }
    (action,) = await client.ask("textDocument/codeAction", request)
    resolved = await client.ask("codeAction/resolve", action)
    buffer.apply(resolved["edit"]["documentChanges"][0]["edits"])
    records = [json.loads(line) for line in buffer.text.splitlines() if line]
    assert len(buffer.store.lines) == 17
    assert len(records) == 16
    assert records[15]["messages"][1]["role"] == "assistant"
    assert buffer.text.endswith("\n")
    assert "\u2028" not in buffer.text
    found = await client.diagnostics(URI, 2, lacks("JSN001"))
    assert "DUP001" in codes(found)
    await client.close()


@served
async def test_fix_all_keeps_the_empty_lines_of_a_torn_text() -> None:
    torn = '{"messages": [{"role": "user", "content": "a\n\nb"}, {"role": "assistant", "content": "c"}]}\n'
    client = await Client.start(capabilities=RESOLVES)
    buffer = Buffer(client, URI, good(6) + torn + good(6) + "\n" + GOOD % (3, 4))
    await client.diagnostics(URI, 1, has("JSN001"))
    action = {"title": "x", "kind": "source.fixAll.tunelint", "data": {"question": "mend", "uri": URI}}
    resolved = await client.ask("codeAction/resolve", action)
    buffer.apply(resolved["edit"]["documentChanges"][0]["edits"])
    assert buffer.text == good(6) + torn + good(6) + GOOD % (3, 4)
    await client.close()


@served
async def test_fix_all_as_a_command_is_applied_by_the_client() -> None:
    client = await Client.start(answers={"workspace/applyEdit": lambda params: {"applied": True}})
    Buffer(client, URI, good(12) + BROKEN)
    await client.diagnostics(URI, 1, has("JSN001"))
    assert await client.command("tunelint.fixAll", URI) == 1
    (params,) = [params for method, params in client.requests if method == "workspace/applyEdit"]
    assert params["edit"]["documentChanges"][0]["edits"][0]["newText"] == BROKEN.rstrip("\n").replace(",}", "}")
    await client.close()


@served
async def test_prompts_with_completions_become_chats() -> None:
    rows = "".join(f'{{"prompt": "What is {one}?", "completion": "It is {one}."}}\n' for one in range(12))
    client = await Client.start(capabilities=RESOLVES)
    buffer = Buffer(client, URI, rows)
    await client.diagnostics(URI, 1)
    request = {
        "textDocument": buffer.identifier,
        "range": {"start": {"line": 2, "character": 0}, "end": {"line": 3, "character": 0}},
        "context": {"diagnostics": [], "only": ["refactor"]},
    }
    actions = await client.ask("textDocument/codeAction", request)
    every = next(action for action in actions if "all records" in action["title"])
    resolved = await client.ask("codeAction/resolve", every)
    buffer.apply(resolved["edit"]["documentChanges"][0]["edits"])
    records = [json.loads(line) for line in buffer.text.splitlines()]
    assert records[5] == {"messages": [{"role": "user", "content": "What is 5?"}, {"role": "assistant", "content": "It is 5."}]}
    assert len(records) == 12
    await client.close()


@served
async def test_hover_lens_hints_symbols_and_preview() -> None:
    client = await Client.start(options={"settings": {"inlayHints": True}})
    buffer = Buffer(client, URI, good(12) + ROLE)
    await client.diagnostics(URI, 1, has("CHT001"))
    hover = await client.ask("textDocument/hover", {"textDocument": buffer.identifier, "position": {"line": 12, "character": 58}})
    assert "CHT001 unknown-role" in hover["contents"]["value"]
    hover = await client.ask("textDocument/hover", {"textDocument": buffer.identifier, "position": {"line": 3, "character": 5}})
    assert "2 turns (user → assistant)" in hover["contents"]["value"]
    assert "tokens" in hover["contents"]["value"]
    (lens,) = await client.ask("textDocument/codeLens", {"textDocument": buffer.identifier})
    assert lens["command"]["title"].startswith("13 records · openai-chat · ")
    where = {"start": {"line": 1, "character": 0}, "end": {"line": 3, "character": 0}}
    hints = await client.ask("textDocument/inlayHint", {"textDocument": buffer.identifier, "range": where})
    assert [hint["position"]["line"] for hint in hints] == [1, 2, 3]
    assert all("tokens" in hint["label"] for hint in hints)
    symbols = await client.ask("textDocument/documentSymbol", {"textDocument": buffer.identifier})
    assert len(symbols) == 13
    shown = await client.command("tunelint.previewRecord", URI, 4)
    assert "What is 4 plus one?" in shown
    assert "## assistant" in shown
    page = await client.command("tunelint.explainRule", "CHT001")
    assert "unknown-role" in page
    assert await client.command("tunelint.explainRule", "XXX999") is None
    assert "datasets open" in await client.command("tunelint.info")
    await client.close()


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ('{"messages": [{"role": "', {"system", "user", "assistant"}),
        ('{"messages": [{"role": "user", "', {"content"}),
        ('{"', {"messages"}),
    ],
)
def test_completion(typed: str, wanted: set[str]) -> None:
    async def run() -> None:
        client = await Client.start()
        buffer = Buffer(client, URI, good(12) + typed)
        await client.diagnostics(URI, 1)
        position = {"line": 12, "character": len(typed)}
        items = await client.ask("textDocument/completion", {"textDocument": buffer.identifier, "position": position})
        labels = {item["label"] for item in items}
        assert wanted <= labels
        assert '"role": "user"' not in typed or "role" not in labels
        await client.close()

    asyncio.run(asyncio.wait_for(run(), 120))


@served
async def test_settings_of_the_client_are_asked_for_and_followed() -> None:
    answer = {"ignore": ["CHT001"], "target": "openai"}
    client = await Client.start(
        capabilities={"workspace": {"configuration": True}},
        answers={"workspace/configuration": lambda params: [dict(answer)]},
    )
    Buffer(client, URI, good(12) + ROLE)
    assert "CHT001" not in codes(await client.diagnostics(URI, 1))
    answer["ignore"] = []
    client.tell("workspace/didChangeConfiguration", {"settings": None})
    await client.diagnostics(URI, 1, has("CHT001"))
    answer["ignore"] = ["NOPE"]
    client.tell("workspace/didChangeConfiguration", {"settings": None})
    await client.until(
        lambda: any("NOPE" in str(params) for method, params in client.notifications if method == "window/showMessage")
    )
    await client.close()


@served
async def test_a_broken_settings_file_is_said_where_it_stands(tmp_path: Path) -> None:
    settings = tmp_path / "tunelint.toml"
    settings.write_text("preset = 'recommended'\nignor = []\n")
    client = await Client.start(root=tmp_path)
    buffer = Buffer(client, settings.as_uri(), settings.read_text(), "toml")
    (one,) = await client.diagnostics(settings.as_uri(), 1)
    assert one["range"]["start"] == {"line": 1, "character": 0}
    assert "did you mean 'ignore'" in one["message"]
    Buffer(client, (tmp_path / "train.jsonl").as_uri(), good(12) + ROLE)
    await client.diagnostics((tmp_path / "train.jsonl").as_uri(), 1, has("CHT001"))
    await client.until(
        lambda: any("ignor" in str(params) for method, params in client.notifications if method == "window/showMessage")
    )
    buffer.edit(1, 5, 5, "e")
    assert await client.diagnostics(settings.as_uri(), 2) == []
    await client.close()


@served
async def test_diagnostics_are_pulled_by_clients_that_ask() -> None:
    capabilities = {"textDocument": {"diagnostic": {}}, "workspace": {"diagnostics": {"refreshSupport": True}}}
    client = await Client.start(capabilities=capabilities)
    assert client.result["capabilities"]["diagnosticProvider"]["identifier"] == "tunelint"
    buffer = Buffer(client, URI, good(12) + ROLE)
    await client.until(lambda: any(method == "workspace/diagnostic/refresh" for method, _ in client.requests))
    report = await client.ask("textDocument/diagnostic", {"textDocument": buffer.identifier})
    assert "CHT001" in codes(report["items"])
    again = await client.ask(
        "textDocument/diagnostic", {"textDocument": buffer.identifier, "previousResultId": report["resultId"]}
    )
    assert again["kind"] == "unchanged"
    assert client.published.empty()
    await client.close()


@served
async def test_files_and_folders_are_linted_from_disk(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(good(12) + ROLE.replace('"q"', '"😀"'), encoding="utf-8")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b.jsonl").write_text(good(12), encoding="utf-8")
    (tmp_path / "package.json").write_text("{}")
    client = await Client.start(root=tmp_path, options={"status": True})
    result = await client.command("tunelint.lintWorkspace")
    assert result["files"] == 2
    assert result["findings"] >= 1
    found = await client.diagnostics((tmp_path / "a.jsonl").as_uri(), None, has("CHT001"))
    one = next(one for one in found if one["code"] == "CHT001")
    assert one["range"]["start"] == {"line": 12, "character": 58}
    (tmp_path / "a.jsonl").write_text(good(12), encoding="utf-8")
    client.tell("workspace/didChangeWatchedFiles", {"changes": [{"uri": (tmp_path / "a.jsonl").as_uri(), "type": 2}]})
    await client.diagnostics((tmp_path / "a.jsonl").as_uri(), None, lacks("CHT001"))
    result = await client.command("tunelint.lintFile", (tmp_path / "gone.jsonl").as_uri())
    assert result["findings"] == 0
    await client.until(
        lambda: any(method == "tunelint/status" and params["state"] == "failed" for method, params in client.notifications)
    )
    await client.close()


@served
async def test_progress_is_shown_and_can_be_cancelled() -> None:
    client = await Client.start(capabilities={"window": {"workDoneProgress": True}})
    buffer = Buffer(client, URI, good(60_000))
    await client.until(
        lambda: any(params["value"]["kind"] == "begin" for method, params in client.notifications if method == "$/progress")
    )
    token = next(params["token"] for method, params in client.notifications if method == "$/progress")
    client.tell("window/workDoneProgress/cancel", {"token": token})
    await client.until(
        lambda: any(params["value"]["kind"] == "end" for method, params in client.notifications if method == "$/progress")
    )
    lens = await client.ask("textDocument/codeLens", {"textDocument": buffer.identifier})
    assert not lens or "reading" in lens[0]["command"]["title"]
    await client.close()


@served
async def test_a_request_can_be_cancelled() -> None:
    client = await Client.start()
    buffer = Buffer(client, URI, good(20_000))
    number, future = client.request(
        "codeAction/resolve",
        {"title": "x", "kind": "source.fixAll.tunelint", "data": {"question": "mend", "uri": URI, "first": 0, "last": 0}},
    )
    client.tell("$/cancelRequest", {"id": number})
    with pytest.raises(RuntimeError, match="-32800"):
        await asyncio.wait_for(future, 30)
    hover = await client.ask("textDocument/hover", {"textDocument": buffer.identifier, "position": {"line": 3, "character": 5}})
    assert hover is not None
    await client.close()


@served
async def test_strange_messages_harm_nothing() -> None:
    client = await Client.start()
    where = {"start": {"line": 9, "character": 9}, "end": {"line": 10, "character": 0}}
    client.tell(
        "textDocument/didChange",
        {
            "textDocument": {"uri": "file:///nowhere/never-opened.jsonl", "version": 3},
            "contentChanges": [{"range": where, "text": "x"}],
        },
    )
    client.tell("textDocument/didClose", {"textDocument": {"uri": "file:///nowhere/never-opened.jsonl"}})
    client.tell("tunelint/visible", {"uri": 7})
    client.tell("nobody/knows", {"x": 1})
    client.write_raw(b"{this is no JSON")
    client.write_raw(b'{"jsonrpc": "2.0", "id": 900, "method": "nobody/knows"}')
    client.write_raw(b'{"jsonrpc": "2.0", "id": 901, "method": "textDocument/hover", "params": {"wrong": true}}')
    buffer = Buffer(client, URI, good(12) + ROLE)
    await client.diagnostics(URI, 1, has("CHT001"))
    buffer.edit(400, 3, 9, "x", end_line=900)
    await client.diagnostics(URI, 2)
    hover = await client.ask("textDocument/hover", {"textDocument": buffer.identifier, "position": {"line": 999, "character": 5}})
    assert hover is None
    await client.close()


@pytest.mark.skipif(sys.platform == "win32", reason="kills a process by signal")
@served
async def test_the_process_that_follows_documents_is_started_again() -> None:
    client = await Client.start()
    buffer = Buffer(client, URI, good(12) + ROLE)
    await client.diagnostics(URI, 1, has("CHT001"))
    children = Path(f"/proc/{client.process.pid}/task/{client.process.pid}/children")
    if not children.exists():
        pytest.skip("the children of a process are not told here")
    for child in children.read_text().split():
        os.kill(int(child), signal.SIGKILL)
    await client.diagnostics(URI, 1, has("CHT001"))
    buffer.edit(12, 56, 56, "s")
    await client.diagnostics(URI, 2, lacks("CHT001"))
    await client.close()


@served
async def test_the_server_ends_when_its_input_does() -> None:
    client = await Client.start()
    Buffer(client, URI, good(12) + ROLE)
    await client.diagnostics(URI, 1, has("CHT001"))
    assert client.process.stdin is not None
    client.process.stdin.close()
    await asyncio.wait_for(client.process.wait(), 30)


def test_nothing_is_remembered_of_a_notification() -> None:
    """An editor sends one for each keystroke, all day; pygls handles those of documents by generators."""
    from tunelint.lsp.server import build_server

    def handler(*nothing: Any) -> Iterator[None]:
        yield from ()

    ended: list[Any] = []
    protocol = build_server().protocol
    for number in range(100):
        protocol._execute_handler(str(number), handler, ended.append)
    assert len(ended) == 100
    assert not protocol._request_futures
