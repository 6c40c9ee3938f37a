"""The wheel holds what a user needs, and works where nothing else of the project is."""

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(folder.glob("*.whl"))


def test_wheel_holds_data_and_no_tests(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    for name in (
        "tunelint/py.typed",
        "tunelint/tokens/ranks/o200k_base.bin",
        "tunelint/tokens/ranks/cl100k_base.bin",
        "tunelint/tokens/ranks/probes.json",
        "tunelint/trainers/tables/axolotl.json",
        "tunelint/costs/tables/models.json",
        "tunelint/costs/tables/hosted.json",
        "tunelint/costs/tables/gpus.json",
        "tunelint/costs/tables/retirement.json",
    ):
        assert name in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not [name for name in names if name.startswith(("tests/", "server/", "examples/"))]
    assert wheel.stat().st_size < 3_000_000


def test_installed_wheel_checks_a_dataset(wheel: Path, tmp_path: Path) -> None:
    """The dependencies are those of the tests' own environment, so nothing is downloaded."""
    venv.create(tmp_path / "env", with_pip=False, symlinks=os.name != "nt")
    bin_folder = tmp_path / "env" / ("Scripts" if os.name == "nt" else "bin")
    site = tmp_path / "site"
    install = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(site), str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    dependencies = next(path for path in sys.path if path.endswith("site-packages"))
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(site), dependencies])}
    command = [str(bin_folder / "python"), "-m", "tunelint", "check", "--isolated", "--output-format", "json"]
    done = subprocess.run(
        [*command, str(ROOT / "examples" / "train.jsonl")], capture_output=True, text=True, check=False, env=env, cwd=tmp_path
    )
    assert done.returncode == 1, done.stderr
    report = json.loads(done.stdout)
    assert report["files"][0]["format"] == "openai-chat"
    assert report["files"][0]["tokens"]["total"] > 100
    assert {"JSN001", "CHT001"} <= {one["code"] for one in report["findings"]}
