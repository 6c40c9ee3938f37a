"""Neovim with the server attached: findings, an edit, code actions. Skipped where Neovim is not installed."""

import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(shutil.which("nvim") is None, reason="Neovim is not installed")

HEAD = """
local out = { steps = {} }
local buffer
local function wait(what, condition)
  if not vim.wait(20000, condition, 20) then
    table.insert(out.steps, "gave up waiting for " .. what)
    vim.fn.writefile({ vim.fn.json_encode(out) }, OUT)
    vim.cmd("cquit!")
  end
end
local function found(code)
  for _, one in ipairs(vim.diagnostic.get(buffer)) do
    if one.code == code then return one end
  end
end
vim.cmd("edit " .. FILE)
buffer = vim.api.nvim_get_current_buf()
local id = vim.lsp.start_client({ name = "tunelint", cmd = { PYTHON, "-m", "tunelint", "server" }, root_dir = ROOT })
vim.lsp.buf_attach_client(buffer, id)
wait("the broken record", function() return found("JSN001") end)
local client = vim.lsp.get_client_by_id(id)
local function ask_actions(diagnostic, only)
  local params = {
    textDocument = vim.lsp.util.make_text_document_params(buffer),
    range = diagnostic.range,
    context = { diagnostics = { diagnostic }, only = only },
  }
  return client.request_sync("textDocument/codeAction", params, 20000, buffer).result
end
"""

FOOT = """
vim.fn.writefile({ vim.fn.json_encode(out) }, OUT)
client.stop()
vim.cmd("qall!")
"""

FIXING = """
local one = found("JSN001")
out.before = { lnum = one.lnum, col = one.col, message = one.message }
out.role = { lnum = found("CHT001").lnum, col = found("CHT001").col }
vim.api.nvim_buf_set_lines(buffer, 0, 0, true, { vim.api.nvim_buf_get_lines(buffer, 0, 1, true)[1]:gsub("zero", "other") .. "" })
wait("the finding to move", function() local it = found("JSN001"); return it and it.lnum == out.before.lnum + 1 end)
local diagnostic = found("JSN001").user_data.lsp
diagnostic.range = { start = { line = out.before.lnum + 1, character = one.col }, ["end"] = { line = out.before.lnum + 1, character = one.end_col } }
diagnostic.message = one.message
diagnostic.source = "tunelint"
local action = client.request_sync("codeAction/resolve", ask_actions(diagnostic, { "source.fixAll.tunelint" })[1], 20000, buffer).result
vim.lsp.util.apply_workspace_edit(action.edit, client.offset_encoding)
wait("the findings to go", function() return not found("JSN001") and not found("CHT001") end)
out.lines = vim.api.nvim_buf_get_lines(buffer, 0, -1, true)
"""

IGNORING = """
local function ignore(code, title)
  local one = found(code)
  local diagnostic = vim.tbl_extend("force", one.user_data.lsp, {
    range = { start = { line = one.lnum, character = one.col }, ["end"] = { line = one.end_lnum, character = one.end_col } },
    message = one.message,
    source = "tunelint",
  })
  for _, action in ipairs(ask_actions(diagnostic)) do
    if action.title:find(title, 1, true) then
      vim.lsp.buf.execute_command(action.command)
      wait(code .. " to go", function() return not found(code) end)
      table.insert(out.steps, action.title)
      return
    end
  end
end
ignore("JSN001", "Add this JSN001 to the baseline")
ignore("CHT001", "Ignore CHT001 in train.jsonl")
ignore("ADV001", "Ignore ADV001 everywhere")
out.modified = vim.bo[buffer].modified
"""

GOOD = '{{"messages": [{{"role": "user", "content": "{} 😀"}}, {{"role": "assistant", "content": "yes"}}]}}'
BROKEN = '{"messages": [{"role": "user", "content": "q 😀"}, {"role": "assistant", "content": "a"}],}'
ROLE = '{"messages": [{"role": "user", "content": "r 😀"}, {"role": "asistant", "content": "a"}]}'


LINES = [GOOD.format("zero"), *(GOOD.format(number) for number in range(11)), BROKEN, ROLE]


def run(folder: Path, script: str) -> Any:
    """Let Neovim edit a dataset; return what its script wrote down."""
    file, out = folder / "train.jsonl", folder / "out.json"
    file.write_text("\n".join(LINES) + "\n", encoding="utf-8")
    values = {"FILE": str(file), "OUT": str(out), "ROOT": str(folder), "PYTHON": sys.executable}
    path = folder / "test.lua"
    path.write_text("".join(f"local {name} = {json.dumps(value)}\n" for name, value in values.items()) + HEAD + script + FOOT)
    ended = subprocess.run(
        ["nvim", "--headless", "--clean", "-u", str(path)], capture_output=True, text=True, timeout=120, check=False, cwd=folder
    )
    assert out.is_file(), ended.stderr
    return json.loads(out.read_text(encoding="utf-8"))


def test_findings_move_and_are_fixed(tmp_path: Path) -> None:
    found = run(tmp_path, FIXING)
    assert found["steps"] == []
    assert found["before"]["lnum"] == 12
    assert found["before"]["col"] == len(BROKEN.encode()) - 2  # Neovim's columns are bytes
    assert found["role"] == {"lnum": 13, "col": len(ROLE.partition('"asistant"')[0].encode())}
    assert found["lines"][13] == BROKEN.replace(",}", "}")
    assert found["lines"][14] == ROLE.replace("asistant", "assistant")
    assert len(found["lines"]) == len(LINES) + 1


def test_findings_are_ignored(tmp_path: Path) -> None:
    found = run(tmp_path, IGNORING)
    assert found["steps"] == [
        "Add this JSN001 to the baseline",
        "Ignore CHT001 in train.jsonl (tunelint.toml)",
        "Ignore ADV001 everywhere (tunelint.toml)",
    ]
    assert not found["modified"]
    assert tomllib.loads((tmp_path / "tunelint.toml").read_text()) == {
        "baseline": "tunelint-baseline.json",
        "ignore": ["ADV001"],
        "per-file-ignores": {"train.jsonl": ["CHT001"]},
    }
