"""A config of any syntax as a tree."""

from typing import Final

from tunelint.text.tree import Syntax, Tree

__all__ = ["CONFIG_SUFFIXES", "parse_config", "syntax_of"]

CONFIG_SUFFIXES: Final[dict[str, Syntax]] = {".yaml": "yaml", ".yml": "yaml", ".json": "json", ".toml": "toml"}


def syntax_of(name: str) -> Syntax | None:
    """Return the syntax that a file's name promises, None for one that is no config's."""
    dot = name.rfind(".")
    return CONFIG_SUFFIXES.get(name[dot:].lower()) if dot >= 0 else None


def parse_config(text: str, syntax: Syntax) -> Tree:
    """Parse a config. Never raises: what is wrong stands in the tree's `faults`."""
    match syntax:
        case "yaml":
            from tunelint.text.yaml import parse_yaml  # the library takes 20 ms that a dataset need not pay

            return parse_yaml(text)
        case "json":
            from tunelint.text.jsontree import parse_json

            return parse_json(text)
        case "toml":
            from tunelint.text.toml import parse_toml

            return parse_toml(text)
