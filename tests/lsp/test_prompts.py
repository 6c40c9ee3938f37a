"""The few-shot prompt from an editor: written beside the dataset, measured only when the user agreed."""

import os
from pathlib import Path
from typing import Any

import pytest

from tests.advice.server import serving
from tests.lsp.client import Buffer, Client
from tests.lsp.test_server import served

ROWS = "".join(
    f'{{"messages": [{{"role": "user", "content": "Is {one} even?"}}, {{"role": "assistant", "content": "{("yes", "no")[one % 2]}"}}]}}\n'
    for one in range(80)
)
SHOWS = {"window": {"showDocument": {"support": True}, "workDoneProgress": True}}


@served
async def test_a_prompt_is_written_beside_the_dataset_and_shown(tmp_path: Path) -> None:
    path = tmp_path / "train.jsonl"
    path.write_text(ROWS, encoding="utf-8")
    client = await Client.start(
        root=tmp_path, capabilities=SHOWS, answers={"window/showDocument": lambda params: {"success": True}}
    )
    buffer = Buffer(client, path.as_uri(), ROWS)
    await client.diagnostics(path.as_uri(), 1)
    request = {
        "textDocument": buffer.identifier,
        "range": {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}},
        "context": {"diagnostics": [], "only": ["source.prompt"]},
    }
    actions = await client.ask("textDocument/codeAction", request)
    assert [action["title"] for action in actions] == [
        "Create a few-shot prompt from this dataset",
        "Measure the few-shot prompt…",
    ]
    command = actions[0]["command"]
    first = await client.command(command["command"], *command["arguments"])
    second = await client.command("tunelint.createPrompt", path.as_uri(), "openai")
    third = await client.command("tunelint.createPrompt", path.as_uri())
    assert [Path(one).name for one in (first, second, third)] == ["train.prompt.md", "train.prompt.json", "train-2.prompt.md"]
    assert "Is " in Path(first).read_text(encoding="utf-8")
    await client.until(lambda: any(method == "window/showDocument" for method, _ in client.requests))
    shown = [params["uri"] for method, params in client.requests if method == "window/showDocument"]
    assert shown[0] == Path(first).as_uri()
    said = [params["message"] for method, params in client.notifications if method == "window/showMessage"]
    assert any("1,000 calls" in one for one in said)
    await client.close()


@pytest.mark.parametrize("agrees", [False, True])
def test_nothing_is_sent_before_the_user_agreed(agrees: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "OPENAI_API_KEY", "none")
    path = tmp_path / "train.jsonl"
    path.write_text(ROWS, encoding="utf-8")
    asked: list[Any] = []

    def decide(params: Any) -> Any:
        asked.append((params["message"], len(double.bodies)))
        return params["actions"][0] if agrees else None

    @served
    async def run() -> None:
        client = await Client.start(root=tmp_path, answers={"window/showMessageRequest": decide})
        Buffer(client, path.as_uri(), ROWS)
        await client.diagnostics(path.as_uri(), 1)
        options = {"endpoint": double.base, "model": "double"}
        report = await client.command("tunelint.measure", path.as_uri(), options)
        assert (report is not None) == agrees
        await client.close()

    with serving() as double:
        run()
        ((message, before),) = asked
        assert before == 0
        assert "requests" in message
        assert bool(double.bodies) == agrees
