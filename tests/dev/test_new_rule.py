"""The skeleton of a new rule is a rule that works."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tunelint.dev.generate import ROOT
from tunelint.dev.new_rule import new_rule


def test_skeleton_passes_the_tests_of_rules(tmp_path: Path) -> None:
    for part in ("server/tunelint", "tests"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    path = new_rule("CHT998", "made-up-fault", tmp_path / "server" / "tunelint" / "rules")
    assert path.name == "cht998_made_up_fault.py"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "CHT998", "tests/rules/test_examples.py"]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(tmp_path / "server"), "PATH": ""},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 passed" in done.stdout
    linted = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--config", str(ROOT / "pyproject.toml"), str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert linted.returncode == 0, linted.stdout


@pytest.mark.parametrize(
    ("code", "name", "complaint"),
    [
        ("CHT1", "fault", "is no code"),
        ("ZZZ001", "fault", "is no code"),
        ("CHT999", "Fault", "is no name"),
        ("CHT003", "fault", "is there already"),
        ("CHT999", "unknown-role", "is there already"),
    ],
)
def test_impossible_codes_and_names_are_refused(tmp_path: Path, code: str, name: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        new_rule(code, name, tmp_path)
