"""The rules: one file each, in a folder a family. They are found by looking; there is no list to keep."""

import functools
import importlib
import pkgutil
from collections.abc import Iterator

from tunelint.rules.base import Rule

__all__ = ["FAMILIES", "all_rules", "family_of", "find_rule", "matching"]

FAMILIES = {
    "FIL": "File and encoding",
    "JSN": "JSON of one record",
    "FMT": "Shape of a record",
    "CHT": "Conversation",
    "TOL": "Tools",
    "MED": "Media",
    "PRF": "Preference and reinforcement",
    "TOK": "Tokens",
    "DUP": "Duplicates, leakage, contradiction",
    "QUA": "Quality",
    "SEC": "Secrets",
    "ADV": "Should you fine-tune at all",
    "CST": "Cost",
    "CFG": "Keys of a training config",
    "TRN": "Hyperparameters",
    "LNK": "Config and data",
    "MEM": "Memory and time",
}
"""The families in the order in which rules run and are listed: what comes first makes the later ones mere consequences."""


def family_of(code: str) -> str:
    """Return the letters of a code."""
    return code[:3]


def _modules() -> Iterator[str]:
    for family in pkgutil.iter_modules(__path__):
        if family.ispkg:
            package = importlib.import_module(f"{__name__}.{family.name}")
            for module in pkgutil.iter_modules(package.__path__):
                if not module.name.startswith("_"):
                    yield f"{package.__name__}.{module.name}"


@functools.cache
def all_rules() -> dict[str, type[Rule]]:
    """Return every rule by its code, families in their order."""
    found: dict[str, type[Rule]] = {}
    for name in _modules():
        module = importlib.import_module(name)
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, Rule) and "code" in value.__dict__ and value.__module__ == name:
                found[value.code] = value
    order = list(FAMILIES)
    return dict(sorted(found.items(), key=lambda pair: (order.index(family_of(pair[0])), pair[0])))


def find_rule(code_or_name: str) -> type[Rule] | None:
    """Return the rule of that code or name; case does not matter."""
    rules = all_rules()
    by_code = rules.get(code_or_name.upper())
    return by_code or next((rule for rule in rules.values() if rule.name == code_or_name.lower()), None)


def matching(selector: str) -> list[str]:
    """Return the codes that a selector means: a code, a name, the beginning of codes, or ``ALL``."""
    if selector.upper() == "ALL":
        return list(all_rules())
    rule = find_rule(selector)
    if rule is not None:
        return [rule.code]
    prefix = selector.upper()
    return [code for code in all_rules() if prefix[:3].isalpha() and code.startswith(prefix)]
