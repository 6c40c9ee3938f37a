"""Fixtures that several packages of tests share."""

from pathlib import Path

import hypothesis
import pytest

from tests.cli.running import Shell

hypothesis.settings.register_profile("untimed", deadline=None)  # a busy machine is no bug
hypothesis.settings.load_profile("untimed")


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Shell:
    return Shell(monkeypatch, capsys, tmp_path)
