"""Training configs in an editor: diagnostics as one types, fixes, hover, completion, and silence about all other YAML."""

import asyncio
import re
import time
from pathlib import Path
from typing import Any

from tests.lsp.client import PATIENCE, RESOLVES, Buffer, Client
from tests.lsp.test_server import codes, has, lacks, served

URI = "file:///nowhere/config.yaml"
AXOLOTL = """\
base_model: NousResearch/Meta-Llama-3-8B
datasets:
  - path: train.jsonl
    type: chat_template
adapter: lora
lora_r: 16
lora_alpha: 32
lora_target_linear: true
micro_batch_size: 2
gradient_accumulation_steps: 4
num_epochs: 2
learning_rate: 2e-4
sequence_len: 2048
bf16: auto
output_dir: ./out
"""


@served
async def test_an_unknown_key_comes_and_goes_with_the_typing() -> None:
    client = await Client.start()
    buffer = Buffer(client, URI, AXOLOTL, "yaml")
    found = await client.diagnostics(URI, 1)
    assert "CFG002" not in codes(found)
    line = AXOLOTL.splitlines().index("lora_r: 16")
    buffer.edit(line, 0, 6, "lora_rr")
    found = await client.diagnostics(URI, 2, has("CFG002"))
    one = next(one for one in found if one["code"] == "CFG002")
    assert one["range"]["start"] == {"line": line, "character": 0}
    buffer.edit(line, 0, 7, "lora_r")
    await client.diagnostics(URI, 3, lacks("CFG002"))
    await client.close()


@served
async def test_half_typed_text_keeps_the_rest_of_the_findings() -> None:
    client = await Client.start()
    buffer = Buffer(client, URI, AXOLOTL + "lora_rr: 3\n", "yaml")
    await client.diagnostics(URI, 1, has("CFG002"))
    buffer.edit(6, 0, 14, "lora_alpha: [3")
    found = await client.diagnostics(URI, 2)
    assert "CFG001" in codes(found)
    await client.close()


@served
async def test_safe_fixes_are_made_at_once_and_keep_comments() -> None:
    client = await Client.start(capabilities=RESOLVES)
    text = AXOLOTL.replace("lora_r: 16", "lora_rr: 16  # the rank").replace("num_epochs: 2", "num_epoch: 2")
    buffer = Buffer(client, URI, text, "yaml")
    found = await client.diagnostics(URI, 1, has("CFG002"))
    request = {
        "textDocument": buffer.identifier,
        "range": {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}},
        "context": {"diagnostics": found, "only": ["source.fixAll"]},
    }
    (action,) = await client.ask("textDocument/codeAction", request)
    resolved = await client.ask("codeAction/resolve", action)
    buffer.apply(resolved["edit"]["documentChanges"][0]["edits"])
    assert buffer.text == text.replace("lora_rr", "lora_r").replace("num_epoch:", "num_epochs:")
    await client.diagnostics(URI, 2, lacks("CFG002"))
    await client.close()


@served
async def test_hover_completion_and_lens() -> None:
    client = await Client.start()
    typed = "    ty"
    text = AXOLOTL.replace("    type: chat_template\n", typed + "\n")
    buffer = Buffer(client, URI, text, "yaml")
    await client.diagnostics(URI, 1)
    hover = await client.ask("textDocument/hover", {"textDocument": buffer.identifier, "position": {"line": 8, "character": 3}})
    assert "micro_batch_size" in hover["contents"]["value"]
    hover = await client.ask("textDocument/hover", {"textDocument": buffer.identifier, "position": {"line": 0, "character": 3}})
    assert "| **memory**, one GPU |" in hover["contents"]["value"].replace("\N{NO-BREAK SPACE}", " ")
    assert "activations" in hover["contents"]["value"]
    where = {"textDocument": buffer.identifier, "position": {"line": 3, "character": len(typed)}}
    labels = {item["label"] for item in await client.ask("textDocument/completion", where)}
    assert "type" in labels
    assert "path" not in labels
    assert "base_model" not in labels
    title = await lens_with(client, buffer, "GB")
    assert title.startswith("Axolotl config")
    assert "hours and money not known: the GPU: gpu or memory-gb in [hardware]" in title
    await client.close()


async def lens_with(client: Client, buffer: Buffer, words: str) -> str:
    """Wait for a lens that holds some words."""
    end = time.monotonic() + PATIENCE
    while True:
        lenses = await client.ask("textDocument/codeLens", {"textDocument": buffer.identifier})
        title: str = lenses[0]["command"]["title"] if lenses else ""
        if words in title:
            return title
        assert time.monotonic() < end, title
        await asyncio.sleep(0.05)


ROWS = '{"messages": [{"role": "user", "content": "What is %d?"}, {"role": "assistant", "content": "It is %d."}]}\n'


@served
async def test_what_a_run_costs_follows_the_config_and_its_data(tmp_path: Path) -> None:
    config, data = tmp_path / "config.yaml", tmp_path / "train.jsonl"
    (tmp_path / "tunelint.toml").write_text('[hardware]\ngpu = "A100-80GB"\n', encoding="utf-8")
    data.write_text("".join(ROWS % (one, one) for one in range(80)), encoding="utf-8")
    client = await Client.start(root=tmp_path)
    buffer = Buffer(client, config.as_uri(), AXOLOTL, "yaml")
    title = await lens_with(client, buffer, "minutes (")
    assert re.search(
        r"peak [\d.]+ GB \([\d.]+ to [\d.]+\) for one GPU, fits A100-80GB · [\d.]+ minutes \(.*\) · \$[\d.]+ \(", title
    )
    where = {"textDocument": buffer.identifier, "position": {"line": 0, "character": 3}}
    table = (await client.ask("textDocument/hover", where))["contents"]["value"]
    assert "| steps | 20 |" in table
    assert "as of 2026-" in table
    assert "**Rests on**" in table
    line = AXOLOTL.splitlines().index("num_epochs: 2")
    buffer.edit(line, 0, len("num_epochs: 2"), "num_epochs: 4")
    await hover_with(client, where, "| steps | 40 |")
    other = Buffer(client, data.as_uri(), data.read_text(encoding="utf-8"))
    other.edit(0, 0, 0, "".join(ROWS % (one, one) for one in range(100, 180)))
    await hover_with(client, where, "| steps | 80 |")
    await lens_with(client, buffer, "minutes (")
    await client.close()


@served
async def test_a_lens_stands_at_each_dataset_of_a_config(tmp_path: Path) -> None:
    config, data, other = tmp_path / "config.yaml", tmp_path / "train.jsonl", tmp_path / "more" / "b 1.jsonl"
    other.parent.mkdir()
    data.write_text("".join(ROWS % (one, one) for one in range(80)), encoding="utf-8")
    other.write_text('{"prompt": "a", "completion": "b"}\n', encoding="utf-8")
    text = AXOLOTL.replace("adapter:", "  - path: more/b 1.jsonl\n    type: completion\n  - path: no/where\nadapter:")
    shown = {"window": {"showDocument": {"support": True}}}
    client = await Client.start(
        root=tmp_path, capabilities=shown, answers={"window/showDocument": lambda params: {"success": True}}
    )
    buffer = Buffer(client, config.as_uri(), text, "yaml")
    end = time.monotonic() + PATIENCE
    while len(lenses := await client.ask("textDocument/codeLens", {"textDocument": buffer.identifier})) < 3:
        assert time.monotonic() < end, lenses
        await asyncio.sleep(0.05)
    first, second = lenses[1:]
    lines = text.splitlines()
    assert lines[first["range"]["start"]["line"]] == "  - path: train.jsonl"
    assert lines[second["range"]["start"]["line"]] == "  - path: more/b 1.jsonl"
    assert re.fullmatch(r"80 records · openai-chat · [\d,]+ tokens \(.*\)", first["command"]["title"])
    assert second["command"]["title"].startswith("1 record · prompt-completion · ")
    assert await client.command(second["command"]["command"], *second["command"]["arguments"]) is True
    ((_, params),) = [one for one in client.requests if one[0] == "window/showDocument"]
    assert params["uri"] == other.as_uri()
    assert await client.command("tunelint.showDataset", "/etc/passwd") is False
    Buffer(client, data.as_uri(), "".join(ROWS % (one, one) for one in range(90)))
    while "90 records" not in lenses[1]["command"]["title"]:
        assert time.monotonic() < end, lenses
        lenses = await client.ask("textDocument/codeLens", {"textDocument": buffer.identifier})
        await asyncio.sleep(0.05)
    await client.close()


async def hover_with(client: Client, where: dict[str, Any], words: str) -> None:
    """Wait for a hover that holds some words."""
    end = time.monotonic() + PATIENCE
    while words not in (text := (await client.ask("textDocument/hover", where))["contents"]["value"]):
        assert time.monotonic() < end, text
        await asyncio.sleep(0.5)  # a question interrupts what it waits for


@served
async def test_what_a_hosted_job_costs(tmp_path: Path) -> None:
    job, data = tmp_path / "job.json", tmp_path / "train.jsonl"
    data.write_text("".join(ROWS % (one, one) for one in range(80)), encoding="utf-8")
    text = (
        '{"model": "gpt-4.1-mini-2025-04-14", "training_file": "train.jsonl",\n "method": {"type": "supervised", '
        '"supervised": {"hyperparameters": {"n_epochs": 3}}}}\n'
    )
    client = await Client.start(root=tmp_path)
    buffer = Buffer(client, job.as_uri(), text, "json")
    title = await lens_with(client, buffer, "$")
    assert "GB" not in title
    where = {"textDocument": buffer.identifier, "position": {"line": 0, "character": 3}}
    await hover_with(client, where, "| **money** | **$")
    await client.close()


@served
async def test_other_yaml_is_left_alone() -> None:
    client = await Client.start()
    buffer = Buffer(client, URI, "name: test\non: push\njobs: {}\n", "yaml")
    assert await client.diagnostics(URI, 1) == []
    for method in ("textDocument/codeLens", "textDocument/documentSymbol"):
        assert not await client.ask(method, {"textDocument": buffer.identifier})
    position = {"line": 0, "character": 2}
    assert await client.ask("textDocument/hover", {"textDocument": buffer.identifier, "position": position}) is None
    assert await client.ask("textDocument/completion", {"textDocument": buffer.identifier, "position": position}) == []
    await client.close()


@served
async def test_the_verdict_follows_when_nobody_types() -> None:
    rows = "".join(
        f'{{"messages": [{{"role": "user", "content": "label number {one}"}}, '
        f'{{"role": "assistant", "content": "LABEL NUMBER {one}"}}]}}\n'
        for one in range(80)
    )
    client = await Client.start()
    buffer = Buffer(client, "file:///nowhere/train.jsonl", rows)
    await client.diagnostics(buffer.uri, 1, has("ADV002"))
    (lens,) = await client.ask("textDocument/codeLens", {"textDocument": buffer.identifier})
    assert "a prompt with a few examples should do" in lens["command"]["title"]
    await client.close()


@served
async def test_a_config_is_checked_with_the_open_text_of_its_dataset(tmp_path: Path) -> None:
    config, data = tmp_path / "config.yaml", tmp_path / "train.jsonl"
    config.write_text(AXOLOTL, encoding="utf-8")
    rows = '{"messages": [{"role": "user", "content": "What is %d?"}, {"role": "assistant", "content": "It is %d."}]}\n'
    data.write_text("".join(rows % (one, one) for one in range(12)), encoding="utf-8")
    client = await Client.start(root=tmp_path)
    Buffer(client, config.as_uri(), AXOLOTL, "yaml")
    found = await client.diagnostics(config.as_uri(), 1, has("TRN004"))
    few = next(one["message"] for one in found if one["code"] == "TRN004")
    buffer = Buffer(client, data.as_uri(), data.read_text(encoding="utf-8"))
    buffer.edit(0, 0, 0, "".join(rows % (one, one) for one in range(100, 140)))
    again = await client.diagnostics(
        config.as_uri(), 1, lambda found: any(one["code"] == "TRN004" and one["message"] != few for one in found)
    )
    assert again
    await client.close()


@served
async def test_a_missing_dataset_is_found_and_goes_when_it_is_there(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(AXOLOTL, encoding="utf-8")
    client = await Client.start(root=tmp_path)
    buffer = Buffer(client, config.as_uri(), AXOLOTL, "yaml")
    await client.diagnostics(config.as_uri(), 1, has("LNK001"))
    (tmp_path / "train.jsonl").write_text('{"messages": []}\n', encoding="utf-8")
    buffer.edit(0, 0, 0, "# mended\n")
    await client.diagnostics(config.as_uri(), 2, lacks("LNK001"))
    await client.close()


@served
async def test_a_config_marks_the_records_that_it_cuts(tmp_path: Path) -> None:
    config, data = tmp_path / "config.yaml", tmp_path / "train.jsonl"
    row = '{"messages": [{"role": "user", "content": "Tell all"}, {"role": "assistant", "content": "%s"}]}\n'
    text = row % "and so on" * 12 + row % ("and so on " * 60) * 12
    client = await Client.start(root=tmp_path)
    Buffer(client, data.as_uri(), text)
    buffer = Buffer(client, config.as_uri(), AXOLOTL.replace("2048", "64"), "yaml")
    found = await client.diagnostics(data.as_uri(), 1, has("LNK003"))
    marks = [one for one in found if one["code"] == "LNK003"]
    assert [one["range"]["start"]["line"] for one in marks] == list(range(12, 24))
    assert {one["severity"] for one in marks} == {3}
    (back,) = marks[0]["relatedInformation"]
    line = AXOLOTL.splitlines().index("sequence_len: 2048")
    assert (back["location"]["uri"], back["location"]["range"]["start"]["line"]) == (config.as_uri(), line)
    buffer.edit(line, 0, len("sequence_len: 64"), "sequence_len: 2048")
    await client.diagnostics(data.as_uri(), 1, lacks("LNK003"))
    buffer.edit(line, 0, len("sequence_len: 2048"), "sequence_len: 64")
    await client.diagnostics(data.as_uri(), 1, has("LNK003"))
    buffer.close()
    await client.diagnostics(data.as_uri(), 1, lacks("LNK003"))
    await client.close()


@served
async def test_a_dataset_that_another_program_writes_is_read_again(tmp_path: Path) -> None:
    config, data = tmp_path / "config.yaml", tmp_path / "train.jsonl"
    client = await Client.start(root=tmp_path)
    Buffer(client, config.as_uri(), AXOLOTL, "yaml")
    await client.diagnostics(config.as_uri(), 1, has("LNK001"))
    data.write_text('{"instruction": "Name a colour", "output": "Green"}\n' * 30, encoding="utf-8")
    client.tell("workspace/didChangeWatchedFiles", {"changes": [{"uri": data.as_uri(), "type": 1}]})
    await client.diagnostics(config.as_uri(), 1, lambda found: lacks("LNK001")(found) and has("LNK002")(found))
    client.tell("workspace/didChangeWatchedFiles", {"changes": []})
    await client.close()


@served
async def test_a_workspace_is_linted_with_its_configs(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(AXOLOTL.replace("2048", "64"), encoding="utf-8")
    (tmp_path / "compose.yaml").write_text("services: {}\n", encoding="utf-8")
    row = '{"messages": [{"role": "user", "content": "Tell all"}, {"role": "assistant", "content": "%s"}]}\n'
    (tmp_path / "train.jsonl").write_text(row % "and so on" * 12 + row % ("and so on " * 60) * 12, encoding="utf-8")
    client = await Client.start(root=tmp_path)
    result = await client.command("tunelint.lintWorkspace")
    assert result["files"] == 2
    found = await client.diagnostics(config.as_uri(), None, has("LNK003"))
    (one,) = [one for one in found if one["code"] == "LNK003"]
    places = [place["location"] for place in one["relatedInformation"]]
    assert {place["uri"] for place in places} == {(tmp_path / "train.jsonl").as_uri()}
    assert sorted(place["range"]["start"]["line"] for place in places) == list(range(12, 24))
    config.write_text(AXOLOTL, encoding="utf-8")
    client.tell("workspace/didChangeWatchedFiles", {"changes": [{"uri": config.as_uri(), "type": 2}]})
    await client.diagnostics(config.as_uri(), None, lacks("LNK003"))
    await client.close()
