"""What other systems lack or do in another way, as far as that can be had on this one: modules, processes, encodings, actions."""

import asyncio
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.cli.running import BROKEN, GOOD
from tests.lsp.client import Client

ROOT = Path(__file__).parents[1]
ACTION = ROOT / ".github" / "actions" / "tunelint" / "action.yml"
NOT_ON_WINDOWS = """\
import multiprocessing, os, signal, sys
for name in ("fcntl", "grp", "pwd", "resource", "termios"):
    sys.modules[name] = None
for owner, names in {os: ("fork", "forkpty", "getuid", "geteuid", "mkfifo", "sched_getaffinity", "killpg"), signal: ("SIGKILL", "SIGPIPE")}.items():
    for name in names:
        if hasattr(owner, name):
            delattr(owner, name)
sys.platform = "%s"
"""


def _environment(folder: Path, **more: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "GITHUB_", "LC_", "LANG"))}
    return (
        kept
        | {"PYTHONPATH": os.pathsep.join([str(folder), str(ROOT / "server")]), "TUNELINT_CACHE_DIR": str(folder / "cache")}
        | more
    )


def _poor_system(folder: Path) -> dict[str, str]:
    """Return the environment of a Python that lacks what Windows lacks, in its child processes as well."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(NOT_ON_WINDOWS % "poor", encoding="utf-8")
    return _environment(folder)


def _run(folder: Path, environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "tunelint", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False, env=environment)


def test_the_command_line_wants_nothing_that_windows_lacks(tmp_path: Path) -> None:
    environment = _poor_system(tmp_path / "site")
    (tmp_path / "train.jsonl").write_bytes(GOOD * 3 + BROKEN)
    found = _run(tmp_path, environment, "check", "train.jsonl", "--output-format", "json")
    assert found.returncode == 1, found.stderr
    assert b"JSN001" in found.stdout
    assert _run(tmp_path, environment, "check", "train.jsonl", "--fix").returncode == 0
    assert (tmp_path / "train.jsonl").read_bytes() == GOOD * 4
    large = b"".join(GOOD.replace(b"raining", b"raining on day %d" % day) for day in range(300_000))
    (tmp_path / "large.jsonl").write_bytes(large)
    first = _run(tmp_path, environment, "check", "large.jsonl", "--jobs", "2", "--output-format", "concise")
    again = _run(tmp_path, environment, "check", "large.jsonl", "--output-format", "concise")
    assert first.returncode == 0, first.stderr
    assert (first.stdout, first.stderr) == (again.stdout, again.stderr)
    assert list((tmp_path / "site" / "cache").rglob("*.report")), "the report was kept"


def test_the_language_server_wants_nothing_that_windows_lacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in _poor_system(tmp_path / "site").items():
        monkeypatch.setenv(name, value)

    async def talk() -> None:
        client = await Client.start(root=tmp_path, process_id=os.getpid())
        uri = (tmp_path / "train.jsonl").as_uri()
        document = {"uri": uri, "languageId": "jsonl", "version": 1, "text": BROKEN.decode()}
        client.tell("textDocument/didOpen", {"textDocument": document})
        await client.diagnostics(uri, 1, lambda found: any(one["code"] == "JSN001" for one in found))
        await client.close()

    asyncio.run(talk())


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "cp932"])
@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["check", "--help"],
        ["measure", "--help"],
        ["rule", "CHT013"],
        ["check", "Größe→日.jsonl"],
        ["check", "Größe→日.jsonl", "--diff"],
        ["check", "Größe→日.jsonl", "--output-format", "github"],
        ["check", "nicht→da.jsonl"],
        ["prüfe→"],
    ],
)
def test_no_encoding_of_a_console_ends_a_command(tmp_path: Path, encoding: str, arguments: list[str]) -> None:
    (tmp_path / "Größe→日.jsonl").write_bytes(BROKEN.replace(b"No.", "→ ≥ 日本 😀".encode()))
    result = _run(tmp_path, _environment(tmp_path, PYTHONIOENCODING=encoding, PYTHONUTF8="0"), *arguments)
    said = (result.stdout + result.stderr).decode("utf-8", "replace")
    assert result.returncode in {0, 1, 2}
    assert "internal error" not in said
    assert "Traceback" not in said
    assert said


def test_actions_and_workflows_name_what_they_run_by_its_commit() -> None:
    used = [
        line
        for file in (ROOT / ".github").rglob("*.yml")
        for line in re.findall(r"uses: *(\S+)", file.read_text(encoding="utf-8"))
    ]
    assert used
    assert all(one.startswith("./") or re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}", one) for one in used)


@pytest.mark.skipif(shutil.which("bash") is None, reason="the action's steps are written for bash")
@pytest.mark.parametrize(
    ("paths", "given"),
    [
        (".", ["."]),
        ("data/ more/a.jsonl", ["data/", "more/a.jsonl"]),
        ("*.jsonl", ["a b.jsonl", "c.jsonl"]),
        ("a b.jsonl\nc.jsonl\n", ["a b.jsonl", "c.jsonl"]),
        ("$(touch broken) `touch broken`", ["$(touch", "broken)", "`touch", "broken`"]),
    ],
)
@pytest.mark.parametrize("step", ["Check", "Write SARIF"])
def test_the_action_hands_paths_on_as_they_are_meant(tmp_path: Path, step: str, paths: str, given: list[str]) -> None:
    for name in ("a b.jsonl", "c.jsonl"):
        (tmp_path / name).write_bytes(GOOD)
    program = tmp_path / "the program"
    program.write_text('#!/bin/bash\nprintf "%s\\n" "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    steps = yaml.safe_load(ACTION.read_text(encoding="utf-8"))["runs"]["steps"]
    script = next(one["run"] for one in steps if one.get("name") == step)
    values = {"TUNELINT": str(program), "PATHS": paths, "ARGS": "--jobs 2", "FAIL_ON": "error", "SARIF": "out put.sarif"}
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=tmp_path, capture_output=True, text=True, check=True, env=os.environ | values,
    )  # fmt: skip
    said = done.stdout.splitlines()
    assert said[: len(given) + 1] == ["check", *given]
    assert said[len(given) + 1 : len(given) + 3] == ["--jobs", "2"]
    assert ("out put.sarif" in said) == (step == "Write SARIF")
    assert not (tmp_path / "broken").exists()
