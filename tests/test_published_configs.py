"""Published configs: whose they are is found out, what is none is silent, and what their tool accepts is no error."""

import re
from pathlib import Path

import pytest

from tests.benchmarks.configs import findings
from tests.shared_data import shared_data
from tunelint.core.finding import Severity
from tunelint.engine.config import decode, open_config

UNCERTAIN = ("__inference__", "__merge_lora__", "ds_config_tune", "ms-swift__swift__config__fsdp2", "ms-swift__tests__llm")
"""Parts of names of files that are not certain to be told apart: they have two or three keys."""

NOTHING_OF_OURS = {"other-trainers", "not-configs"}


def _wanted(path: Path) -> str | None:
    folder = path.parent.name
    if folder in NOTHING_OF_OURS:
        return None
    return path.name.partition("-")[0] if folder == "hosted-jobs" else folder


def test_the_tool_of_a_config_is_found_out() -> None:
    wrong = []
    for path in sorted(shared_data("configs").glob("*/*")):
        config = open_config(decode(path.read_bytes()), path.name)
        found = config.trainer.name if config is not None else None
        if found != _wanted(path) and not any(part in path.name for part in UNCERTAIN):
            wrong.append((path.name, found))
    assert wrong == []


def _table(text: str, title: str) -> list[list[str]]:
    section = text.split(title, 1)[1].split("\n## ", 1)[0]
    rows = re.findall(r"^\| (\w[^|]*/[^|]*) \| ([^|]*) \| ([^|]*) \|$", section, re.MULTILINE)
    return [[cell.strip(" `") for cell in row] for row in rows]


def _refused() -> dict[str, str]:
    """Return the files that their own tools refuse, with the rule that fits."""
    text = shared_data("configs", "EXPECTED.md").read_text()
    return {path: code for path, code, _ in _table(text, "## Files that their own tool refuses today")}


def _dead() -> dict[str, set[tuple[str, int]]]:
    """Return the keys that are dead with their lines, by file."""
    found: dict[str, set[tuple[str, int]]] = {}
    for path, key, line in _table(shared_data("configs", "EXPECTED.md").read_text(), "## Dead and removed keys"):
        found.setdefault(path, set()).add((key, int(line)))
    return found


EXTERNAL = re.compile(r"ktransformers|megatron|__v1__|examples__extras|ascend")
"""LLaMA-Factory's examples for front ends, or of versions, other than the one that is described: it refuses them."""


def test_no_error_on_what_its_tool_accepts() -> None:
    refused, dead = _refused(), _dead()
    wrong = []
    for name, _, found in findings(shared_data("configs")):
        if name in refused or EXTERNAL.search(name):
            continue
        keys = {key for key, _ in dead.get(name, set())}
        wrong += [
            (name, one.code, one.at, one.message)
            for one in found
            if one.severity is Severity.ERROR and one.code != "LNK001" and one.at.rpartition(".")[2] not in keys
        ]
    assert wrong == []


def test_what_is_no_config_of_ours_is_silent() -> None:
    said = [name for name, _, _ in findings(shared_data("configs")) if name.split("/")[0] in NOTHING_OF_OURS]
    assert said == []


def test_half_a_config_never_raises() -> None:
    """What an editor shows while somebody types: every published config, cut in the middle of a line."""
    for path in sorted(shared_data("configs").glob("*/*")):
        text = decode(path.read_bytes())
        config = open_config(text[: len(text) * 2 // 3], path.name)
        if config is not None:
            assert config.plan is not None
            assert isinstance(config.conflicts, tuple)


def test_the_data_is_there() -> None:
    if not (shared_data("configs") / "EXPECTED.md").is_file():
        pytest.skip("needs EXPECTED.md")
    assert _refused()
    assert _dead()


def test_dead_keys_are_found() -> None:
    dead = _dead()
    for name, _, found in findings(shared_data("configs")):
        said = {(one.at.rpartition(".")[2], one.line) for one in found if one.code in {"CFG002", "CFG003"}}
        assert dead.pop(name, set()) <= said, name
    assert dead == {}


TABLES = ("axolotl", "trl", "llama-factory", "deepspeed")
"""Tools whose keys or checks are known well enough to find what they refuse."""


def test_what_the_tools_refuse_is_found() -> None:
    refused = {name: code for name, code in _refused().items() if name.startswith(TABLES) and code != "–"}
    for name, _, found in findings(shared_data("configs")):
        code = refused.pop(name, "")
        assert not code or code in {one.code for one in found if one.severity is Severity.ERROR}, name
    assert refused == {}
