"""Neovim with the server attached: findings, an edit, a code action. Skipped where Neovim is not installed."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(shutil.which("nvim") is None, reason="Neovim is not installed")

SCRIPT = """
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
local one = found("JSN001")
out.before = { lnum = one.lnum, col = one.col, message = one.message }
out.role = { lnum = found("CHT001").lnum, col = found("CHT001").col }
vim.api.nvim_buf_set_lines(buffer, 0, 0, true, { vim.api.nvim_buf_get_lines(buffer, 0, 1, true)[1]:gsub("zero", "other") .. "" })
wait("the finding to move", function() local it = found("JSN001"); return it and it.lnum == out.before.lnum + 1 end)
local client = vim.lsp.get_client_by_id(id)
local diagnostic = found("JSN001").user_data.lsp
diagnostic.range = { start = { line = out.before.lnum + 1, character = one.col }, ["end"] = { line = out.before.lnum + 1, character = one.end_col } }
diagnostic.message = one.message
diagnostic.source = "tunelint"
local params = {
  textDocument = vim.lsp.util.make_text_document_params(buffer),
  range = diagnostic.range,
  context = { diagnostics = { diagnostic }, only = { "source.fixAll.tunelint" } },
}
local actions = client.request_sync("textDocument/codeAction", params, 20000, buffer)
local action = client.request_sync("codeAction/resolve", actions.result[1], 20000, buffer).result
vim.lsp.util.apply_workspace_edit(action.edit, client.offset_encoding)
wait("the findings to go", function() return not found("JSN001") and not found("CHT001") end)
out.lines = vim.api.nvim_buf_get_lines(buffer, 0, -1, true)
vim.fn.writefile({ vim.fn.json_encode(out) }, OUT)
client.stop()
vim.cmd("qall!")
"""

GOOD = '{{"messages": [{{"role": "user", "content": "{} 😀"}}, {{"role": "assistant", "content": "yes"}}]}}'
BROKEN = '{"messages": [{"role": "user", "content": "q 😀"}, {"role": "assistant", "content": "a"}],}'
ROLE = '{"messages": [{"role": "user", "content": "r 😀"}, {"role": "asistant", "content": "a"}]}'


def test_neovim(tmp_path: Path) -> None:
    file = tmp_path / "train.jsonl"
    lines = [GOOD.format("zero"), *(GOOD.format(number) for number in range(11)), BROKEN, ROLE]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    out = tmp_path / "out.json"
    values = {"FILE": str(file), "OUT": str(out), "ROOT": str(tmp_path), "PYTHON": sys.executable}
    script = tmp_path / "test.lua"
    script.write_text("".join(f"local {name} = {json.dumps(value)}\n" for name, value in values.items()) + SCRIPT)
    ended = subprocess.run(
        ["nvim", "--headless", "--clean", "-u", str(script)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=tmp_path,
    )
    assert out.is_file(), ended.stderr
    found = json.loads(out.read_text(encoding="utf-8"))
    assert found["steps"] == [], ended.stderr
    assert found["before"]["lnum"] == 12
    assert found["before"]["col"] == len(BROKEN.encode()) - 2  # Neovim's columns are bytes
    assert found["role"] == {"lnum": 13, "col": len(ROLE.partition('"asistant"')[0].encode())}
    assert found["lines"][13] == BROKEN.replace(",}", "}")
    assert found["lines"][14] == ROLE.replace("asistant", "assistant")
    assert len(found["lines"]) == len(lines) + 1
