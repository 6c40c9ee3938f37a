"""What people reported in public is said before the run, once and at its place; a sound twin of each file is silent."""

from typing import Any

import pytest

from tests.linting import lint
from tests.reported.configs import CONFIG_CASES, ConfigCase, files
from tests.reported.datasets import CASES, NO_FAULTS
from tests.reported.records import Case, Records, lines
from tunelint.core.diagnostic import Diagnostic

_FAULTS = {"CFG", "CHT", "FMT", "LNK"}
"""Families of rules that say what is wrong of a config and its dataset, and not what would be better."""


def _found(data: Records | str | bytes, options: dict[str, Any]) -> list[Diagnostic]:
    """Return what is said of a file, without what is said of the number of its records and of what tuning is good for."""
    report = lint(lines(data) if isinstance(data, list) else data, **options)
    return [one for one in report.diagnostics if not one.code.startswith("ADV")]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.report)
def test_a_reported_failure_is_said_at_its_place(case: Case) -> None:
    found = _found(case.bad, case.options)
    assert {one.code for one in found} == {case.code}
    assert min(one.line for one in found if one.count == 1 or one.at) == case.line


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.report)
def test_a_sound_twin_is_silent(case: Case) -> None:
    options = {**case.options, **({"name": "train.jsonl"} if isinstance(case.good, list) else {})}
    assert [(one.code, one.line, one.message) for one in _found(case.good, options)] == []


@pytest.mark.parametrize(("words", "records", "options"), NO_FAULTS, ids=lambda value: value if isinstance(value, str) else "")
def test_what_is_no_fault_is_silent(words: str, records: Records, options: dict[str, Any]) -> None:
    assert [(one.code, one.line, one.message) for one in _found(records, options)] == [], words


@pytest.mark.parametrize("case", CONFIG_CASES, ids=lambda case: case.report)
def test_what_a_config_makes_of_its_dataset_is_said(case: ConfigCase) -> None:
    found = lint(case.bad, name=case.name, beside=files(case)).diagnostics
    assert [(one.code, one.at) for one in found if one.code[:3] in _FAULTS] == [(case.code, case.at)]


@pytest.mark.parametrize("case", CONFIG_CASES, ids=lambda case: case.report)
def test_a_sound_config_of_a_dataset_is_silent(case: ConfigCase) -> None:
    found = lint(case.good, name=case.name, beside=files(case)).diagnostics
    assert [(one.code, one.at) for one in found if one.code[:3] in _FAULTS] == []
