"""The list of what tools check: each check that a rule is said to say is said by it, and by nothing on a config without the fault."""

import pytest

from tests.linting import lint
from tunelint.dev.validators import checks_page, example_of, tools
from tunelint.rules import all_rules

CAUGHT = [(name, number) for name, tool in tools().items() for number, one in enumerate(tool.checks) if one.rule]


def _name(tool: str, text: str) -> str:
    return "adapter_config.json" if tool == "peft" else "run.json" if text.startswith("{") else "run.yaml"


@pytest.mark.parametrize(
    ("name", "number"), CAUGHT, ids=[f"{name}-{tools()[name].checks[number].what}" for name, number in CAUGHT]
)
def test_the_rule_says_it(name: str, number: int) -> None:
    tool = tools()[name]
    one = tool.checks[number]
    text = example_of(tool, one)
    report = lint(text, [one.rule], _name(name, text))
    assert report.kind == "config"
    assert report.format == name
    assert [found.code for found in report.diagnostics], "nothing is said"


@pytest.mark.parametrize("name", sorted(tools()))
def test_the_minimal_configs_have_none_of_the_faults(name: str) -> None:
    tool = tools()[name]
    codes = {one.rule for one in tool.checks if one.rule}
    assert [one.code for one in lint(tool.base, codes, _name(name, tool.base)).diagnostics] == []


def test_each_check_has_a_rule_or_a_reason() -> None:
    checks = [one for tool in tools().values() for one in tool.checks]
    assert all(bool(one.rule) != bool(one.why) and bool(one.rule) == bool(one.example) for one in checks)
    assert {one.rule for one in checks if one.rule} <= all_rules().keys()
    assert all(len({one.what for one in tool.checks}) == len(tool.checks) for tool in tools().values())


def test_the_page_has_a_line_for_each_check() -> None:
    page = "".join(checks_page())
    assert page.count("\n| ") == sum(len(tool.checks) + 2 for tool in tools().values())
    assert "| neither datasets nor pretraining_dataset | [CFG008](rules/CFG008.md) |" in page
