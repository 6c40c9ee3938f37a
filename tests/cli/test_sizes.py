"""Sizes on the command line."""

import argparse

import pytest

from tunelint.cli.check import _size


@pytest.mark.parametrize(("text", "size"), [("800MB", 800_000_000), ("2 gb", 2_000_000_000), ("0.5GB", 500_000_000)])
def test_sizes(text: str, size: int) -> None:
    assert _size(text) == size


@pytest.mark.parametrize("text", ["", "12", "0GB", "-1GB", "1e3MB", "1KB", "one GB", "9999999MB"])
def test_no_sizes(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="is no size"):
        _size(text)
