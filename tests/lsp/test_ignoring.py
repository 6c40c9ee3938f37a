"""Ways not to see a finding again, as an editor's user chooses them: they hold at once, and nothing else is changed."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.lsp.client import RESOLVES, Buffer, Client
from tests.lsp.test_configs import AXOLOTL
from tests.lsp.test_server import EMPTY, ROLE, codes, good, has, lacks, served


async def choose(client: Client, buffer: Buffer, found: list[Any], code: str, title: str) -> Any:
    """Carry out the action for a finding whose title begins so; return what its command returned, or its edits."""
    one = next(one for one in found if one["code"] == code)
    request = {"textDocument": buffer.identifier, "range": one["range"], "context": {"diagnostics": [one]}}
    actions = await client.ask("textDocument/codeAction", request)
    (action,) = [action for action in actions if action["title"].startswith(title)]
    assert action["kind"] == "quickfix"
    if "command" in action:
        return await client.command(action["command"]["command"], *action["command"]["arguments"])
    return (await client.ask("codeAction/resolve", action))["edit"]["documentChanges"][0]["edits"]


def messages(client: Client) -> list[str]:
    """Return what the user was told."""
    return [params["message"] for method, params in client.notifications if method == "window/showMessage"]


SETTINGS = '# ours\r\nignore = [\r\n  "DUP001",\r\n]\r\n\r\n[severity]\r\nTOK = "hint"\r\n'


@served
async def test_a_rule_is_ignored_everywhere(tmp_path: Path) -> None:
    settings = tmp_path / "tunelint.toml"
    settings.write_bytes(SETTINGS.encode())
    path = tmp_path / "data" / "train.jsonl"
    path.parent.mkdir()
    client = await Client.start(root=tmp_path)
    buffer = Buffer(client, path.as_uri(), good(12) + ROLE)
    found = await client.diagnostics(path.as_uri(), 1, has("CHT001"))
    assert await choose(client, buffer, found, "CHT001", "Ignore CHT001 everywhere (tunelint.toml)") == str(settings)
    await client.diagnostics(path.as_uri(), 1, lacks("CHT001"))
    text = settings.read_bytes().decode()
    assert tomllib.loads(text)["ignore"] == ["CHT001", "DUP001"]
    assert text.replace('"CHT001", ', "") == SETTINGS
    await client.close()


@served
async def test_a_rule_is_ignored_in_a_file_by_settings_at_the_root(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    first, second = tmp_path / "data" / "train.jsonl", tmp_path / "data" / "valid.jsonl"
    client = await Client.start(root=tmp_path)
    buffer = Buffer(client, first.as_uri(), good(12) + ROLE)
    found = await client.diagnostics(first.as_uri(), 1, has("CHT001"))
    await choose(client, buffer, found, "CHT001", "Ignore CHT001 in train.jsonl")
    await client.diagnostics(first.as_uri(), 1, lacks("CHT001"))
    assert tomllib.loads((tmp_path / "tunelint.toml").read_text()) == {"per-file-ignores": {"data/train.jsonl": ["CHT001"]}}
    Buffer(client, second.as_uri(), good(12) + ROLE)
    await client.diagnostics(second.as_uri(), 1, has("CHT001"))
    await client.close()


@served
async def test_settings_with_unsaved_changes_are_changed_in_their_editor(tmp_path: Path) -> None:
    settings, path = tmp_path / "tunelint.toml", tmp_path / "train.jsonl"
    settings.write_text("# saved\n")
    client = await Client.start(root=tmp_path, answers={"workspace/applyEdit": lambda params: {"applied": True}})
    Buffer(client, settings.as_uri(), "# typed 😀\n", "toml")
    buffer = Buffer(client, path.as_uri(), good(12) + ROLE)
    found = await client.diagnostics(path.as_uri(), 1, has("CHT001"))
    await choose(client, buffer, found, "CHT001", "Ignore CHT001 everywhere")
    (params,) = [params for method, params in client.requests if method == "workspace/applyEdit"]
    ((uri, (edit,)),) = params["edit"]["changes"].items()
    assert uri == settings.as_uri()
    assert "CHT001" in edit["newText"]
    assert settings.read_text() == "# saved\n"
    await client.until(lambda: any("save tunelint.toml" in one for one in messages(client)))
    await client.close()


@served
async def test_broken_settings_are_left_alone(tmp_path: Path) -> None:
    settings, path = tmp_path / "tunelint.toml", tmp_path / "train.jsonl"
    settings.write_text("ignore = [")
    client = await Client.start(root=tmp_path)
    buffer = Buffer(client, path.as_uri(), good(12) + ROLE)
    found = await client.diagnostics(path.as_uri(), 1, has("CHT001"))
    assert await choose(client, buffer, found, "CHT001", "Ignore CHT001 everywhere") is None
    assert await choose(client, buffer, found, "CHT001", "Add this CHT001 to the baseline") is None
    assert settings.read_text() == "ignore = ["
    assert sorted(one.name for one in tmp_path.iterdir()) == ["tunelint.toml"]
    await client.close()


@pytest.mark.parametrize("named", [True, False])
def test_a_finding_goes_into_the_baseline(tmp_path: Path, named: bool) -> None:
    @served
    async def run() -> None:
        settings, path = tmp_path / "tunelint.toml", tmp_path / "train.jsonl"
        if named:
            settings.write_text('baseline = "known.json"\n')
            (tmp_path / "known.json").write_text('{"version": 1, "findings": []}')
        client = await Client.start(root=tmp_path)
        buffer = Buffer(client, path.as_uri(), good(12) + ROLE + EMPTY)
        found = await client.diagnostics(path.as_uri(), 1, has("CHT001"))
        written = Path(await choose(client, buffer, found, "CHT001", "Add this CHT001 to the baseline"))
        assert written == tmp_path / ("known.json" if named else "tunelint-baseline.json")
        assert tomllib.loads(settings.read_text()) == {"baseline": written.name}
        found = await client.diagnostics(path.as_uri(), 1, lacks("CHT001"))
        assert "CHT006" in codes(found)
        await choose(client, buffer, found, "CHT006", "Add this CHT006 to the baseline")
        await client.diagnostics(path.as_uri(), 1, lacks("CHT006"))
        assert [one["code"] for one in json.loads(written.read_text())["findings"]] == ["CHT001", "CHT006"]
        await client.close()

    run()


@served
async def test_all_findings_go_into_a_new_baseline(tmp_path: Path) -> None:
    path = tmp_path / "train.jsonl"
    path.write_text(good(12) + ROLE + EMPTY, encoding="utf-8")
    client = await Client.start(root=tmp_path)
    Buffer(client, path.as_uri(), good(12) + ROLE + EMPTY)
    await client.diagnostics(path.as_uri(), 1, has("CHT001"))
    assert await client.command("tunelint.createBaseline") == str(tmp_path / "tunelint-baseline.json")
    assert tomllib.loads((tmp_path / "tunelint.toml").read_text()) == {"baseline": "tunelint-baseline.json"}
    await client.diagnostics(path.as_uri(), 1, lambda found: not {"CHT001", "CHT006"} & set(codes(found)))
    await client.close()


@served
async def test_a_document_without_a_file_has_nothing_to_ignore_by() -> None:
    client = await Client.start()
    buffer = Buffer(client, "untitled:Untitled-1", good(12) + ROLE)
    found = await client.diagnostics("untitled:Untitled-1", 1, has("CHT001"))
    request = {"textDocument": buffer.identifier, "range": found[-1]["range"], "context": {"diagnostics": found}}
    actions = await client.ask("textDocument/codeAction", request)
    assert actions
    assert not [action for action in actions if "gnore" in action["title"] or "baseline" in action["title"]]
    await client.close()


@served
async def test_a_comment_ignores_a_finding_of_a_config(tmp_path: Path) -> None:
    uri = (tmp_path / "config.yaml").as_uri()
    client = await Client.start(root=tmp_path, capabilities=RESOLVES)
    buffer = Buffer(
        client, uri, AXOLOTL.replace("lora_r:", "lora_rr:").replace("num_epochs: 2", "num_epochss: 2  # twice 😀"), "yaml"
    )
    found = await client.diagnostics(uri, 1, has("CFG002"))
    first, second = sorted(one["range"]["start"]["line"] for one in found if one["code"] == "CFG002")
    buffer.apply(await choose(client, buffer, found, "CFG002", "Ignore CFG002 here (comment)"))
    found = await client.diagnostics(uri, 2)
    assert [one["range"]["start"]["line"] for one in found if one["code"] == "CFG002"] == [second]
    buffer.apply(await choose(client, buffer, found, "CFG002", "Ignore CFG002 here (comment)"))
    await client.diagnostics(uri, 3, lacks("CFG002"))
    lines = buffer.text.splitlines()
    assert lines[first] == "lora_rr: 16  # tunelint: ignore[CFG002]"
    assert lines[second] == "num_epochss: 2  # twice 😀  # tunelint: ignore[CFG002]"
    await client.close()
