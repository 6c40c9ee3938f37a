"""A Ray cluster finds what a pool and what one pass find, to the last character of the JSON report."""

import contextlib
import io
import json
import os
import random
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.shared_data import shared_data
from tunelint.cli import check as checking
from tunelint.cli import main
from tunelint.engine import ranges
from tunelint.engine.ranges import Range

ray = pytest.importorskip("ray", reason="the extra ray is not installed")

from tunelint.engine import ray as engine  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranges, "PARALLEL_FROM", 1)
    monkeypatch.setattr(checking, "PARALLEL_FROM", 1)
    monkeypatch.setattr(ranges, "_PART", 20_000)


@pytest.fixture(scope="module", autouse=True)
def cluster() -> Iterator[None]:
    yield
    ray.shutdown()


def _report(path: Path, *options: str) -> str:
    """Return the JSON report of `tunelint check`, run in this process."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main.run(["check", "--isolated", "--no-cache", "--output-format", "json", *options, str(path)])
    assert code in {0, 1}, err.getvalue()
    return out.getvalue()


def _faulty(seed: int) -> Iterator[bytes]:
    """Yield lines with faults of all kinds, copies, near copies, and contradictions, far from each other."""
    chance = random.Random(seed)
    words = [
        "the",
        "rain",
        "falls",
        "on",
        "hills",
        "and",
        "the",
        "wind",
        "moves",
        "the",
        "dunes",
        "far",
        "from",
        "any",
        "coast",
        "where",
        "people",
        "live",
    ]
    lines: list[bytes] = []
    for number in range(700):
        question = " ".join(chance.choices(words, k=40))
        answer = f"It is {number % 11}." if number % 5 else " ".join(chance.choices(words, k=60))
        record = {"messages": [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]}
        line = json.dumps(record).encode()
        match chance.randrange(14):
            case 0:
                line = line[: chance.randrange(len(line))]
            case 1:
                line = line.replace(b"assistant", b"asistant")
            case 2:
                line = line.replace(b"hills", b"\xff\xfe<|im_end|>")
            case 3:
                line = b""
            case 4 if lines:
                line = chance.choice(lines)
            case 5 if lines:
                line = chance.choice(lines).replace(b"coast", b"shore", 1)
            case 6 if lines:
                line = chance.choice(lines).replace(b"It is ", b"It is not ")
        lines.append(line)
    return iter(lines)


@pytest.mark.parametrize(("seed", "end"), [(1, b"\n"), (2, b"\r\n")])
def test_generated_faults(tmp_path: Path, seed: int, end: bytes) -> None:
    path = tmp_path / "train.jsonl"
    path.write_bytes(end.join(_faulty(seed)))
    single = _report(path, "--jobs", "1")
    assert len(json.loads(single)["findings"]) > 60
    assert _report(path, "--jobs", "2") == single
    assert _report(path, "--engine", "ray", "--jobs", "2") == single


def test_real_data(monkeypatch: pytest.MonkeyPatch) -> None:
    found = sorted(shared_data("datasets").rglob("*.jsonl"), key=lambda path: path.stat().st_size)[-3:]
    assert found
    for path in found:
        monkeypatch.setattr(ranges, "_PART", path.stat().st_size // 5)
        single = _report(path, "--jobs", "1")
        assert _report(path, "--jobs", "2") == single, path
        assert _report(path, "--engine", "ray", "--jobs", "2") == single, path


def test_a_worker_that_is_killed_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, lives = tmp_path / "train.jsonl", tmp_path / "lives"
    path.write_bytes(b"\n".join(_faulty(3)))
    lives.write_text("1")
    whole = engine._check

    def check(job: bytes, one: Range, buckets: int) -> list[object]:
        if one.index == 2 and (left := int(lives.read_text())):
            lives.write_text(str(left - 1))
            os.kill(os.getpid(), signal.SIGKILL)
        return whole(job, one, buckets)

    monkeypatch.setattr(engine, "_check", check)
    assert _report(path, "--engine", "ray", "--jobs", "2") == _report(path, "--jobs", "1")
    assert lives.read_text() == "0"


def test_an_address_needs_the_engine(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["check", "--ray-address", "ray://nowhere:1", str(tmp_path)]) == 2
    assert "--ray-address goes with --engine ray" in capsys.readouterr().err


def test_a_machine_that_is_too_busy_to_start_ray(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "train.jsonl"
    path.write_bytes(b"".join(_faulty(1)))
    tried: list[object] = []

    def init(**options: object) -> None:
        tried.append(options)
        raise Exception("The current node timed out during startup.")  # noqa: TRY002 (as Ray does)

    monkeypatch.setattr(ray, "is_initialized", lambda: False)
    monkeypatch.setattr(ray, "init", init)
    monkeypatch.setattr(ray, "shutdown", lambda: None)
    err = io.StringIO()
    with contextlib.redirect_stderr(err):
        assert main.run(["check", "--isolated", "--engine", "ray", str(path)]) == 2
    assert "Ray cannot be started on this machine (The current node timed out during startup.)" in err.getvalue()
    assert len(tried) == 2
