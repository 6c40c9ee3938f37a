"""Configs as trees: what the libraries read, at the right places, and what is left of a half-typed text."""

import json
import tomllib
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from tunelint.text.config import parse_config, syntax_of
from tunelint.text.tree import ABSENT, Loader, Syntax, Tree

AXOLOTL = """\
# tunelint: ignore[TRN001]
base_model: NousResearch/Llama-3.2-1B
datasets:
  - path: data/train.jsonl  # the small one
    type: "alpaca # no comment"
sequence_len: 4096
note: |
  # no comment either
lora_target_modules: [q_proj, v_proj]
learning_rate: 2e-4
special_tokens: {pad_token: "<pad>"}
"""

NAMES = st.from_regex(r"[a-z][a-z_0-9]{0,8}", fullmatch=True)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=8
)
CONFIGS = st.dictionaries(NAMES, VALUES, min_size=1, max_size=6)
YAMLISH = st.text(st.sampled_from("ab:-?|>&*!%@`'\"#,[]{} \n\t\r\\<0.1é\ufeff\x00\u2028"), max_size=60)


def check_places(tree: Tree) -> None:
    size = len(tree.text)
    for path, entry in tree.walk():
        assert 0 <= entry.start <= entry.end <= size, path
        assert -1 <= entry.key_start <= entry.key_end <= size, path
    for fault in tree.faults:
        assert 0 <= fault.start <= fault.end <= size
    for comment in tree.comments:
        assert tree.text[comment.start] == "#"


def shallow(tree: Tree, loader: Loader = "pyyaml") -> Any:
    return tree.decode(tree.root, loader) if tree.root is not None else ABSENT


@given(CONFIGS, st.booleans())
def test_yaml_is_read_as_the_library_reads_it(value: dict[str, Any], flow: bool) -> None:
    text = yaml.safe_dump(value, allow_unicode=True, default_flow_style=flow, sort_keys=False)
    tree = parse_config(text, "yaml")
    assert tree.faults == []
    assert repr(shallow(tree)) == repr(yaml.safe_load(text))
    check_places(tree)
    for path, entry in tree.walk():
        if entry.scalar and entry.style == "plain" and "\n" not in text[entry.start : entry.end]:
            assert text[entry.start : entry.end] == entry.text
        if isinstance(path[-1], str) and entry.key_start >= 0:
            assert yaml.safe_load(text[entry.key_start : entry.key_end].strip("? ")) is not None


@given(CONFIGS, st.sampled_from([None, 2]))
def test_json_is_read_as_the_library_reads_it(value: dict[str, Any], indent: int | None) -> None:
    text = json.dumps(value, indent=indent)
    tree = parse_config(text, "json")
    assert tree.faults == []
    assert repr(shallow(tree, "json")) == repr(json.loads(text))
    check_places(tree)


@given(YAMLISH)
@example("&a [*a, *a]")
@example("{[a]: 1}")
@example("? {a: 1}\n: b\n")
@example("a: *b\n")
@example("a: '\n")
@example("\ufeff%YAML 1.1\n---\na: 1")
def test_no_text_is_too_odd(text: str) -> None:
    for syntax in ("yaml", "json", "toml"):
        tree = parse_config(text, syntax)
        check_places(tree)
        shallow(tree)
        shallow(tree, "omegaconf")


@given(st.integers(0, len(AXOLOTL)))
def test_a_text_cut_off_keeps_its_complete_lines(cut: int) -> None:
    text = AXOLOTL[:cut]
    tree = parse_config(text, "yaml")
    check_places(tree)
    whole = parse_config(AXOLOTL, "yaml")
    for key, entry in whole.keys().items():
        if entry.end < cut and entry.scalar and entry.style != "block":
            assert tree.value((key,), "pyyaml") == whole.value((key,), "pyyaml")


@pytest.mark.parametrize(
    "line",
    [
        "half",
        "half: [1, 2",
        'half: "open',
        "half: b: c",
        "half: @x",
        "half: *nobody",
        "\thalf: 1",
        "half: {a: 1",
        "half: 'it",
        "- half",
        "%half",
        "half: &",
        "half: }",
        "half: !<",
    ],
)
@pytest.mark.parametrize("at", range(1, 12))
def test_one_bad_line_costs_one_line(line: str, at: int) -> None:
    lines = AXOLOTL.splitlines()
    if lines[at - 1 : at] in (["note: |"], ["datasets:"]):
        return  # a line that goes on below
    tree = parse_config("\n".join([*lines[:at], line, *lines[at:]]) + "\n", "yaml")
    check_places(tree)
    others = {"base_model", "sequence_len", "note", "lora_target_modules", "learning_rate", "special_tokens", "datasets"}
    if not (line == "- half" and at in {3, 4, 5}):
        assert tree.faults
    assert others <= tree.keys().keys()
    assert tree.value(("learning_rate",), "omegaconf") == 2e-4 or at == 10
    assert tree.value(("special_tokens", "pad_token"), "pyyaml") == "<pad>"


@pytest.mark.parametrize(
    ("text", "pyyaml", "omegaconf"),
    [
        ("no", False, False),
        ("On", True, True),
        ("y", "y", "y"),
        ("1e-4", "1e-4", 1e-4),
        ("1.0e-4", 1e-4, 1e-4),
        ("1e3", "1e3", 1000.0),
        ("1_000", 1000, 1000),
        ("0x10", 16, 16),
        ("1:30", 90, 90),
        ("~", None, None),
        ("", None, None),
        ("'no'", "no", "no"),
        ("!!str no", "no", "no"),
        ("!!float 1e-4", 1e-4, 1e-4),
        ("2024-99-99", "2024-99-99", "2024-99-99"),
        ("${oc.env:X}", "${oc.env:X}", "${oc.env:X}"),
        ("9" * 5000, "9" * 5000, "9" * 5000),
    ],
)
def test_the_loader_decides_what_a_word_is(text: str, pyyaml: Any, omegaconf: Any) -> None:
    tree = parse_config(f"key: {text}\n", "yaml")
    assert tree.value(("key",), "pyyaml") == pyyaml
    assert tree.value(("key",), "omegaconf") == omegaconf


def test_repeated_keys_and_their_paths() -> None:
    tree = parse_config("a: 1\nb:\n  - c: 1\n    c: {d: 1, d: 2}\na: 2\n", "yaml")
    assert sorted(str(one.path) for one in tree.repeated) == sorted(map(str, [("a",), ("b", 0, "c"), ("b", 0, "c", "d")]))
    assert tree.value(("a",), "pyyaml") == 2


def test_merge_keys_and_aliases() -> None:
    tree = parse_config("base: &b {lr: 1, wd: 2}\nrun:\n  lr: 3\n  <<: *b\nagain: *b\n", "yaml")
    assert tree.value(("run",), "pyyaml") == {"lr": 3, "wd": 2}
    assert tree.value(("again", "wd"), "pyyaml") == 2
    assert tree.repeated == []


def test_a_text_that_stands_for_billions_ends() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    tree = parse_config("\n".join(lines), "yaml")
    assert "aliases stand for" in tree.faults[0].problem


def test_depth_is_bounded() -> None:
    for syntax in ("yaml", "json", "toml"):
        tree = parse_config("a = " + "[" * 5000 if syntax == "toml" else "[" * 5000, syntax)
        assert tree.faults


def test_comments_are_told_from_text() -> None:
    tree = parse_config(AXOLOTL, "yaml")
    assert [(one.text, one.alone) for one in tree.comments] == [(" tunelint: ignore[TRN001]", True), (" the small one", False)]


def test_a_block_ends_with_its_last_value() -> None:
    text = "a:\n  b: 1\n\n# about c\nc: 2\n"
    entry = parse_config(text, "yaml").find(("a",))
    assert entry is not None
    assert text[entry.start : entry.end] == "b: 1"


def test_only_the_first_document_is_read() -> None:
    tree = parse_config("a: 1\n---\nb: 2\n", "yaml")
    assert list(tree.keys()) == ["a"]
    assert tree.text[tree.second :] == "---\nb: 2\n"


def test_json_keeps_what_follows_a_fault() -> None:
    tree = parse_config('{\n  "a": 1,\n  "b": [1,\n  "c": {"d": 2},\n  "e": 3\n}\n', "json")
    assert tree.faults
    assert tree.value(("a",), "json") == 1
    assert tree.value(("e",), "json") == 3


TOML = """\
title = "x" # why
[training]
steps = 1_000
rate = 3e-4
"dotted name" = true
sub.key = [1, 2,
  3]
[[data.sets]]
path = 'a.jsonl'
opts = {shuffle = false, n = 2}
[[data.sets]]
path = '''b'''
"""


def test_toml_is_read_as_the_library_reads_it() -> None:
    tree = parse_config(TOML, "toml")
    assert tree.faults == []
    assert shallow(tree, "toml") == tomllib.loads(TOML)
    check_places(tree)
    entry = tree.find(("data", "sets", 0, "path"))
    assert entry is not None
    assert TOML[entry.start : entry.end] == "'a.jsonl'"
    assert [one.text for one in tree.comments] == [" why"]


def test_half_typed_toml_keeps_the_rest() -> None:
    tree = parse_config(TOML.replace("rate = 3e-4", "rate"), "toml")
    assert len(tree.faults) == 1
    assert tree.value(("training", "steps"), "toml") == 1000
    assert tree.value(("data", "sets", 0, "opts", "n"), "toml") == 2


@pytest.mark.parametrize(
    ("name", "syntax"), [("a.YML", "yaml"), ("b.json", "json"), ("c.toml", "toml"), ("d.jsonl", None), ("e", None)]
)
def test_names_promise_a_syntax(name: str, syntax: Syntax | None) -> None:
    assert syntax_of(name) == syntax
