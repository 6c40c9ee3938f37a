"""Several processes find what one pass finds."""

import json
import os
import signal
from pathlib import Path

import msgspec
import pytest

from tests.linting import request
from tunelint.core.diagnostic import FileReport
from tunelint.engine import pool, ranges
from tunelint.engine.linter import Linter
from tunelint.engine.ranges import Range, RangeResult, check_range
from tunelint.engine.sources.base import SourceError
from tunelint.engine.sources.opening import open_source
from tunelint.rules import all_rules, context


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranges, "PARALLEL_FROM", 1)
    monkeypatch.setattr(ranges, "_PART", 9_000)
    monkeypatch.setattr(context, "_TOGETHER", 5)


def _write(path: Path, *, end: str = "\n", bom: bool = False) -> None:
    lines = []
    for number in range(400):
        question = f"What is {number % 350} and {number % 350 + 1} together, in words, please, and why is it so?"
        if number % 20 < 2:  # two that are nearly the same
            question += "".join(f" {(number // 20 + 3) ** power % 9973}" for power in range(100))
        messages = [{"role": "user", "content": question}, {"role": "assistant", "content": f"It is {number % 7}."}]
        line = json.dumps({"messages": messages})
        if number % 90 == 0:
            line = line[:-1] if number % 180 else ""
        lines.append(line)
    path.write_bytes((b"\xef\xbb\xbf" if bom else b"") + end.join(lines).encode() + (b"" if bom else end.encode()))


def _lint(path: Path, jobs: int) -> FileReport:
    linter = Linter(open_source(path, "train.jsonl"), request(set(all_rules())))
    with pool.reading_in_processes(path, linter, jobs) as done:
        assert done == (jobs > 1), "the file was to be read in parts"
        return linter.finish() if done else linter.run()


@pytest.mark.parametrize("method", ["fork", "spawn"])
@pytest.mark.parametrize(("end", "bom"), [("\n", False), ("\r\n", True)])
def test_processes_find_what_one_pass_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str, bom: bool, method: str
) -> None:
    monkeypatch.setattr(pool, "_can_fork", lambda: method == "fork")
    path = tmp_path / "train.jsonl"
    _write(path, end=end, bom=bom)
    one, several = _lint(path, 1), _lint(path, 2)
    assert len(one.diagnostics) > 20
    assert "DUP002" in {found.code for found in one.diagnostics}
    assert msgspec.to_builtins(several) == msgspec.to_builtins(one)


def test_small_and_compressed_files_are_read_by_one_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranges, "PARALLEL_FROM", 1 << 20)
    path = tmp_path / "train.jsonl"
    _write(path)
    linter = Linter(open_source(path, "train.jsonl"), request())
    assert not pool.read_in_processes(path, linter, 4)
    assert linter.run().records == 397


class _Killing:
    """Ends the process that reads the third range, as long as a file says how often."""

    def __init__(self, lives: Path) -> None:
        self._lives = lives

    def __call__(self, linter: Linter, one: Range) -> RangeResult:
        if one.index == 2 and (left := int(self._lives.read_text())):
            self._lives.write_text(str(left - 1))
            os.kill(os.getpid(), signal.SIGKILL)
        return check_range(linter, one)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a forked process takes the patched function along")
def test_a_process_that_dies_is_replaced_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, lives = tmp_path / "train.jsonl", tmp_path / "lives"
    _write(path)
    expected = _lint(path, 1)
    monkeypatch.setattr(pool, "_can_fork", lambda: True)
    monkeypatch.setattr(pool, "check_range", _Killing(lives))
    lives.write_text("1")
    assert msgspec.to_builtins(_lint(path, 2)) == msgspec.to_builtins(expected)
    lives.write_text("2")
    with pytest.raises(SourceError, match=r"train\.jsonl: a process that read it was ended twice, .* bytes [\d,]+ to [\d,]+"):
        _lint(path, 2)


def _die(linter: Linter, parent: int) -> str:
    if os.getpid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)
    return linter.source.facts.name


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process is killed")
def test_what_a_dead_process_cannot_help_with_is_done_here(tmp_path: Path) -> None:
    path = tmp_path / "train.jsonl"
    _write(path)
    linter = Linter(open_source(path, "train.jsonl"), request(set(all_rules())))
    with pool.reading_in_processes(path, linter, 2) as done:
        assert done
        assert linter.helpers is not None
        assert list(linter.helpers.map(_die, [os.getpid()] * 20)) == ["train.jsonl"] * 20
        assert msgspec.to_builtins(linter.finish()) == msgspec.to_builtins(_lint(path, 1))
    assert linter.helpers is None
