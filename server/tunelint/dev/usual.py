"""Counts what published configs set the important keys to."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from tunelint.engine.config import decode, open_config
from tunelint.trainers import Config
from tunelint.trainers.base import to_number
from tunelint.trainers.usual import OF_RANK, Usual, UsualTable, Value, kind_of

__all__ = ["count_usual", "write_usual"]

_FIELDS: Final = (
    "learning_rate", "rate_multiplier", "scheduler", "optimizer", "weight_decay", "max_grad_norm", "warmup_steps", "warmup_ratio",
    "epochs", "micro_batch", "accumulation", "global_batch", "sequence_length", "lora_rank", "lora_alpha", "lora_dropout", "beta",
    "generations",
)  # fmt: skip
_LEAST: Final = 4
"""A key that fewer configs of a kind say has no usual value there."""

_MOST: Final = 5
_LONGEST: Final = 60
_DAY: Final = re.compile(r"\b20\d\d-\d\d-\d\d\b")


def count_usual(folder: Path) -> UsualTable:
    """Return what the configs below a folder set keys to. `SOURCES.md` says of which day they are."""
    seen: dict[tuple[str, str], dict[str, Counter[Value]]] = {}
    read = 0
    for path in sorted(folder.glob("*/*")):
        config = open_config(decode(path.read_bytes()), path.name)
        if config is None:
            continue
        read += 1
        kind = kind_of(config.plan)
        for key, value in (*_said(config), *_multiple(config)):
            kinds = seen.setdefault((config.trainer.name, key), {})
            for name in {kind, ""}:
                kinds.setdefault(name, Counter())[value] += 1
    tools: dict[str, dict[str, tuple[Usual, ...]]] = {}
    for (tool, key), kinds in sorted(seen.items()):
        usual = tuple(_usual(kind, kinds[kind]) for kind in sorted(kinds, reverse=True) if kinds[kind].total() >= _LEAST)
        if shared := tuple(one for one in usual if one.values):
            tools.setdefault(tool, {})[key] = shared
    day = max(_DAY.findall((folder / "SOURCES.md").read_text(encoding="utf-8")))
    return UsualTable(date=day, configs=read, tools=tools)


def _said(config: Config) -> Iterator[tuple[str, Value]]:
    for field in _FIELDS:
        path = config.plan.at.get(field)
        key = config.key(path) if path else None
        value = _plain(config.get(path)) if path else None
        if key is not None and key.until is None and value is not None:
            yield key.name, value


def _multiple(config: Config) -> Iterator[tuple[str, Value]]:
    """Yield which multiple of the rank alpha is, where both are said."""
    path = config.plan.at.get("lora_alpha")
    key = config.key(path) if path else None
    rank, alpha = config.plan.lora_rank, config.plan.lora_alpha
    if key is not None and rank and alpha is not None:
        yield key.name + OF_RANK, _whole(round(alpha / rank, 3))


def _plain(value: Any) -> Value | None:
    """Return a value as it is counted: the same number is one value however it is written."""
    number = to_number(value)
    if number is not None:
        return _whole(number)
    return value if isinstance(value, str) and 0 < len(value) <= _LONGEST and "$" not in value and "{" not in value else None


def _whole(number: float) -> int | float:
    return int(number) if number == int(number) else float(number)


def _usual(kind: str, values: Counter[Value]) -> Usual:
    ordered = sorted(((value, seen) for value, seen in values.items() if seen > 1), key=lambda one: (-one[1], str(one[0])))
    return Usual(kind, values.total(), tuple(ordered[:_MOST]))


def write_usual(table: UsualTable) -> str:
    """Return the text of the table's file, with a line for each key."""
    tools = []
    for tool, keys in table.tools.items():
        lines = ",\n".join(f"   {json.dumps(key)}: {json.dumps(msgspec.to_builtins(usual))}" for key, usual in keys.items())
        tools.append(f"  {json.dumps(tool)}: {{\n{lines}\n  }}")
    body = ",\n".join(tools)
    return f'{{\n "date": "{table.date}",\n "configs": {table.configs},\n "tools": {{\n{body}\n }}\n}}\n'
