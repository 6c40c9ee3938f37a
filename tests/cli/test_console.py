"""Progress on a terminal: how far, how fast, how long still; nothing in the first second."""

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
