"""The VS Code extension: its own checks and tests, and what its package holds. Skipped where npm is not installed."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tunelint import __version__
from tunelint.dev.client_schemas import SCHEMAS

CLIENT = Path(__file__).parents[2] / "client"

pytestmark = [
    pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed"),
    pytest.mark.skipif(not CLIENT.is_dir(), reason="the extension is not part of this distribution"),
]


def _npm(*arguments: str) -> str:
    npm = shutil.which("npm")
    assert npm is not None
    environment = {**os.environ, "TUNELINT_PYTHON": sys.executable}
    ended = subprocess.run(
        [npm, *arguments], cwd=CLIENT, env=environment, capture_output=True, encoding="utf-8", errors="replace", check=False
    )
    assert ended.returncode == 0, f"{ended.stdout[-4000:]}\n{ended.stderr[-4000:]}"
    return ended.stdout


@pytest.fixture(scope="module")
def installed() -> None:
    """Install what the extension is built with."""
    _npm("ci", "--ignore-scripts", "--no-audit", "--no-fund")


@pytest.mark.usefixtures("installed")
def test_extension() -> None:
    """One test, because its steps share a folder: types and style, unit tests, and the package with nothing but what it needs."""
    _npm("run", "check")
    assert "# fail 0" in _npm("test")
    _npm("run", "package")
    with zipfile.ZipFile(CLIENT / "tunelint.vsix") as package:
        names = {name.removeprefix("extension/") for name in package.namelist() if name.startswith("extension/")}
        manifest = json.loads(package.read("extension/package.json"))
    assert names == {
        "package.json",
        "readme.md",
        "changelog.md",
        "LICENSE.txt",
        "language-configuration.json",
        "dist/extension.js",
        "images/icon.png",
        "images/editor.png",
        "syntaxes/jsonl.tmLanguage.json",
        "walkthrough/open.md",
        "walkthrough/server.md",
        "walkthrough/target.md",
        f"wheels/tunelint-{__version__}-py3-none-any.whl",
        *(f"schemas/{schema.rpartition('/')[2]}.schema.json" for schema, _ in SCHEMAS.values()),
    } | {name for name in names if name.startswith("images/") and name.endswith(".png")}
    assert manifest["version"] == __version__
    assert "*" not in manifest["activationEvents"]
    assert manifest["extensionKind"] == ["workspace"]
    assert "extensionDependencies" not in manifest
