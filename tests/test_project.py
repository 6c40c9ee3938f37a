"""The project's own files say what is so."""

import re
import subprocess
from pathlib import Path

import pytest

from tunelint.rules import all_rules

ROOT = Path(__file__).parents[1]
FORBIDDEN = re.compile(r"pypi\.org|registry\.npmjs|pythonhosted|deb\.debian|(?<!\w)/(?:work|root)/", re.IGNORECASE)
"""Names of registries, and paths of one machine."""

SUFFIXES = {".py", ".md", ".toml", ".yaml", ".yml", ".json", ""}


def _files() -> list[Path]:
    try:
        listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("needs git and a clone")
    return [ROOT / name for name in listed if Path(name).suffix in SUFFIXES and (ROOT / name).is_file()]


def test_no_file_names_a_registry_or_a_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in _files()
        if path != Path(__file__)
        for match in FORBIDDEN.finditer(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == []


def test_ci_runs_the_command_of_the_readme() -> None:
    command = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()[-1]
    assert command.startswith("python3 -m venv")
    assert f"    {command}\n" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_changelog_names_every_rule() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\b[A-Z]{3}\d{3}\b", text))
    for first, last in re.findall(r"\b([A-Z]{3}\d{3})–([A-Z]{3}\d{3})\b", text):
        named |= {f"{first[:3]}{number:03}" for number in range(int(first[3:]), int(last[3:]) + 1)}
    assert set(all_rules()) <= named


def test_architecture_names_every_package() -> None:
    text = (ROOT / "server" / "ARCHITECTURE.md").read_text(encoding="utf-8")
    packages = {path.parent.name for path in (ROOT / "server" / "tunelint").glob("*/__init__.py")}
    assert packages
    assert [name for name in sorted(packages) if f"`{name}/`" not in text] == []
    mentioned = set(re.findall(r"`(?:tunelint/)?([a-z_]+/[a-z_/]+\.py)`", text))
    assert [name for name in sorted(mentioned) if not (ROOT / "server" / "tunelint" / name).is_file()] == []
