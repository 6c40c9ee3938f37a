"""Every signal has a title in words."""

import ast
from pathlib import Path

import tunelint.advice
from tunelint.advice.titles import SIGNALS

_MAKERS = {"number", "Signal"}


def _names() -> set[str]:
    found = set()
    for path in Path(next(iter(tunelint.advice.__path__))).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _MAKERS and node.args:
                name = node.args[0]
                if isinstance(name, ast.Constant) and isinstance(name.value, str):
                    found.add(name.value)
    return found


def test_every_name_that_is_written_has_a_title() -> None:
    names = _names()
    assert len(names) > 30
    assert names <= SIGNALS.keys()
