"""Configs of every kind with values of every kind: no rule crashes, places stay in the text, fixes keep the rest."""

import json
import random
from typing import Any, Final

import pytest
import yaml

from tests.shared_data import shared_data
from tunelint.core.diagnostic import FileReport
from tunelint.engine.config import ConfigLinter, decode, open_config
from tunelint.engine.linter import Request
from tunelint.engine.memory_files import MemoryFiles
from tunelint.engine.plan import Selection
from tunelint.engine.project import Linker
from tunelint.rules import all_rules
from tunelint.rules.base import ConfigRule, ProjectRule
from tunelint.text.config import syntax_of
from tunelint.trainers import all_trainers

CODES: Final = frozenset(code for code, rule in all_rules().items() if issubclass(rule, ConfigRule | ProjectRule))
ODD: Final[tuple[Any, ...]] = (
    None, True, False, 0, -1, 3, 1e308, 0.5, "", "no", "1e3", "auto", "x" * 300, "\u2028", [], [None], [[1]], {}, {"a": {}}, [{"path": 3}],
    [{"path": "train.jsonl", "type": {}}], "../a", "[", "${x}", 2**70, ["a", "b"], {"stage": "3"},
)  # fmt: skip
FILES: Final = MemoryFiles(
    {"train.jsonl": b'{"text": "a"}\n', "data/dataset_info.json": b'{"identity": 3, "a": {"file_name": 4}}'}
)


def check(text: str, name: str) -> FileReport | None:
    config = open_config(text, name)
    if config is None:
        return None
    linter = ConfigLinter(config, Request(selection=Selection(CODES)), Linker(FILES))
    report = linter.report()
    assert [one for one in report.skipped if one.code != "LNK"] == []
    lines = text.count("\n") + text.count("\r") + 1
    for one in report.diagnostics:
        assert 1 <= one.line <= one.end_line <= lines
        assert (one.line, one.column) <= (one.end_line, one.end_column)
        assert len(one.message) <= 120, one.message
        assert not one.message.endswith("."), one.message
    return report


def dump(value: Any, name: str) -> str:
    return (
        json.dumps(value, indent=1) if syntax_of(name) == "json" else yaml.safe_dump(value, allow_unicode=True, sort_keys=False)
    )


def keys_of(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    steps = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else []
    return [path for step in steps for path in ((*at, step), *keys_of(value[step], (*at, step)))]


def replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = replaced(value[path[0]], path[1:], new)
    return copy


@pytest.mark.parametrize("seed", range(2))
def test_no_value_is_too_odd(seed: int) -> None:
    rng = random.Random(seed)
    checked = 0
    folders = ("not-configs", "other-trainers")
    paths = [path for path in sorted(shared_data("configs").glob("*/*")) if path.parent.name not in folders]
    for path in rng.sample(paths, 80):
        value = yaml.safe_load(decode(path.read_bytes()))
        places = keys_of(value)
        for place in rng.sample(places, min(6, len(places))):
            checked += check(dump(replaced(value, place, rng.choice(ODD)), path.name), path.name) is not None
    assert checked > 100


@pytest.mark.parametrize("name", all_trainers())
def test_every_key_of_a_plan_takes_odd_values(name: str) -> None:
    """The keys that a trainer's own module asks for, each with each odd value, one at a time."""
    samples = {"openai": "hosted-jobs/openai-dpo-job.json", "azure": "hosted-jobs/azure-job.json"}
    folder = "hosted-jobs" if name in {"openai", "azure", "together", "fireworks", "vertex", "bedrock"} else name
    found = sorted(shared_data("configs").glob(samples.get(name, f"{folder}/{name if folder == 'hosted-jobs' else ''}*")))
    if not found:
        return
    path = found[len(found) // 2]
    value = yaml.safe_load(decode(path.read_bytes()))
    for place in keys_of(value):
        for odd in ODD[::3]:
            check(dump(replaced(value, place, odd), path.name), path.name)


def test_every_cut_of_a_config_is_checked() -> None:
    path = shared_data("configs", "axolotl", "axolotl__examples__archived__falcon__config-7b-qlora.yml")
    text = decode(path.read_bytes())
    for cut in range(0, len(text), 17):
        check(text[:cut], path.name)


def test_fixes_are_final_and_keep_the_rest() -> None:
    for path in sorted(shared_data("configs").glob("*/*")):
        text = decode(path.read_bytes())
        config = open_config(text, path.name)
        if config is None:
            continue
        linter = ConfigLinter(config, Request(selection=Selection(CODES)))
        mended, total = linter.mend(frozenset({"safe"}))
        assert (mended != text) == bool(total)
        again = open_config(mended, path.name)
        assert again is not None
        assert ConfigLinter(again, linter.request).mend(frozenset({"safe"})) == (mended, 0)
        assert [line for line in mended.splitlines() if line.lstrip().startswith("#")] == [
            line for line in text.splitlines() if line.lstrip().startswith("#")
        ]
        before, after = yaml.compose(text.replace("\t", " ")), yaml.compose(mended.replace("\t", " "))
        assert isinstance(before, yaml.MappingNode)
        assert isinstance(after, yaml.MappingNode)
        assert len(before.value) == len(after.value)
