"""Progress on a terminal: how far, how fast, how long still; nothing in the first second."""

import errno
import io
import sys
import time

import pytest

from tunelint.cli.console import Console


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_says_rate_and_remaining_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    err = _Terminal()
    monkeypatch.setattr(sys, "stderr", err)
    console = Console()
    console.progress("train.jsonl", 5_000_000, 100_000_000)
    assert err.getvalue() == ""
    now[0] += 2.0
    console.progress("train.jsonl", 40_000_000, 100_000_000)
    assert err.getvalue().endswith("\r 40%  20.0 MB/s  0:03 left  train.jsonl")
    now[0] += 2.0
    console.progress("valid.jsonl", 1_000_000, None)
    assert err.getvalue().endswith("\r1 MB  valid.jsonl")
    console.clear()
    assert err.getvalue().endswith("\r")


class _Closed(io.StringIO):
    def write(self, text: str) -> int:
        raise OSError(errno.EINVAL, "Invalid argument")


def test_a_pipe_that_nobody_reads_is_the_same_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(sys, "stdout", _Closed())
    with pytest.raises(BrokenPipeError):
        Console().write(["a line"])


def test_lines_end_the_same_way_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="cp1252", newline="\r\n"))
    Console().write(["a\n", "\u2192\n"])
    assert written.getvalue() == "a\n\u2192\n".encode()
