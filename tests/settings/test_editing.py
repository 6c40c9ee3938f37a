"""Rules are switched off in settings files without touching what else stands there."""

import tomllib

import pytest

from tunelint.settings.editing import assigning, ignoring

WAYS = [
    ("", False, ""),
    ("", False, "data/train.jsonl"),
    ("# ours\n", False, ""),
    ('ignore = []\npreset = "strict"\n', False, ""),
    ('ignore = ["DUP001"]  # why\n', False, ""),
    ('ignore = [\n  "DUP001",  # why\n]\n', False, ""),
    ('preset = "strict"\n\n[severity]\nTOK = "hint"\n', False, ""),
    ('preset = "strict"', False, ""),
    ('[severity]\nTOK = "hint"\n', False, ""),
    ('[per-file-ignores]\n"a.jsonl" = ["TOK"]\n', False, "b.jsonl"),
    ('[per-file-ignores]\n"a.jsonl" = ["TOK"]\n\n[severity]\nTOK = "hint"\n', False, "a.jsonl"),
    ('[project]\nname = "x"\n', True, ""),
    ('[project]\nname = "x"\n\n[tool.tunelint]\ntarget = "openai"\n\n[tool.ruff]\nline-length = 100\n', True, ""),
    ('[tool.tunelint]\ntarget = "openai"', True, "a.jsonl"),
    ('[tool.tunelint]\nignore = ["DUP001"]\n[tool.tunelint.per-file-ignores]\n"a.jsonl" = []\n', True, "a.jsonl"),
]


@pytest.mark.parametrize(("text", "pyproject", "pattern"), WAYS)
def test_one_code_more_is_off_and_all_else_stays(text: str, pyproject: bool, pattern: str) -> None:
    insertion = ignoring(text, "CHT001", pyproject=pyproject, pattern=pattern)
    assert insertion is not None
    changed = text[: insertion.offset] + insertion.text + text[insertion.offset :]
    before, after = tomllib.loads(text), tomllib.loads(changed)
    table = after["tool"]["tunelint"] if pyproject else after
    codes = table["per-file-ignores"][pattern] if pattern else table["ignore"]
    assert "CHT001" in codes
    codes.remove("CHT001")
    assert _without_empty(before) == _without_empty(after)
    again = ignoring(changed, "CHT001", pyproject=pyproject, pattern=pattern)
    assert again is None


@pytest.mark.parametrize("text", ["ignore = [", "per-file-ignores = {}\n", "[[files]]\nignore = 1"])
def test_what_cannot_be_followed_is_left_alone(text: str) -> None:
    insertion = ignoring(text, "CHT001", pyproject=False, pattern="a.jsonl")
    if insertion is not None:
        changed = text[: insertion.offset] + insertion.text + text[insertion.offset :]
        assert tomllib.loads(changed)["per-file-ignores"]["a.jsonl"] == ["CHT001"]


def _without_empty(value: object) -> object:
    if isinstance(value, dict):
        return {key: kept for key, one in value.items() if (kept := _without_empty(one)) not in ({}, [])}
    return value


@pytest.mark.parametrize(("text", "pyproject"), sorted({(text, pyproject) for text, pyproject, _ in WAYS}))
def test_a_setting_more_has_its_value_and_all_else_stays(text: str, pyproject: bool) -> None:
    insertion = assigning(text, "baseline", 'kn"own.json', pyproject=pyproject)
    assert insertion is not None
    changed = text[: insertion.offset] + insertion.text + text[insertion.offset :]
    after = tomllib.loads(changed)
    table = after["tool"]["tunelint"] if pyproject else after
    assert table.pop("baseline") == 'kn"own.json'
    assert _without_empty(tomllib.loads(text)) == _without_empty(after)
    assert assigning(changed, "baseline", "other.json", pyproject=pyproject) is None
