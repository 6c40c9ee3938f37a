"""Whole folders, as they are: what is no dataset, what cannot be read, and many files that change at once."""

import gzip
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.lsp.client import Buffer, Client
from tests.lsp.test_configs import AXOLOTL
from tests.lsp.test_server import EMPTY, ROLE, codes, good, has, lacks, served

CHANGED, DELETED = 2, 3


def changes(kind: int, *uris: str) -> dict[str, Any]:
    """Return what a client says when files have changed."""
    return {"changes": [{"uri": uri, "type": kind} for uri in uris]}


async def lint(client: Client) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """Lint the workspace; return the result, and the codes that were found by the names of files."""
    result = await client.command("tunelint.lintWorkspace")
    found = {}
    while not client.published.empty():
        _, params = client.published.get_nowait()
        found[params["uri"].rpartition("/")[2]] = codes(params["diagnostics"])
    return result, found


@served
async def test_datasets_and_configs_are_found_among_all_else(tmp_path: Path) -> None:
    (tmp_path / "train.jsonl").write_text(good(12) + ROLE)
    (tmp_path / "axolotl.yaml").write_text(AXOLOTL.replace("lora_r:", "lora_rr:"))
    (tmp_path / "service.yaml").write_text("apiVersion: v1\nkind: Service\n---\nkind: Two\n")
    (tmp_path / "broken.yaml").write_text("a: [1,\nb: {{{\n\t- x\n")
    (tmp_path / "package.json").write_text('{"name": "x"}')
    (tmp_path / "any.json").write_text('{"name": "x", "list": [1, 2]}')
    client = await Client.start(root=tmp_path)
    result, found = await lint(client)
    assert sorted(found) == ["axolotl.yaml", "train.jsonl"]
    assert result == {"files": 2, "findings": sum(map(len, found.values())), "problem": ""}
    assert "CHT001" in found["train.jsonl"]
    assert "CFG002" in found["axolotl.yaml"]
    assert "LNK001" not in found["axolotl.yaml"]
    (tmp_path / "axolotl.yaml").write_text(AXOLOTL)
    client.tell("workspace/didChangeWatchedFiles", changes(CHANGED, (tmp_path / "axolotl.yaml").as_uri()))
    await client.diagnostics((tmp_path / "axolotl.yaml").as_uri(), None, lacks("CFG002"))
    await client.close()


@pytest.mark.skipif(sys.platform == "win32", reason="makes links and pipes")
@served
async def test_what_cannot_be_read_is_said_and_ends_nothing(tmp_path: Path) -> None:
    (tmp_path / "a-gone.jsonl").symlink_to(tmp_path / "nothing.jsonl")
    (tmp_path / "a-loop.jsonl").symlink_to("a-loop.jsonl")
    (tmp_path / "a-folder.jsonl").mkdir()
    (tmp_path / "a-round").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "a-pipe.jsonl")
    (tmp_path / "a.parquet").write_bytes(b"PAR1 nothing")
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(good(50).encode())[:-9])
    (tmp_path / "b-null.jsonl").write_bytes(b"\0" * 1000)
    (tmp_path / "b-noise.jsonl").write_bytes(bytes(range(256)) * 20)
    (tmp_path / "b-deep.jsonl").write_text("[" * 50_000 + "]" * 50_000 + "\n" + good(1))
    (tmp_path / "b-deep.yaml").write_text("[" * 3_000 + "]" * 3_000 + "\n")
    (tmp_path / "z.jsonl").write_text(good(12) + ROLE)
    client = await Client.start(root=tmp_path)
    result, found = await lint(client)
    assert result["problem"] == ""
    assert "CHT001" in found["z.jsonl"]
    assert found["b-null.jsonl"]
    assert found["b-noise.jsonl"]
    logged = [params["message"] for method, params in client.notifications if method == "window/logMessage"]
    for name in ("a-gone.jsonl", "a-loop.jsonl", "a.parquet", "a.jsonl.gz"):
        (said,) = [one for one in logged if name in one]
        assert said.count(name) <= 2
    assert not [one for one in logged if "pipe" in one or "a-folder" in one]
    assert not [params for method, params in client.notifications if method == "window/showMessage"]
    assert await client.close() == 0


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="the children of a process are not told here")
@served
async def test_many_files_that_change_at_once_take_one_process(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.jsonl" for number in range(25)]
    for path in paths:
        path.write_text(good(12))
    client = await Client.start(root=tmp_path)
    result, _ = await lint(client)
    assert result["files"] == len(paths)
    for path in paths:
        path.write_text(good(12) + ROLE)
    client.tell("workspace/didChangeWatchedFiles", changes(CHANGED, *(path.as_uri() for path in paths)))
    waiting, most = {path.as_uri() for path in paths}, 0
    children = Path(f"/proc/{client.process.pid}/task/{client.process.pid}/children")
    while waiting:
        _, params = await client.published.get()
        most = max(most, len(children.read_text().split()))
        if "CHT001" in codes(params["diagnostics"]):
            waiting.discard(params["uri"])
    assert most <= 2  # the one that follows open documents, and this one
    paths[3].unlink()
    client.tell("workspace/didChangeWatchedFiles", changes(DELETED, paths[3].as_uri()))
    assert await client.diagnostics(paths[3].as_uri(), None, lambda found: not found) == []
    await client.close()


@served
async def test_a_file_is_known_under_any_spelling_of_its_address(tmp_path: Path) -> None:
    path = tmp_path / "a b+ü.jsonl"
    path.write_text(good(12) + ROLE)
    client = await Client.start(root=tmp_path)
    _, found = await lint(client)
    assert [codes for codes in found.values() if "CHT001" in codes]
    path.write_text(good(12) + EMPTY)
    spelt = path.as_uri().replace("+", "%2B").replace("%C3%BC", "%c3%bc")
    assert spelt != path.as_uri()
    client.tell("workspace/didChangeWatchedFiles", changes(CHANGED, spelt))
    await client.diagnostics(path.as_uri(), None, has("CHT006"))
    await client.close()


@served
async def test_what_is_in_the_file_is_shown_again_once_its_editor_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "train.jsonl"
    path.write_text(good(12) + ROLE)
    client = await Client.start(root=tmp_path)
    await lint(client)
    buffer = Buffer(client, path.as_uri(), good(12) + EMPTY)
    assert "CHT001" not in codes(await client.diagnostics(path.as_uri(), 1, has("CHT006")))
    client.tell("workspace/didChangeWatchedFiles", changes(CHANGED, path.as_uri()))
    buffer.close()
    assert await client.diagnostics(path.as_uri(), None) == []
    assert "CHT001" in codes(await client.diagnostics(path.as_uri(), None))
    await client.close()


@served
async def test_progress_is_that_of_all_files_together(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / f"{name}.jsonl").write_text(good(40_000))
    client = await Client.start(root=tmp_path, capabilities={"window": {"workDoneProgress": True}})
    result = await client.command("tunelint.lintWorkspace")
    assert json.loads(json.dumps(result))["files"] == 3
    values = [params["value"] for method, params in client.notifications if method == "$/progress"]
    shares = [value["percentage"] for value in values if "percentage" in value]
    assert shares == sorted(shares)
    assert {"a.jsonl", "c.jsonl"} <= {value.get("message") for value in values}
    await client.close()
