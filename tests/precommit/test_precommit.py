"""The hooks run for real: a temporary repository, the pre-commit program, this working tree as the hooks' source."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GOOD = b'{"messages": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "No."}]}\n'
BROKEN = GOOD.replace(b'"No."}]}', b'"No."}],}')
PARTS = ("pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml")


def _run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    env = {key: value for key, value in os.environ.items() if not key.startswith("GIT_") and key != "PYTHONPATH"}
    env |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "PRE_COMMIT_HOME": str(folder.parent / "home")}
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=env)


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return _run(["git", "-c", "user.name=A", "-c", "user.email=a@example.com", *arguments], folder)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose commits are checked by both hooks."""
    if shutil.which("git") is None:
        pytest.skip("needs git")
    base = tmp_path_factory.mktemp("precommit")
    source, folder = base / "source", base / "repository"
    source.mkdir()
    folder.mkdir()
    for part in PARTS:
        shutil.copy(ROOT / part, source)
    shutil.copytree(ROOT / "server", source / "server", ignore=shutil.ignore_patterns("__pycache__"))
    for one in (source, folder):
        _git(one, "init", "-q", "-b", "main")
    _git(source, "add", "-A")
    assert _git(source, "commit", "-q", "-m", "tree").returncode == 0
    revision = _git(source, "rev-parse", "HEAD").stdout.strip()
    config = f"repos:\n- repo: {source.as_posix()}\n  rev: {revision}\n  hooks:\n  - id: tunelint\n  - id: tunelint-fix\n    stages: [manual]\n"
    (folder / ".pre-commit-config.yaml").write_text(config, encoding="utf-8")
    installed = _run([sys.executable, "-m", "pre_commit", "install", "--install-hooks"], folder)
    if installed.returncode != 0:
        if "Could not find a version" in installed.stdout + installed.stderr or "Connection" in installed.stdout:
            pytest.skip("pre-commit could not install the hook: no package index to be reached")
        pytest.fail(installed.stdout + installed.stderr)
    return folder


def test_bad_dataset_blocks_the_commit_and_the_fix_mends_it(repository: Path) -> None:
    data = repository / "train.jsonl"
    data.write_bytes(GOOD * 1 + BROKEN)
    _git(repository, "add", "-A")
    blocked = _git(repository, "commit", "-m", "bad")
    assert blocked.returncode != 0
    assert "JSN001" in blocked.stdout + blocked.stderr
    fixed = _run([sys.executable, "-m", "pre_commit", "run", "tunelint-fix", "--hook-stage", "manual", "--all-files"], repository)
    assert "files were modified by this hook" in fixed.stdout
    assert data.read_bytes() == GOOD * 2


def test_good_dataset_and_other_files_pass(repository: Path) -> None:
    (repository / "train.jsonl").write_bytes(GOOD)
    (repository / "package.json").write_text('{"name": "x",}', encoding="utf-8")
    _git(repository, "add", "-A")
    passed = _git(repository, "commit", "-m", "good")
    assert passed.returncode == 0, passed.stdout + passed.stderr
