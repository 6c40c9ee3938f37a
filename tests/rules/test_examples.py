"""The examples in the rules' docstrings are their first tests."""

import re

import pytest

from tests.linting import fix, lint
from tunelint.dev.examples import Block, blocks
from tunelint.rules import FAMILIES, all_rules
from tunelint.rules.base import AdviceRule, Rule

ABOUT_SIZE = frozenset({"ADV001"}) | {code for code, rule in all_rules().items() if issubclass(rule, AdviceRule)}
"""Rules about whole datasets, which an example is not: they rightly fire on many."""

EXAMPLES = [
    (f"{code}-{index}", rule, block) for code, rule in all_rules().items() for index, block in enumerate(blocks(rule.page()))
]
GOOD = [pytest.param(rule, block, id=name) for name, rule, block in EXAMPLES if block.kind == "good"]
BAD = [pytest.param(rule, block, id=name) for name, rule, block in EXAMPLES if block.kind == "bad"]
FIXED = [pytest.param(rule, block, id=name) for name, rule, block in EXAMPLES if block.fixed is not None]


def _places(block: Block, code: str) -> list[tuple[int, str]]:
    report = lint(block.data, {code}, block.name, **block.options)
    assert not [one for one in report.skipped if one.code != "LNK"], report.skipped
    found = [(0 if one.line == 1 and not one.at and one.excerpt is None else one.line, one.at) for one in report.diagnostics]
    if report.kind == "config":  # a config's path says enough; its line is given where there is none, or more than one
        given = dict.fromkeys(block.places)
        return [place if place in given or (1, place[1]) not in given else (1, place[1]) for place in found]
    return found


@pytest.mark.parametrize(("rule", "block"), GOOD)
def test_good_example_is_silent_under_all_default_rules(rule: type[Rule], block: Block) -> None:
    codes = {code for code, other in all_rules().items() if other.recommended or other is rule}
    report = lint(block.data, codes - (ABOUT_SIZE - {rule.code}), block.name, **block.options)
    assert not [one for one in report.skipped if one.code != "LNK"]
    assert [(one.code, one.message) for one in report.diagnostics if one.code not in ABOUT_SIZE or one.code == rule.code] == []


@pytest.mark.parametrize(("rule", "block"), BAD)
def test_bad_example_fires_where_it_says(rule: type[Rule], block: Block) -> None:
    assert block.places, "a bad example names its places"
    assert sorted(_places(block, rule.code)) == sorted(block.places)


@pytest.mark.parametrize(("rule", "block"), BAD)
def test_bad_example_has_one_fault_and_one_finding(rule: type[Rule], block: Block) -> None:
    codes = {code for code, other in all_rules().items() if other.recommended or other is rule}
    found = {one.code for one in lint(block.data, codes, block.name, **block.options).diagnostics}
    assert found - (ABOUT_SIZE - {rule.code}) - block.also == {rule.code}


@pytest.mark.parametrize(("rule", "block"), FIXED)
def test_fix_gives_what_the_example_says(rule: type[Rule], block: Block) -> None:
    options = block.options
    unsafe = rule.fix != "safe"
    fixed = fix(block.data, {rule.code}, block.name, unsafe=unsafe, **options)
    assert fixed == block.fixed
    assert fix(fixed, {rule.code}, block.name, unsafe=unsafe, **options) == fixed
    assert lint(fixed, {rule.code}, block.name, **options).diagnostics == []


@pytest.mark.parametrize("rule", [pytest.param(rule, id=code) for code, rule in all_rules().items()])
def test_rule_is_complete(rule: type[Rule]) -> None:
    assert re.fullmatch(r"[A-Z]{3}[0-9]{3}", rule.code)
    assert rule.code[:3] in FAMILIES
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.name)
    assert rule.__module__.rsplit(".", 1)[1] == f"{rule.code.lower()}_{rule.name.replace('-', '_')}"
    page = rule.page()
    kinds = [block.kind for block in blocks(page)]
    assert "good" in kinds, "an example that must stay silent"
    assert "bad" in kinds, "an example that must fire"
    assert "## Why" in page
    assert "## What to do" in page
    if rule.fix:
        assert any(block.fixed is not None for block in blocks(page)), "an example of the fix"
        assert rule.fix == "safe" or "## Fix" in page, "what an unsafe fix drops"


def test_codes_and_names_are_unique() -> None:
    rules = list(all_rules().values())
    assert len({rule.code for rule in rules}) == len(rules)
    assert len({rule.name for rule in rules}) == len(rules)
