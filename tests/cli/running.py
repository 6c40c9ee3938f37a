"""Runs the command line inside the test's own process."""

import io
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tunelint.cli.main import run

ROOT = Path(__file__).parents[2]
GOOD = b'{"messages": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "No."}]}\n'
BROKEN = GOOD.replace(b'"No."}]}', b'"No."}],}')


class Result(NamedTuple):
    """What a run came to."""

    code: int
    out: str
    err: str


class Shell:
    """A folder to run commands in."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: Path) -> None:
        self.folder = folder
        self._monkeypatch = monkeypatch
        self._capsys = capsys
        monkeypatch.chdir(folder)
        monkeypatch.setenv("XDG_CACHE_HOME", str(folder / ".cache"))
        for name in ("GITHUB_ACTIONS", "NO_COLOR", "FORCE_COLOR"):
            monkeypatch.delenv(name, raising=False)

    def write(self, name: str, data: bytes | str) -> Path:
        """Write a file and return its path."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    def run(self, *arguments: str, stdin: bytes = b"") -> Result:
        """Run a command."""
        self._monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = run(arguments)
        captured = self._capsys.readouterr()
        assert "Traceback" not in captured.err + captured.out
        return Result(code, captured.out, captured.err)
