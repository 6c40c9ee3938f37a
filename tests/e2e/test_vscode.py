"""VS Code's own workbench with the packaged extension, driven in a real browser.

It takes some minutes and hundreds of megabytes of packages, so it runs only when it is asked for:

    TUNELINT_E2E=1 python -m pytest tests/e2e/test_vscode.py

`TUNELINT_VSCODE` names the folder in which the workbench is kept between runs; screenshots go to its folder `shots`.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.benchmarks.corpus import make_chat
from tests.lsp.test_configs import AXOLOTL
from tests.lsp.test_prompts import ROWS

HERE = Path(__file__).parent / "vscode"
CLIENT = Path(__file__).parents[2] / "client"
FOLDER = Path(os.environ.get("TUNELINT_VSCODE") or Path(tempfile.gettempdir()) / "tunelint-vscode")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = [
    pytest.mark.skipif(not os.environ.get("TUNELINT_E2E"), reason="the real workbench is driven with TUNELINT_E2E=1 only"),
    pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed"),
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
    pytest.mark.skipif(shutil.which("rg") is None, reason="ripgrep is not installed"),
]

GOOD = '{{"messages": [{{"role": "user", "content": "What is {} plus one?"}}, {{"role": "assistant", "content": "It is {}."}}]}}'
BROKEN = '{"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}],}'
ROLE = '{"messages": [{"role": "user", "content": "r"}, {"role": "asistant", "content": "a"}]}'
ODD = '{"messages": [{"role": "user", "content": "one\u2028two"}, {"role": "assistant", "content": "three"}]}'

SETTINGS = {
    "workbench.startupEditor": "none",
    "telemetry.telemetryLevel": "off",
    "git.enabled": False,
    "extensions.autoUpdate": False,
    "extensions.autoCheckUpdates": False,
    "files.autoSave": "off",
    "chat.disableAIFeatures": True,
    "editor.unusualLineTerminators": "off",
    "workbench.editorLargeFileConfirmation": 1000,
}


def _package(script: str) -> None:
    """Package the extension; the workbench is set up as well."""
    environment = {**os.environ, "TUNELINT_PYTHON": sys.executable}
    if not (FOLDER / "ready").exists():
        subprocess.run(["bash", str(HERE / "set_up.sh"), str(FOLDER)], check=True)
    if not (CLIENT / "node_modules").is_dir():
        subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=CLIENT, check=True)
    subprocess.run(["npm", "run", script], cwd=CLIENT, env=environment, check=True, stdout=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def package() -> Path:
    """Return the packaged extension."""
    _package("package")
    return CLIENT / "tunelint.vsix"


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def workbench(package: Path, folder: Path, settings: dict[str, Any], environment: dict[str, str]) -> Iterator[str]:
    """Run the workbench on a folder, with nothing remembered from earlier runs; yield its address."""
    user = folder.parent / "user"
    (user / "data" / "User").mkdir(parents=True)
    for place in (user / "data" / "User", user / "server" / "data" / "Machine"):
        place.mkdir(parents=True, exist_ok=True)
        (place / "settings.json").write_text(json.dumps({**SETTINGS, **settings}))
    main = str(FOLDER / "node_modules" / "code-server" / "lib" / "vscode" / "out" / "server-main.js")
    places = [
        "--server-data-dir",
        str(user / "server"),
        "--user-data-dir",
        str(user / "data"),
        "--extensions-dir",
        str(user / "ext"),
    ]
    subprocess.run(["node", main, "--install-extension", str(package), *places], check=True, stdout=subprocess.DEVNULL)
    port = _free_port()
    process = subprocess.Popen(
        [
            "node",
            main,
            "--host",
            "127.0.0.1",
            "--port",
            str(port),
            "--without-connection-token",
            "--accept-server-license-terms",
            "--telemetry-level",
            "off",
            "--disable-telemetry",
            "--disable-workspace-trust",
            *places,
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        for _ in range(200):
            try:
                urlopen(f"{address}/version", timeout=1).close()
                break
            except (URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)
        yield f"{address}/?folder={folder}"
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def drive(scenario: str, url: str, folder: Path, **values: Any) -> dict[str, Any]:
    """Let the browser go through a scenario; return its steps by name."""
    shots = FOLDER / "shots"
    shots.mkdir(exist_ok=True)
    out, options = folder.parent / "seen.json", folder.parent / "options.json"
    options.write_text(
        json.dumps(
            {
                "scenario": scenario,
                "url": url,
                "out": str(out),
                "shots": str(shots),
                "tools": str(FOLDER),
                "chromium": CHROMIUM,
                **values,
            }
        )
    )
    ended = subprocess.run(
        ["node", str(HERE / "drive.mjs"), str(options)], capture_output=True, text=True, check=False, timeout=400
    )
    assert out.is_file(), ended.stderr
    seen = json.loads(out.read_text(encoding="utf-8"))
    print(json.dumps(seen, indent=1))
    assert "failed" not in seen, seen
    return {step["name"]: step.get("value") for step in seen["steps"]}


def _bad(folder: Path) -> dict[str, int]:
    lines = [*(GOOD.format(number, number + 1) for number in range(12)), ODD, ROLE, BROKEN]
    (folder / "bad.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return {
        "roleLine": 14,
        "roleColumn": ROLE.index("asistant") + 3,
        "brokenLine": 15,
        "brokenColumn": len(BROKEN),
    }


def test_editing(package: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    places = _bad(folder)
    program = Path(sys.executable).parent / "tunelint"
    with workbench(package, folder, {"tunelint.path": str(program)}, dict(os.environ)) as url:
        seen = drive("editing", url, folder, **places)
    assert "records" in seen["code lens"]
    assert "error" in seen["status item"]
    assert "CHT001" in seen["hover"][0]
    gone = sorted(one["gone"] for one in seen["type an edit and see the finding go"])
    print("typed key to squiggle gone, median ms:", gone[len(gone) // 2])


def test_large_files(package: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    make_chat(folder / "middle.jsonl", 10)
    make_chat(folder / "large.jsonl", 45)
    make_chat(folder / "huge.jsonl", 60)
    for name in ("middle.jsonl", "large.jsonl", "huge.jsonl"):
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write(BROKEN + "\n")
    last = (folder / "middle.jsonl").read_bytes().count(b"\n")
    program = Path(sys.executable).parent / "tunelint"
    with workbench(package, folder, {"tunelint.path": str(program)}, dict(os.environ)) as url:
        seen = drive("large", url, folder, middleLine=last, brokenColumn=len(BROKEN))
    print("typed key to squiggle gone at 10 MB, ms:", [round(one["gone"]) for one in seen["type in a file of 10 MB"]])
    assert "from disk" in seen["a file above the limit"]


def test_configs_and_prompts(package: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    config = AXOLOTL.replace("lora_r:", "lora_rr:")
    (folder / "axolotl.yaml").write_text(config, encoding="utf-8")
    (folder / "labels.jsonl").write_text(ROWS, encoding="utf-8")
    line = config.splitlines().index("micro_batch_size: 2") + 1
    wrong = config.splitlines().index("lora_rr: 16") + 1
    program = Path(sys.executable).parent / "tunelint"
    with workbench(package, folder, {"tunelint.path": str(program)}, dict(os.environ)) as url:
        seen = drive("config", url, folder, keyLine=line, wrongLine=wrong)
    assert "GB" in seen["its lens"]
    assert "Axolotl" in seen["hover on a key"]
    assert "error" in seen["its status item"]


def test_findings_are_ignored_by_clicking(package: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    places = _bad(folder)
    ignored = [
        ("add to the baseline", places["brokenLine"], places["brokenColumn"] - 1, "JSN001", "Add this JSN001 to the baseline"),
        ("ignore in the file", places["roleLine"], places["roleColumn"], "CHT001", "Ignore CHT001 in bad.jsonl"),
        ("ignore everywhere", 13, ODD.index("\u2028") + 1, "FIL005", "Ignore FIL005 everywhere"),
    ]
    program = Path(sys.executable).parent / "tunelint"
    with workbench(package, folder, {"tunelint.path": str(program)}, dict(os.environ)) as url:
        seen = drive("ignoring", url, folder, ignored=ignored)
    offered = [entry for _, _, _, _, entry in ignored]
    assert all(any(entry in one for one in seen[name]) for (name, *_), entry in zip(ignored, offered, strict=True))
    settings = tomllib.loads((folder / "tunelint.toml").read_text(encoding="utf-8"))
    assert settings == {
        "baseline": "tunelint-baseline.json",
        "ignore": ["FIL005"],
        "per-file-ignores": {"bad.jsonl": ["CHT001"]},
    }
    assert (folder / "bad.jsonl").read_text(encoding="utf-8").endswith(BROKEN + "\n")


def test_looks(package: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    places = _bad(folder)
    (folder / "labels.jsonl").write_text(ROWS, encoding="utf-8")
    config = AXOLOTL.replace("train.jsonl", "labels.jsonl")
    (folder / "axolotl.yaml").write_text(config, encoding="utf-8")
    line = config.splitlines().index("micro_batch_size: 2") + 1
    program = Path(sys.executable).parent / "tunelint"
    settings = {"tunelint.path": str(program), "workbench.colorTheme": "Default Dark Modern"}
    with workbench(package, folder, settings, dict(os.environ)) as url:
        seen = drive("looks", url, folder, keyLine=line, **places)
    assert any("80 records · openai-chat" in text for text in seen["a config with its dataset"][1])
    assert "3 files" in seen["lint the workspace"]


def test_report(package: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "labels.jsonl").write_text(ROWS, encoding="utf-8")
    program = Path(sys.executable).parent / "tunelint"
    settings = {"tunelint.path": str(program), "editor.autoClosingBrackets": "never", "editor.autoClosingQuotes": "never"}
    with workbench(package, folder, settings, dict(os.environ)) as url:
        seen = drive("report", url, folder, more=GOOD.format(1000, 1001))
    assert "labels.jsonl" in seen["the report of a dataset"]


def _machine_without_a_server(folder: Path) -> dict[str, str]:
    """Return the environment of a machine that has Python but no TuneLint; programs go into a folder."""
    folder.mkdir()
    for name in ("node", "python3", "sh", "bash", "env"):
        found = shutil.which(name, path=os.defpath + os.pathsep + os.environ["PATH"])
        if found is not None:
            (folder / name).symlink_to(found)
    environment = {key: value for key, value in os.environ.items() if key not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    environment["PATH"] = f"{folder}{os.pathsep}/usr/bin{os.pathsep}/bin"
    return environment


def test_first_start_makes_an_environment(package: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    places = _bad(folder)
    with workbench(package, folder, {}, _machine_without_a_server(tmp_path / "bin")) as url:
        seen = drive("managed", url, folder, shot="", **places)
    assert "your index" in seen["no server is found"]
    assert seen["make the environment"]["clicks"] == 1


def test_first_start_without_a_network(tmp_path: Path) -> None:
    _package("package:offline")
    folder = tmp_path / "data"
    folder.mkdir()
    places = _bad(folder)
    environment = _machine_without_a_server(tmp_path / "bin")
    for name in [name for name in environment if name.startswith(("PIP_", "UV_"))]:
        del environment[name]
    nowhere = "http://127.0.0.1:9/simple"
    environment |= {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": nowhere, "UV_INDEX_URL": nowhere, "PIP_RETRIES": "0"}
    with workbench(CLIENT / "tunelint-offline.vsix", folder, {}, environment) as url:
        seen = drive("managed", url, folder, shot="-offline", **places)
    assert "packages that it carries" in seen["no server is found"]
    assert seen["make the environment"]["clicks"] == 1
    assert "error" in seen["make the environment"]["status"]
    made = list((folder.parent / "user").glob("data/User/globalStorage/tunelint.tunelint/server-*/bin/python"))
    assert len(made) == 1
