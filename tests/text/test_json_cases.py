"""The public parser cases behave as their names say: `y_` is accepted, `n_` is a finding, `i_` does not crash."""

import os
from pathlib import Path

import pytest

from tests.linting import lint
from tests.shared_data import shared_data

_FOLDER = Path(os.environ.get("TUNELINT_TEST_DATA") or Path(__file__).parents[3] / "shared" / "data") / "json-cases"
CASES = sorted(path for path in _FOLDER.rglob("*.json")) or [_FOLDER]
SYNTAX = ("JSN001", "JSN003", "JSN004", "JSN005", "FIL001", "FIL008", "FIL009", "FIL012")
CODES = frozenset(
    {"JSN001", "JSN002", "JSN003", "JSN004", "JSN005", "FIL001", "FIL002", "FIL003", "FIL007", "FIL008", "FIL009", "FIL012"}
)


@pytest.mark.parametrize("path", [pytest.param(path, id=path.name) for path in CASES])
@pytest.mark.parametrize("suffix", [".json", ".jsonl"])
def test_case(path: Path, suffix: str) -> None:
    data = shared_data("json-cases", *path.relative_to(_FOLDER).parts).read_bytes()
    report = lint(data, CODES, f"case{suffix}")
    assert report.skipped == []
    found = {one.code for one in report.diagnostics}
    if path.name.startswith("y_"):
        allowed = {"JSN003"} if "duplicated" in path.name else set()
        assert not found & set(SYNTAX) - allowed - {"FIL009"}, found
    if path.name.startswith("n_"):
        assert found, "a text that is no JSON has a finding"
