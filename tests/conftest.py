"""Fixtures that several packages of tests share."""

import os
import tempfile
from pathlib import Path

import hypothesis
import pytest

from tests.cli.running import Shell

hypothesis.settings.register_profile("untimed", deadline=None)  # a busy machine is no bug
hypothesis.settings.load_profile("untimed")

# no test finds what a run of the user kept, and no run of the user what a test kept
os.environ["TUNELINT_CACHE_DIR"] = str(Path(tempfile.gettempdir()) / f"tunelint-tests-{os.getpid()}")


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Shell:
    return Shell(monkeypatch, capsys, tmp_path)
