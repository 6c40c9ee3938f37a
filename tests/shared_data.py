"""Real datasets and configs for tests. They are not part of the project: tests that use them are skipped where they are absent."""

import os
from pathlib import Path

import pytest

ROOT = Path(os.environ.get("TUNELINT_TEST_DATA") or Path(__file__).parents[2] / "shared" / "data")


def shared_data(*parts: str) -> Path:
    """Return a path in the data folder, or skip the test."""
    path = ROOT.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"needs the test data {'/'.join(parts)}: set TUNELINT_TEST_DATA to the folder that holds it")
    return path
